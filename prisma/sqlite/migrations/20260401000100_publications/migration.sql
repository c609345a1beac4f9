-- What is published to the storefront.
CREATE TABLE "Storefront" (
    "shopId" INTEGER NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "startedAt" BIGINT NOT NULL
);
CREATE TABLE "Publication" (
    "shopId" INTEGER NOT NULL,
    "ownerType" TEXT NOT NULL,
    "ownerId" BIGINT NOT NULL,
    "wishes" INTEGER NOT NULL DEFAULT 1,
    "dueAt" BIGINT,
    "actedAt" BIGINT,
    "written" TEXT NOT NULL DEFAULT '{}',
    "publishedAt" BIGINT,
    "refusedBecause" TEXT,

    PRIMARY KEY ("shopId", "ownerType", "ownerId")
);
CREATE INDEX "Publication_shopId_ownerType_dueAt_idx" ON "Publication"("shopId", "ownerType", "dueAt");
CREATE INDEX "Publication_shopId_ownerType_actedAt_idx" ON "Publication"("shopId", "ownerType", "actedAt");
