-- Ledger, lots, balances and accruals keep their rows in the primary key (WITHOUT ROWID), which Prisma does not see.
-- CreateTable
CREATE TABLE "LoyaltyProgramme" (
    "shopId" INTEGER NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "membership" TEXT NOT NULL,
    "startedAt" BIGINT,
    "lastMemberId" INTEGER NOT NULL DEFAULT 0,
    "accruedVersion" INTEGER NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "ProgrammeVersion" (
    "shopId" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "validFrom" BIGINT NOT NULL,
    "rules" TEXT NOT NULL,

    PRIMARY KEY ("shopId", "version")
);

-- CreateTable
CREATE TABLE "Member" (
    "shopId" INTEGER NOT NULL,
    "id" INTEGER NOT NULL,
    "joinedAt" BIGINT NOT NULL,
    "aliasOfId" INTEGER,

    PRIMARY KEY ("shopId", "id")
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "MemberLink" (
    "shopId" INTEGER NOT NULL,
    "customerId" BIGINT NOT NULL,
    "memberId" INTEGER NOT NULL,

    PRIMARY KEY ("shopId", "customerId")
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "LedgerTransaction" (
    "shopId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "memberId" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "points" BIGINT NOT NULL,
    "reason" TEXT,

    PRIMARY KEY ("shopId", "kind", "sourceId", "sequence")
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "LedgerPosting" (
    "shopId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "memberId" INTEGER NOT NULL,
    "fromAccount" TEXT NOT NULL,
    "toAccount" TEXT NOT NULL,
    "points" BIGINT NOT NULL,
    "lotId" TEXT,

    PRIMARY KEY ("shopId", "kind", "sourceId", "sequence", "position"),
    CHECK ("points" > 0 AND "fromAccount" <> "toAccount")
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "Lot" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "memberId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,
    "points" BIGINT NOT NULL,
    "earnedAt" BIGINT NOT NULL,
    "ripensAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "pending" BIGINT NOT NULL,
    "available" BIGINT NOT NULL,
    "expired" BIGINT NOT NULL,
    "isOpen" BOOLEAN NOT NULL,

    PRIMARY KEY ("shopId", "id"),
    CHECK ("pending" >= 0 AND "available" >= 0 AND "expired" >= 0)
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "MemberBalance" (
    "shopId" INTEGER NOT NULL,
    "memberId" INTEGER NOT NULL,
    "transactions" INTEGER NOT NULL DEFAULT 0,
    "pending" BIGINT NOT NULL DEFAULT 0,
    "available" BIGINT NOT NULL DEFAULT 0,
    "debt" BIGINT NOT NULL DEFAULT 0,
    "nextDueAt" BIGINT,

    PRIMARY KEY ("shopId", "memberId"),
    CHECK ("pending" >= 0 AND "available" >= 0 AND "debt" >= 0 AND ("debt" = 0 OR "available" = 0))
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "OrderAccrual" (
    "shopId" INTEGER NOT NULL,
    "orderId" BIGINT NOT NULL,
    "memberId" INTEGER,
    "version" INTEGER NOT NULL,
    "terms" TEXT NOT NULL,
    "targetPoints" BIGINT NOT NULL,
    "because" TEXT,
    "postedPoints" BIGINT NOT NULL DEFAULT 0,
    "changes" INTEGER NOT NULL DEFAULT 0,
    "disputeState" TEXT,

    PRIMARY KEY ("shopId", "orderId")
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "Reward" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "valueMinor" BIGINT,
    "percent" INTEGER,
    "variantId" BIGINT,
    "costPoints" BIGINT NOT NULL,
    "minimumMinor" BIGINT,
    "combinesWithOrder" BOOLEAN NOT NULL DEFAULT false,
    "combinesWithProduct" BOOLEAN NOT NULL DEFAULT false,
    "combinesWithShipping" BOOLEAN NOT NULL DEFAULT false,
    "validDays" INTEGER NOT NULL,
    "returnsUnused" BOOLEAN NOT NULL DEFAULT true,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" BIGINT NOT NULL,

    PRIMARY KEY ("shopId", "id")
);

-- CreateTable
CREATE TABLE "Redemption" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "memberId" INTEGER NOT NULL,
    "rewardId" TEXT NOT NULL,
    "requestKey" TEXT NOT NULL,
    "points" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "isRestored" BOOLEAN NOT NULL DEFAULT false,
    "code" TEXT,
    "shopifyId" TEXT,
    "reservedAt" BIGINT NOT NULL,
    "issuedAt" BIGINT,
    "expiresAt" BIGINT,
    "usedOrderId" BIGINT,
    "changes" INTEGER NOT NULL DEFAULT 0,
    "takenIn" INTEGER NOT NULL DEFAULT 0,
    "returnedPoints" BIGINT NOT NULL DEFAULT 0,

    PRIMARY KEY ("shopId", "id")
) WITHOUT ROWID;

-- CreateIndex
CREATE INDEX "Member_shopId_aliasOfId_idx" ON "Member"("shopId", "aliasOfId");

-- CreateIndex
CREATE INDEX "MemberLink_shopId_memberId_idx" ON "MemberLink"("shopId", "memberId");

-- CreateIndex
CREATE INDEX "LedgerTransaction_shopId_at_idx" ON "LedgerTransaction"("shopId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "LedgerTransaction_shopId_memberId_number_key" ON "LedgerTransaction"("shopId", "memberId", "number");

-- CreateIndex
CREATE INDEX "Lot_shopId_memberId_isOpen_idx" ON "Lot"("shopId", "memberId", "isOpen");

-- CreateIndex
CREATE INDEX "MemberBalance_shopId_nextDueAt_idx" ON "MemberBalance"("shopId", "nextDueAt");

-- CreateIndex
CREATE INDEX "OrderAccrual_shopId_memberId_idx" ON "OrderAccrual"("shopId", "memberId");

-- CreateIndex
CREATE INDEX "Redemption_shopId_memberId_idx" ON "Redemption"("shopId", "memberId");

-- CreateIndex
CREATE INDEX "Redemption_shopId_status_expiresAt_idx" ON "Redemption"("shopId", "status", "expiresAt");

-- CreateIndex
CREATE INDEX "Redemption_shopId_usedOrderId_idx" ON "Redemption"("shopId", "usedOrderId");

-- CreateIndex
CREATE UNIQUE INDEX "Redemption_shopId_requestKey_key" ON "Redemption"("shopId", "requestKey");

-- CreateIndex
CREATE UNIQUE INDEX "Redemption_shopId_code_key" ON "Redemption"("shopId", "code");

-- The ledger is append-only. Only a shop that is being erased (beginShopErasure in app/db/stores/erasures.server.ts) lets go of its rows.
CREATE TRIGGER "LedgerTransaction_update" BEFORE UPDATE ON "LedgerTransaction"
BEGIN SELECT RAISE(ABORT, 'the points ledger is append-only'); END;
CREATE TRIGGER "LedgerTransaction_delete" BEFORE DELETE ON "LedgerTransaction"
WHEN NOT EXISTS (SELECT 1 FROM "Shop" WHERE "id" = OLD."shopId" AND "domain" = 'erased:' || OLD."shopId")
BEGIN SELECT RAISE(ABORT, 'the points ledger is append-only'); END;
CREATE TRIGGER "LedgerPosting_update" BEFORE UPDATE ON "LedgerPosting"
BEGIN SELECT RAISE(ABORT, 'the points ledger is append-only'); END;
CREATE TRIGGER "LedgerPosting_delete" BEFORE DELETE ON "LedgerPosting"
WHEN NOT EXISTS (SELECT 1 FROM "Shop" WHERE "id" = OLD."shopId" AND "domain" = 'erased:' || OLD."shopId")
BEGIN SELECT RAISE(ABORT, 'the points ledger is append-only'); END;
