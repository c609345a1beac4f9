-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Shop" (
    "id" SERIAL NOT NULL,
    "domain" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL DEFAULT 'UTC',
    "currency" TEXT NOT NULL DEFAULT 'USD',
    "planName" TEXT NOT NULL DEFAULT '',
    "appPlan" TEXT NOT NULL DEFAULT '',
    "countryCode" TEXT,
    "scopes" TEXT NOT NULL DEFAULT '',
    "installGeneration" INTEGER NOT NULL DEFAULT 0,
    "installedAt" BIGINT,
    "uninstalledAt" BIGINT,
    "dataVersion" INTEGER NOT NULL DEFAULT 0,
    "excludedTags" TEXT NOT NULL DEFAULT '[]',
    "flatMarginBasisPoints" INTEGER,
    "countsTax" BOOLEAN NOT NULL DEFAULT false,
    "countsShipping" BOOLEAN NOT NULL DEFAULT false,
    "countsGiftCards" BOOLEAN NOT NULL DEFAULT false,
    "refundBasis" TEXT NOT NULL DEFAULT 'order date',
    "settingsVersion" INTEGER NOT NULL DEFAULT 0,
    "settingsSavedAt" BIGINT,
    "tagsVersion" INTEGER NOT NULL DEFAULT 0,
    "tagsAppliedVersion" INTEGER NOT NULL DEFAULT 0,
    "taggedExpected" INTEGER NOT NULL DEFAULT 0,
    "taggedFound" INTEGER NOT NULL DEFAULT 0,
    "guideDismissedAt" BIGINT,

    CONSTRAINT "Shop_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "shopId" INTEGER NOT NULL,
    "sessionId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "accessToken" TEXT NOT NULL,
    "expiresAt" BIGINT,
    "refreshToken" TEXT,
    "refreshExpiresAt" BIGINT,
    "leasedAt" BIGINT,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("shopId")
);

-- CreateTable
CREATE TABLE "Customer" (
    "shopId" INTEGER NOT NULL,
    "id" BIGINT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "excluded" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL,

    CONSTRAINT "Customer_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "CustomerAlias" (
    "shopId" INTEGER NOT NULL,
    "fromId" BIGINT NOT NULL,
    "toId" BIGINT NOT NULL,
    "mergedAt" BIGINT NOT NULL,

    CONSTRAINT "CustomerAlias_pkey" PRIMARY KEY ("shopId","fromId")
);

-- CreateTable
CREATE TABLE "Erasure" (
    "shopId" INTEGER NOT NULL,
    "subjectHash" TEXT NOT NULL,
    "erasedAt" BIGINT NOT NULL,

    CONSTRAINT "Erasure_pkey" PRIMARY KEY ("shopId","subjectHash")
);

-- CreateTable
CREATE TABLE "Order" (
    "shopId" INTEGER NOT NULL,
    "id" BIGINT NOT NULL,
    "customerId" BIGINT,
    "createdAt" BIGINT NOT NULL,
    "placedAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "day" INTEGER NOT NULL,
    "grossMinor" BIGINT NOT NULL,
    "discountMinor" BIGINT NOT NULL,
    "shippingMinor" BIGINT NOT NULL,
    "taxMinor" BIGINT NOT NULL,
    "tipMinor" BIGINT NOT NULL,
    "giftCardMinor" BIGINT NOT NULL,
    "feeMinor" BIGINT NOT NULL,
    "refundMinor" BIGINT NOT NULL,
    "netMinor" BIGINT NOT NULL,
    "costMinor" BIGINT NOT NULL,
    "costedNetMinor" BIGINT NOT NULL,
    "differenceMinor" BIGINT NOT NULL,
    "presentmentCurrency" TEXT NOT NULL,
    "presentmentTotalMinor" BIGINT NOT NULL,
    "channel" TEXT NOT NULL,
    "firstSource" TEXT,
    "shippingCountry" TEXT,
    "discountCodes" TEXT NOT NULL,
    "financialStatus" TEXT NOT NULL,
    "paidAt" BIGINT,
    "cancelledAt" BIGINT,
    "flags" INTEGER NOT NULL,
    "leadProductId" BIGINT,
    "version" INTEGER NOT NULL,

    CONSTRAINT "Order_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "OrderLine" (
    "shopId" INTEGER NOT NULL,
    "orderId" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "productId" BIGINT,
    "variantId" BIGINT,
    "quantity" INTEGER NOT NULL,
    "listPriceMinor" BIGINT NOT NULL,
    "grossMinor" BIGINT NOT NULL,
    "discountMinor" BIGINT NOT NULL,
    "netMinor" BIGINT NOT NULL,
    "taxMinor" BIGINT NOT NULL,
    "refundedQuantity" INTEGER NOT NULL,
    "refundMinor" BIGINT NOT NULL,
    "unitCostMinor" BIGINT,
    "isGiftCard" BOOLEAN NOT NULL,

    CONSTRAINT "OrderLine_pkey" PRIMARY KEY ("shopId","orderId","id")
);

