-- CreateTable
CREATE TABLE "ValueModel" (
    "shopId" INTEGER NOT NULL,
    "fittedAt" BIGINT NOT NULL,
    "dataVersion" INTEGER NOT NULL,
    "settingsVersion" INTEGER NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "ValueModel_pkey" PRIMARY KEY ("shopId")
);
