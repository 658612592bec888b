import { prisma } from '../../database';

export const conversionOf = (shop: string) => prisma.dashboardFact.findMany({ where: { shop, kind: 'conversion' } });
