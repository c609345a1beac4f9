-- Erased customers may join again.
ALTER TABLE "Erasure" ADD COLUMN "rejoinedAt" BIGINT;
