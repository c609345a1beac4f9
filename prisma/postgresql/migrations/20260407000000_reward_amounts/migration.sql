-- What a reward is worth in other currencies than the shop's.
ALTER TABLE "Reward" ADD COLUMN "amounts" TEXT;
