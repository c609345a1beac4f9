-- What checkout asks for: rewards that are held for one cart, and what buyers say of their orders.
ALTER TABLE "Redemption" ADD COLUMN "holdEndsAt" BIGINT;
CREATE INDEX "Redemption_shopId_status_holdEndsAt_idx" ON "Redemption"("shopId", "status", "holdEndsAt");
ALTER TABLE "LoyaltyProgramme" ADD COLUMN "surveyPoints" INTEGER;
CREATE TABLE "SurveyAnswer" (
    "shopId" INTEGER NOT NULL,
    "orderId" BIGINT NOT NULL,
    "quality" INTEGER,
    "delivery" INTEGER,
    "recommend" INTEGER,
    "answeredAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL,

    CONSTRAINT "SurveyAnswer_pkey" PRIMARY KEY ("shopId","orderId")
);
CREATE INDEX "SurveyAnswer_shopId_answeredAt_idx" ON "SurveyAnswer"("shopId", "answeredAt");
