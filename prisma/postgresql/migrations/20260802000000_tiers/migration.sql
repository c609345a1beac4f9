-- VIP tiers: who is in which, what entering them brings, and those that merchants give.
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "tiersJudged" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "tiersCursor" INTEGER NOT NULL DEFAULT 0;
CREATE TABLE "MemberTier" (
    "shopId" INTEGER NOT NULL,
    "memberId" INTEGER NOT NULL,
    "tierId" TEXT,
    "because" TEXT,
    "amount" BIGINT NOT NULL,
    "since" BIGINT NOT NULL,
    "changesAt" BIGINT,
    "changesTo" TEXT,
    "dueAt" BIGINT,
    "version" INTEGER NOT NULL,
    "entries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "MemberTier_pkey" PRIMARY KEY ("shopId","memberId")
);
CREATE INDEX "MemberTier_shopId_dueAt_idx" ON "MemberTier"("shopId", "dueAt");
CREATE INDEX "MemberTier_shopId_tierId_idx" ON "MemberTier"("shopId", "tierId");
CREATE TABLE "TierEntry" (
    "shopId" INTEGER NOT NULL,
    "memberId" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "tierId" TEXT NOT NULL,
    "enteredAt" BIGINT NOT NULL,
    "leftAt" BIGINT,
    "rewardAt" BIGINT,
    "rewardedAt" BIGINT,

    CONSTRAINT "TierEntry_pkey" PRIMARY KEY ("shopId","memberId","sequence")
);
CREATE TABLE "TierGrant" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "memberId" INTEGER NOT NULL,
    "tierId" TEXT NOT NULL,
    "fromAt" BIGINT NOT NULL,
    "untilAt" BIGINT,
    "reason" TEXT NOT NULL,
    "endedAt" BIGINT,

    CONSTRAINT "TierGrant_pkey" PRIMARY KEY ("shopId","id")
);
CREATE INDEX "TierGrant_shopId_memberId_idx" ON "TierGrant"("shopId", "memberId");
