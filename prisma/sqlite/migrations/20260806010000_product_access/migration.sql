-- CreateTable
CREATE TABLE "ProductAccess" (
    "shopId" INTEGER NOT NULL,
    "productId" BIGINT NOT NULL,
    "steps" TEXT NOT NULL,
    "openFrom" TEXT,

    PRIMARY KEY ("shopId", "productId")
);
