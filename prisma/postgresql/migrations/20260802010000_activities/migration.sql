-- What members earn for beside orders, and who joined when.
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "activities" TEXT NOT NULL DEFAULT '[]';
CREATE INDEX "Member_shopId_joinedAt_idx" ON "Member"("shopId", "joinedAt");
