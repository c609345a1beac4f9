-- AlterTable
ALTER TABLE "BackfillWindow" ADD COLUMN "basis" TEXT NOT NULL DEFAULT 'created';
