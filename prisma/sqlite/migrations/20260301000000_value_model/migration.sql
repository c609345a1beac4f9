-- CreateTable
CREATE TABLE "ValueModel" (
    "shopId" INTEGER NOT NULL PRIMARY KEY,
    "fittedAt" BIGINT NOT NULL,
    "dataVersion" INTEGER NOT NULL,
    "settingsVersion" INTEGER NOT NULL,
    "body" TEXT NOT NULL
);
