-- CreateTable
CREATE TABLE "Measurement" (
    "id" BIGSERIAL NOT NULL,
    "launchId" TEXT NOT NULL,
    "itemId" TEXT NOT NULL,
    "criterionId" TEXT NOT NULL,
    "check" TEXT NOT NULL,
    "begunAt" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ms" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "seen" TEXT NOT NULL,
    "changed" BOOLEAN NOT NULL,

    CONSTRAINT "Measurement_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Measurement_launchId_itemId_criterionId_id_idx" ON "Measurement"("launchId", "itemId", "criterionId", "id");

-- CreateIndex
CREATE INDEX "Measurement_changed_at_idx" ON "Measurement"("changed", "at");

-- A log: the application appends, reads, and removes what is old and was no news. It changes nothing.
GRANT SELECT, INSERT, DELETE ON "Measurement" TO launch_app;
GRANT USAGE ON SEQUENCE "Measurement_id_seq" TO launch_app;
