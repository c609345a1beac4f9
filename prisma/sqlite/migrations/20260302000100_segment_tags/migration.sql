-- CreateTable
CREATE TABLE "SegmentTagging" (
    "shopId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "startedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,

    PRIMARY KEY ("shopId", "name")
);

-- CreateTable
CREATE TABLE "SegmentTag" (
    "shopId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "customerId" BIGINT NOT NULL,
    "isTagged" BOOLEAN NOT NULL,

    PRIMARY KEY ("shopId", "name", "customerId")
);

-- CreateIndex
CREATE INDEX "SegmentTag_shopId_customerId_idx" ON "SegmentTag"("shopId", "customerId");
