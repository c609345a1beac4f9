-- What one customer can get for orders from before the programme.
ALTER TABLE "DryRun" ADD COLUMN "mostPoints" BIGINT;
