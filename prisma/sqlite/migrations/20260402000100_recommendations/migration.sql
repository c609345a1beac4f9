-- AlterTable
ALTER TABLE "Product" ADD COLUMN "vendor" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Product" ADD COLUMN "publishedAt" BIGINT;

-- Until Shopify tells: what is on sale has been since it was made.
UPDATE "Product" SET "publishedAt" = "createdAt" WHERE "status" = 'active';

-- AlterTable
ALTER TABLE "Shop" ADD COLUMN "productsVersion" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "RecommendationSettings" (
    "shopId" INTEGER NOT NULL PRIMARY KEY,
    "heldOutBasisPoints" INTEGER NOT NULL,
    "experimentKey" TEXT NOT NULL,
    "startedAt" BIGINT NOT NULL,
    "switches" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0
);
