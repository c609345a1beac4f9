-- Points that are taken over from another app's file, and how far each file is.
CREATE TABLE "PointsImport" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "fileHash" TEXT,
    "report" TEXT,
    "cursor" INTEGER NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "birthdaysPath" TEXT,
    "birthdaysOperation" TEXT,
    "birthdaysOutcome" TEXT,
    "spentPoints" TEXT,
    "takenPoints" BIGINT NOT NULL DEFAULT 0,
    "startedAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,

    CONSTRAINT "PointsImport_pkey" PRIMARY KEY ("shopId", "id")
);
CREATE TABLE "PointsImportRow" (
    "shopId" INTEGER NOT NULL,
    "importId" TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    "customerId" BIGINT,
    "memberId" INTEGER,
    "points" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "tierId" TEXT,
    "tierUntil" BIGINT,

    CONSTRAINT "PointsImportRow_pkey" PRIMARY KEY ("shopId", "importId", "row")
);
CREATE INDEX "PointsImportRow_shopId_customerId_idx" ON "PointsImportRow"("shopId", "customerId");
