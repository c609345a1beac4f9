-- CreateTable
CREATE TABLE "ProductAccess" (
    "shopId" INTEGER NOT NULL,
    "productId" BIGINT NOT NULL,
    "steps" TEXT NOT NULL,
    "openFrom" TEXT,

    CONSTRAINT "ProductAccess_pkey" PRIMARY KEY ("shopId", "productId")
);