-- CreateTable
CREATE TABLE "Refund" (
    "shopId" INTEGER NOT NULL,
    "orderId" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "refundedAt" BIGINT NOT NULL,
    "day" INTEGER NOT NULL,
    "productMinor" BIGINT NOT NULL,
    "shippingMinor" BIGINT NOT NULL,
    "taxMinor" BIGINT NOT NULL,
    "giftCardMinor" BIGINT NOT NULL,
    "otherMinor" BIGINT NOT NULL,
    "costMinor" BIGINT NOT NULL,

    CONSTRAINT "Refund_pkey" PRIMARY KEY ("shopId","orderId","id")
);

-- CreateTable
CREATE TABLE "OrderTombstone" (
    "shopId" INTEGER NOT NULL,
    "orderId" BIGINT NOT NULL,
    "deletedAt" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "OrderTombstone_pkey" PRIMARY KEY ("shopId","orderId")
);

-- CreateTable
CREATE TABLE "Product" (
    "shopId" INTEGER NOT NULL,
    "id" BIGINT NOT NULL,
    "title" TEXT NOT NULL,
    "productType" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "isGiftCard" BOOLEAN NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "Product_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "ProductVariant" (
    "shopId" INTEGER NOT NULL,
    "id" BIGINT NOT NULL,
    "productId" BIGINT NOT NULL,
    "title" TEXT NOT NULL,
    "priceMinor" BIGINT NOT NULL,

    CONSTRAINT "ProductVariant_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "UnitCost" (
    "shopId" INTEGER NOT NULL,
    "variantId" BIGINT NOT NULL,
    "validFrom" BIGINT NOT NULL,
    "costMinor" BIGINT NOT NULL,

    CONSTRAINT "UnitCost_pkey" PRIMARY KEY ("shopId","variantId","validFrom")
);

-- CreateTable
CREATE TABLE "AbandonedCheckout" (
    "shopId" INTEGER NOT NULL,
    "id" BIGINT NOT NULL,
    "customerId" BIGINT,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "completedAt" BIGINT,

    CONSTRAINT "AbandonedCheckout_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "InboxEvent" (
    "shopId" INTEGER NOT NULL,
    "topic" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "resourceId" BIGINT NOT NULL,
    "relatedIds" TEXT NOT NULL DEFAULT '[]',
    "installGeneration" INTEGER NOT NULL,
    "receivedAt" BIGINT NOT NULL,
    "processedAt" BIGINT,

    CONSTRAINT "InboxEvent_pkey" PRIMARY KEY ("shopId","topic","eventId")
);

-- CreateTable
CREATE TABLE "Job" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT,
    "queue" TEXT,
    "payload" TEXT NOT NULL,
    "runAt" BIGINT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "maxAttempts" INTEGER NOT NULL,
    "lockedAt" BIGINT,
    "lockedBy" TEXT,
    "lastError" TEXT,
    "createdAt" BIGINT NOT NULL,
    "deadAt" BIGINT,

    CONSTRAINT "Job_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "CronTick" (
    "shopId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "tickAt" BIGINT NOT NULL,

    CONSTRAINT "CronTick_pkey" PRIMARY KEY ("shopId","kind")
);

