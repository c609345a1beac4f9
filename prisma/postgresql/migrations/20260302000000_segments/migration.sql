-- CreateTable
CREATE TABLE "Segment" (
    "shopId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "Segment_pkey" PRIMARY KEY ("shopId","name")
);
