-- Texts of the storefront that the merchant has changed.
CREATE TABLE "StorefrontText" (
    "shopId" INTEGER NOT NULL,
    "language" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "forms" TEXT,
    "formsBefore" TEXT,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "StorefrontText_pkey" PRIMARY KEY ("shopId", "language", "key")
);
