-- CreateTable
CREATE TABLE "AcquisitionCost" (
    "shopId" INTEGER NOT NULL,
    "month" INTEGER NOT NULL,
    "amountMinor" BIGINT NOT NULL,

    PRIMARY KEY ("shopId", "month")
);
