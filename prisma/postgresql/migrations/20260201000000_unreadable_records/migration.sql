-- CreateTable
CREATE TABLE "UnreadableRecord" (
    "shopId" INTEGER NOT NULL,
    "resource" TEXT NOT NULL,
    "id" BIGINT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "seenAt" BIGINT NOT NULL,

    CONSTRAINT "UnreadableRecord_pkey" PRIMARY KEY ("shopId","resource","id")
);
