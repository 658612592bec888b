CREATE TABLE "DashboardFact" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "DashboardFact_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "DashboardFact_shop_kind_createdAt_idx" ON "DashboardFact"("shop", "kind", "createdAt");
