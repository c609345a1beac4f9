-- Events for receivers outside: Shopify Flow and the shop's own addresses.
CREATE TABLE "EventReceiver" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "url" TEXT,
    "kinds" TEXT NOT NULL,
    "isActive" BOOLEAN NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL,
    "secret" TEXT,
    "previousSecret" TEXT,
    "previousUntil" BIGINT,

    PRIMARY KEY ("shopId", "id")
);
CREATE TABLE "OutgoingEvent" (
    "shopId" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "memberId" INTEGER,
    "customerId" BIGINT,
    "occurredAt" BIGINT NOT NULL,
    "data" TEXT NOT NULL,

    PRIMARY KEY ("shopId", "id")
);
CREATE TABLE "EventDelivery" (
    "shopId" INTEGER NOT NULL,
    "eventId" TEXT NOT NULL,
    "receiverId" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "dueAt" BIGINT NOT NULL,
    "triedAt" BIGINT,
    "answer" TEXT,

    PRIMARY KEY ("shopId", "eventId", "receiverId")
);
CREATE INDEX "OutgoingEvent_shopId_occurredAt_idx" ON "OutgoingEvent"("shopId", "occurredAt");
CREATE INDEX "OutgoingEvent_shopId_customerId_idx" ON "OutgoingEvent"("shopId", "customerId");
CREATE INDEX "EventDelivery_shopId_receiverId_status_dueAt_idx" ON "EventDelivery"("shopId", "receiverId", "status", "dueAt");
CREATE INDEX "EventDelivery_shopId_triedAt_idx" ON "EventDelivery"("shopId", "triedAt");
