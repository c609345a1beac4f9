-- AlterTable
ALTER TABLE "ValueModel" ADD COLUMN "risksDay" INTEGER;

-- CreateTable
CREATE TABLE "RiskFall" (
    "shopId" INTEGER NOT NULL,
    "customerId" BIGINT NOT NULL,
    "lastOrderDay" INTEGER NOT NULL,
    "foundAt" BIGINT NOT NULL,

    PRIMARY KEY ("shopId", "customerId")
);

-- CreateIndex
CREATE INDEX "RiskFall_shopId_lastOrderDay_idx" ON "RiskFall"("shopId", "lastOrderDay");
