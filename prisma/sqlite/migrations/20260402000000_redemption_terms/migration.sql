-- AlterTable
ALTER TABLE "Redemption" ADD COLUMN "attemptedAt" BIGINT;
ALTER TABLE "Redemption" ADD COLUMN "failedBecause" TEXT;
ALTER TABLE "Redemption" ADD COLUMN "terms" TEXT NOT NULL DEFAULT '{}';
