-- Who is kept out of the programme, so that what it brings can be told.
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "heldOutKey" TEXT;
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "heldOutBasisPoints" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "heldOutSince" BIGINT;
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "heldOutUntil" BIGINT;
