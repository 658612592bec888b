-- CreateTable
CREATE TABLE "Launch" (
    "id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT -1,
    "title" TEXT,
    "revision" INTEGER,
    "phase" TEXT,
    "launchAt" TIMESTAMPTZ(3),
    "verdict" TEXT,
    "verdictAt" TIMESTAMPTZ(3),
    "plan" JSONB,
    "planSeq" INTEGER NOT NULL DEFAULT -1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Launch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Item" (
    "launchId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "owners" TEXT[],
    "priority" TEXT,
    "deadline" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Item_pkey" PRIMARY KEY ("launchId","id")
);

-- CreateTable
CREATE TABLE "Fact" (
    "position" BIGSERIAL NOT NULL,
    "launchId" TEXT NOT NULL,
    "workflowId" TEXT NOT NULL,
    "firstRunId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "itemId" TEXT,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,
    "recordedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Fact_pkey" PRIMARY KEY ("position")
);

-- CreateIndex
CREATE INDEX "Fact_launchId_position_idx" ON "Fact"("launchId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "Fact_workflowId_firstRunId_seq_key" ON "Fact"("workflowId", "firstRunId", "seq");

-- AddForeignKey
ALTER TABLE "Item" ADD CONSTRAINT "Item_launchId_fkey" FOREIGN KEY ("launchId") REFERENCES "Launch"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "Fact" ADD CONSTRAINT "Fact_launchId_fkey" FOREIGN KEY ("launchId") REFERENCES "Launch"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- The application's role. It owns nothing, so these grants are all it can do: facts are appended and read, never
-- changed or removed. Roles belong to the whole cluster: another database of it may have made this one already.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'launch_app') THEN
    CREATE ROLE launch_app NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

GRANT USAGE ON SCHEMA "public" TO launch_app;
GRANT SELECT, INSERT, UPDATE ON "Launch", "Item" TO launch_app;
GRANT SELECT, INSERT ON "Fact" TO launch_app;
GRANT USAGE ON SEQUENCE "Fact_position_seq" TO launch_app;
