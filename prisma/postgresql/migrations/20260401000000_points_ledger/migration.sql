-- CreateTable
CREATE TABLE "LoyaltyProgramme" (
    "shopId" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "membership" TEXT NOT NULL,
    "startedAt" BIGINT,
    "lastMemberId" INTEGER NOT NULL DEFAULT 0,
    "accruedVersion" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "LoyaltyProgramme_pkey" PRIMARY KEY ("shopId")
);

-- CreateTable
CREATE TABLE "ProgrammeVersion" (
    "shopId" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "validFrom" BIGINT NOT NULL,
    "rules" TEXT NOT NULL,

    CONSTRAINT "ProgrammeVersion_pkey" PRIMARY KEY ("shopId","version")
);

-- CreateTable
CREATE TABLE "Member" (
    "shopId" INTEGER NOT NULL,
    "id" INTEGER NOT NULL,
    "joinedAt" BIGINT NOT NULL,
    "aliasOfId" INTEGER,

    CONSTRAINT "Member_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "MemberLink" (
    "shopId" INTEGER NOT NULL,
    "customerId" BIGINT NOT NULL,
    "memberId" INTEGER NOT NULL,

    CONSTRAINT "MemberLink_pkey" PRIMARY KEY ("shopId","customerId")
);

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

    CONSTRAINT "LedgerTransaction_pkey" PRIMARY KEY ("shopId","kind","sourceId","sequence")
);

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

    CONSTRAINT "LedgerPosting_pkey" PRIMARY KEY ("shopId","kind","sourceId","sequence","position")
);

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

    CONSTRAINT "Lot_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "MemberBalance" (
    "shopId" INTEGER NOT NULL,
    "memberId" INTEGER NOT NULL,
    "transactions" INTEGER NOT NULL DEFAULT 0,
    "pending" BIGINT NOT NULL DEFAULT 0,
    "available" BIGINT NOT NULL DEFAULT 0,
    "debt" BIGINT NOT NULL DEFAULT 0,
    "nextDueAt" BIGINT,

    CONSTRAINT "MemberBalance_pkey" PRIMARY KEY ("shopId","memberId")
);

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

    CONSTRAINT "OrderAccrual_pkey" PRIMARY KEY ("shopId","orderId")
);

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

    CONSTRAINT "Reward_pkey" PRIMARY KEY ("shopId","id")
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

    CONSTRAINT "Redemption_pkey" PRIMARY KEY ("shopId","id")
);

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
-- Where tables are distributed and triggers are not to be had, revoked rights take their place.
CREATE FUNCTION "refuse_ledger_change"() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM "Shop" WHERE "id" = OLD."shopId" AND "domain" = 'erased:' || OLD."shopId") THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the points ledger is append-only';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER "LedgerTransaction_change" BEFORE UPDATE OR DELETE ON "LedgerTransaction"
FOR EACH ROW EXECUTE FUNCTION "refuse_ledger_change"();
CREATE TRIGGER "LedgerTransaction_truncate" BEFORE TRUNCATE ON "LedgerTransaction"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_ledger_change"();
CREATE TRIGGER "LedgerPosting_change" BEFORE UPDATE OR DELETE ON "LedgerPosting"
FOR EACH ROW EXECUTE FUNCTION "refuse_ledger_change"();
CREATE TRIGGER "LedgerPosting_truncate" BEFORE TRUNCATE ON "LedgerPosting"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_ledger_change"();

-- Points never go below zero, and a member who owes has none that are available. Triggers and not constraints, which Prisma's engine
-- cannot read through the driver.
CREATE FUNCTION "refuse_lot_below_zero"() RETURNS trigger AS $$
BEGIN
  IF NEW."pending" < 0 OR NEW."available" < 0 OR NEW."expired" < 0 THEN RAISE EXCEPTION 'points of a lot below zero'; END IF;
  RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER "Lot_below_zero" BEFORE INSERT OR UPDATE ON "Lot"
FOR EACH ROW EXECUTE FUNCTION "refuse_lot_below_zero"();
CREATE FUNCTION "refuse_balance_below_zero"() RETURNS trigger AS $$
BEGIN
  IF NEW."pending" < 0 OR NEW."available" < 0 OR NEW."debt" < 0 OR (NEW."debt" > 0 AND NEW."available" > 0) THEN
    RAISE EXCEPTION 'points of a member below zero';
  END IF;
  RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER "MemberBalance_below_zero" BEFORE INSERT OR UPDATE ON "MemberBalance"
FOR EACH ROW EXECUTE FUNCTION "refuse_balance_below_zero"();