-- CreateTable
CREATE TABLE "SyncState" (
    "shopId" INTEGER NOT NULL,
    "installGeneration" INTEGER NOT NULL,
    "phase" TEXT NOT NULL,
    "startedAt" BIGINT,
    "recentAt" BIGINT,
    "completedAt" BIGINT,
    "ordersExpected" INTEGER NOT NULL DEFAULT 0,
    "ordersApplied" INTEGER NOT NULL DEFAULT 0,
    "customersExpected" INTEGER NOT NULL DEFAULT 0,
    "customersApplied" INTEGER NOT NULL DEFAULT 0,
    "readableFromDay" INTEGER,
    "error" TEXT,
    "sweptAt" BIGINT,
    "ordersCursor" BIGINT,
    "customersCursor" BIGINT,
    "productsCursor" BIGINT,
    "checkoutsCursor" BIGINT,
    "auditedAt" BIGINT,

    CONSTRAINT "SyncState_pkey" PRIMARY KEY ("shopId")
);

-- CreateTable
CREATE TABLE "BackfillWindow" (
    "shopId" INTEGER NOT NULL,
    "resource" TEXT NOT NULL,
    "fromAt" BIGINT NOT NULL,
    "toAt" BIGINT NOT NULL,
    "installGeneration" INTEGER NOT NULL,
    "expectedCount" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "bulkOperationId" TEXT,
    "startedAt" BIGINT,
    "appliedCount" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,

    CONSTRAINT "BackfillWindow_pkey" PRIMARY KEY ("shopId","resource","fromAt")
);

-- CreateTable
CREATE TABLE "Reconciliation" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "startedAt" BIGINT NOT NULL,
    "finishedAt" BIGINT,
    "checkedCount" INTEGER NOT NULL DEFAULT 0,
    "missingCount" INTEGER NOT NULL DEFAULT 0,
    "staleCount" INTEGER NOT NULL DEFAULT 0,
    "surplusCount" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Reconciliation_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "DataRequest" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "customerId" BIGINT NOT NULL,
    "orderIds" TEXT NOT NULL,
    "requestedAt" BIGINT NOT NULL,
    "downloadedAt" BIGINT,

    CONSTRAINT "DataRequest_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Shop_domain_key" ON "Shop"("domain");

-- CreateIndex
CREATE INDEX "Customer_shopId_version_idx" ON "Customer"("shopId", "version");

-- CreateIndex
CREATE INDEX "Order_shopId_version_idx" ON "Order"("shopId", "version");

-- CreateIndex
CREATE INDEX "Order_shopId_customerId_idx" ON "Order"("shopId", "customerId");

-- CreateIndex
CREATE INDEX "OrderTombstone_shopId_version_idx" ON "OrderTombstone"("shopId", "version");

-- CreateIndex
CREATE INDEX "ProductVariant_shopId_productId_idx" ON "ProductVariant"("shopId", "productId");

-- CreateIndex
CREATE INDEX "InboxEvent_shopId_processedAt_idx" ON "InboxEvent"("shopId", "processedAt");

-- CreateIndex
CREATE INDEX "Job_deadAt_lockedAt_runAt_idx" ON "Job"("deadAt", "lockedAt", "runAt");

-- CreateIndex
CREATE INDEX "Job_shopId_queue_lockedAt_runAt_idx" ON "Job"("shopId", "queue", "lockedAt", "runAt");

-- CreateIndex
CREATE UNIQUE INDEX "Job_shopId_key_key" ON "Job"("shopId", "key");

-- CreateIndex
CREATE INDEX "Reconciliation_shopId_startedAt_idx" ON "Reconciliation"("shopId", "startedAt");

