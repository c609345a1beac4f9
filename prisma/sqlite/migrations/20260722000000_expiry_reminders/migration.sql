-- Reminders before points expire.
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "remindDays" INTEGER DEFAULT 30;
CREATE TABLE "ExpiryReminder" (
    "shopId" INTEGER NOT NULL,
    "memberId" INTEGER NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "points" BIGINT NOT NULL,
    "remindedAt" BIGINT NOT NULL,

    PRIMARY KEY ("shopId", "memberId", "expiresAt")
);
CREATE INDEX "ExpiryReminder_shopId_remindedAt_idx" ON "ExpiryReminder"("shopId", "remindedAt");
CREATE INDEX "Lot_shopId_isOpen_expiresAt_idx" ON "Lot"("shopId", "isOpen", "expiresAt");
