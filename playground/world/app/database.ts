import { PrismaClient } from '../generated/client';

export const prisma = new PrismaClient();
export const sql = prisma.$queryRaw.bind(prisma);
