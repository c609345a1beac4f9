-- Referrals: who brought whom, and invitations that wait for an order.
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "referrals" TEXT;
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "referralSeed" TEXT;
CREATE TABLE "Referral" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "orderId" BIGINT NOT NULL,
    "memberId" INTEGER NOT NULL,
    "friendId" BIGINT,
    "referredAt" BIGINT NOT NULL,
    "terms" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "because" TEXT,
    "checkedAt" BIGINT,
    "overruled" TEXT,
    "overruledAt" BIGINT,
    "status" TEXT NOT NULL,
    "memberGiven" BOOLEAN NOT NULL DEFAULT false,
    "memberChanges" INTEGER NOT NULL DEFAULT 0,
    "friendGiven" BOOLEAN NOT NULL DEFAULT false,
    "friendChanges" INTEGER NOT NULL DEFAULT 0,
    "rewardedAt" BIGINT,
    "lookAt" BIGINT,

    CONSTRAINT "Referral_pkey" PRIMARY KEY ("shopId", "id")
);
CREATE UNIQUE INDEX "Referral_shopId_orderId_key" ON "Referral"("shopId", "orderId");
CREATE INDEX "Referral_shopId_memberId_idx" ON "Referral"("shopId", "memberId");
CREATE INDEX "Referral_shopId_friendId_idx" ON "Referral"("shopId", "friendId");
CREATE INDEX "Referral_shopId_lookAt_idx" ON "Referral"("shopId", "lookAt");
CREATE INDEX "Referral_shopId_verdict_idx" ON "Referral"("shopId", "verdict");
CREATE INDEX "Referral_shopId_referredAt_id_idx" ON "Referral"("shopId", "referredAt", "id");
CREATE TABLE "ReferralClaim" (
    "shopId" INTEGER NOT NULL,
    "customerId" BIGINT NOT NULL,
    "memberId" INTEGER NOT NULL,
    "claimedAt" BIGINT NOT NULL,

    CONSTRAINT "ReferralClaim_pkey" PRIMARY KEY ("shopId", "customerId")
);
CREATE INDEX "ReferralClaim_shopId_memberId_idx" ON "ReferralClaim"("shopId", "memberId");
