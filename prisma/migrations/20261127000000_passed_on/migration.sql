-- AlterTable
ALTER TABLE "Delivery" ADD COLUMN     "passedOn" BOOLEAN NOT NULL DEFAULT false;
