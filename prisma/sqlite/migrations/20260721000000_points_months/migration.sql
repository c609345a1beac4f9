-- What a point is worth, and the ledger summed up by month.
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "pointValueRule" TEXT NOT NULL DEFAULT 'best';
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "thousandPointsMinor" BIGINT;
CREATE TABLE "PointsMonth" (
    "shopId" INTEGER NOT NULL,
    "month" INTEGER NOT NULL,
    "timeZone" TEXT NOT NULL,
    "through" BIGINT NOT NULL,
    "isFinal" BOOLEAN NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("shopId", "month")
);
