-- A page tells of each reward how often it is held, was used and has expired.
CREATE INDEX "Redemption_shopId_rewardId_status_idx" ON "Redemption"("shopId", "rewardId", "status");
