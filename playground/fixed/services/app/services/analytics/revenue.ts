import { prisma } from '../../database';

export const revenueOf = (shop: string) => prisma.dashboardFact.findMany({ where: { shop, kind: 'revenue' } });
