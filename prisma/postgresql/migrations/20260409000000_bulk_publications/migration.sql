-- Customers published by bulk operations.
ALTER TABLE "Publication" ADD COLUMN "bulkRound" INTEGER;
ALTER TABLE "Publication" ADD COLUMN "bulkWishes" INTEGER;
CREATE TABLE "BulkPublication" (
    "shopId" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "round" INTEGER NOT NULL DEFAULT 0,
    "startedAt" BIGINT NOT NULL,
    "total" INTEGER NOT NULL,
    "operationDone" INTEGER NOT NULL DEFAULT 0,
    "stagedPath" TEXT,
    "operationId" TEXT,
    "written" INTEGER NOT NULL DEFAULT 0,
    "stale" INTEGER NOT NULL DEFAULT 0,
    "refused" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "notBefore" BIGINT,
    "changedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,

    CONSTRAINT "BulkPublication_pkey" PRIMARY KEY ("shopId")
);
