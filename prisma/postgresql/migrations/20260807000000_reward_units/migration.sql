-- What Perennial gives by itself, and rewards of which there are only so many.
ALTER TABLE "Reward" ADD COLUMN "details" TEXT;
CREATE TABLE "RewardUnit" (
    "shopId" INTEGER NOT NULL,
    "rewardId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "code" TEXT,
    "redemptionId" TEXT,
    CONSTRAINT "RewardUnit_pkey" PRIMARY KEY ("shopId", "rewardId", "position")
);
CREATE INDEX "RewardUnit_shopId_rewardId_redemptionId_position_idx" ON "RewardUnit"("shopId", "rewardId", "redemptionId", "position");
