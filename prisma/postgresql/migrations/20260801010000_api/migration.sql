-- Keys of programs that ask at /api/v1, and what they were answered.
CREATE TABLE "ApiKey" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "previousHash" TEXT,
    "previousUntil" BIGINT,
    "scopes" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "lastUsedAt" BIGINT,

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("shopId","id")
);
CREATE TABLE "ApiAnswer" (
    "shopId" INTEGER NOT NULL,
    "keyId" TEXT NOT NULL,
    "requestKey" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "status" INTEGER,
    "answer" TEXT,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "ApiAnswer_pkey" PRIMARY KEY ("shopId","keyId","requestKey")
);
CREATE INDEX "ApiAnswer_shopId_createdAt_idx" ON "ApiAnswer"("shopId", "createdAt");
