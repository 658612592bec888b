-- CreateTable
CREATE TABLE "Delivery" (
    "id" BIGSERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "launchId" TEXT NOT NULL,
    "noticeKey" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "channelType" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "people" TEXT[],
    "notice" JSONB NOT NULL,
    "route" JSONB NOT NULL,
    "urgent" BOOLEAN NOT NULL,
    "most" INTEGER,
    "perMs" INTEGER,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "held" BOOLEAN NOT NULL DEFAULT false,
    "bundleKey" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextTryAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "pausedUntil" TIMESTAMPTZ(3),
    "lastError" TEXT,
    "sentAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Delivery_key_key" ON "Delivery"("key");

-- CreateIndex
CREATE INDEX "Delivery_state_nextTryAt_idx" ON "Delivery"("state", "nextTryAt");

-- CreateIndex
CREATE INDEX "Delivery_address_sentAt_idx" ON "Delivery"("address", "sentAt");

-- CreateIndex
CREATE INDEX "Delivery_address_pausedUntil_idx" ON "Delivery"("address", "pausedUntil");

-- CreateIndex
CREATE INDEX "Delivery_launchId_noticeKey_idx" ON "Delivery"("launchId", "noticeKey");

-- CreateIndex
CREATE INDEX "Delivery_bundleKey_idx" ON "Delivery"("bundleKey");

-- The outbox: the application adds, marks what has become of a message, and removes what was done with long ago.
GRANT SELECT, INSERT, UPDATE, DELETE ON "Delivery" TO launch_app;
GRANT USAGE ON SEQUENCE "Delivery_id_seq" TO launch_app;
