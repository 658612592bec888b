CREATE TABLE "pii_audit_log" (
    "id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pii_audit_log_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "pii_audit_log_subject_createdAt_idx" ON "pii_audit_log"("subject", "createdAt");
