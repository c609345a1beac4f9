-- Orders with an open dispute are asked about once a day, among all that have earned.
CREATE INDEX "OrderAccrual_shopId_disputeState_idx" ON "OrderAccrual"("shopId", "disputeState");

-- A cancellation that waits for Shopify is shown as such.
ALTER TABLE "Redemption" ADD COLUMN "cancelAskedAt" BIGINT;
