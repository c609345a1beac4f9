-- CreateTable
CREATE TABLE "DryRun" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "fromAt" BIGINT NOT NULL,
    "toAt" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "dataVersion" INTEGER NOT NULL,
    "lastOrderId" BIGINT NOT NULL DEFAULT 0,
    "orders" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "report" TEXT,
    "startedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,

    PRIMARY KEY ("shopId", "id")
);

-- CreateTable
CREATE TABLE "DryRunOrder" (
    "shopId" INTEGER NOT NULL,
    "runId" TEXT NOT NULL,
    "orderId" BIGINT NOT NULL,
    "terms" TEXT NOT NULL,
    "points" BIGINT NOT NULL,
    "pointsBefore" BIGINT NOT NULL,

    PRIMARY KEY ("shopId", "runId", "orderId")
);
