-- CreateTable
CREATE TABLE "AcquisitionCost" (
    "shopId" INTEGER NOT NULL,
    "month" INTEGER NOT NULL,
    "amountMinor" BIGINT NOT NULL,

    CONSTRAINT "AcquisitionCost_pkey" PRIMARY KEY ("shopId","month")
);
