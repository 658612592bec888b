-- CreateIndex
CREATE INDEX "Delivery_launchId_id_idx" ON "Delivery"("launchId", "id");
