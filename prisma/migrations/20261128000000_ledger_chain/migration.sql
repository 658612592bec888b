-- AlterTable
ALTER TABLE "Launch" ADD COLUMN     "headHash" TEXT,
ADD COLUMN     "headNumber" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Fact" ADD COLUMN     "hash" TEXT,
ADD COLUMN     "number" INTEGER,
ADD COLUMN     "previous" TEXT,
ALTER COLUMN "seq" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "Launch_createdAt_idx" ON "Launch"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Fact_launchId_number_key" ON "Fact"("launchId", "number");

-- CreateIndex
CREATE INDEX "Fact_launchId_itemId_position_idx" ON "Fact"("launchId", "itemId", "position");

-- CreateIndex
CREATE INDEX "Fact_launchId_type_position_idx" ON "Fact"("launchId", "type", "position");

-- Rows of lists and pages can be made anew from the ledger: one that it does not know has to go.
GRANT DELETE ON "Item" TO launch_app;
