-- CreateTable
CREATE TABLE "Segment" (
    "shopId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    PRIMARY KEY ("shopId", "name")
);
