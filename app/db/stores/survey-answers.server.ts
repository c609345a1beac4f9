/** What buyers said of their orders: one answer for an order, the last one said. */
import type { SurveyAnswer, SurveyCounts } from "../../core/survey/survey-report.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading, Transaction } from "../types.ts";

export interface StoredAnswer extends SurveyAnswer {
  orderId: number;
  answeredAt: number;
  changedAt: number;
}

export async function saveSurveyAnswer(
  tx: Transaction,
  shopId: number,
  orderId: number,
  { quality, delivery, recommend }: SurveyAnswer,
  at: number,
): Promise<void> {
  const answer = { quality, delivery, recommend, changedAt: at };
  await tx.prisma.surveyAnswer.upsert({
    where: { shopId_orderId: { shopId, orderId } },
    create: { shopId, orderId, answeredAt: at, ...answer },
    update: answer,
  });
}

/** Answers are asked for of late orders only. */
const ORDERS_LOOKED_AT = 500;

/** Of the latest orders of a customer, the latest answer first. */
export async function answersOfCustomer(
  db: Reading,
  shopId: number,
  customerId: number,
  limit: number,
): Promise<StoredAnswer[]> {
  return db.sql.rows<StoredAnswer>(
    Prisma.sql`SELECT "orderId", "answeredAt", "changedAt", "quality", "delivery", "recommend" FROM "SurveyAnswer"
      WHERE "shopId" = ${shopId} AND "orderId" IN (
        SELECT "id" FROM "Order" WHERE "shopId" = ${shopId} AND "customerId" = ${customerId}
        ORDER BY "placedAt" DESC LIMIT ${ORDERS_LOOKED_AT})
      ORDER BY "answeredAt" DESC, "orderId" DESC LIMIT ${limit}`,
  );
}

/** Of the answers that were first given since then, how many gave each mark. */
export async function countSurveyAnswers(db: Reading, shopId: number, since: number): Promise<SurveyCounts> {
  const where = { shopId, answeredAt: { gte: since } };
  const [answers, quality, delivery, recommend] = await Promise.all([
    db.prisma.surveyAnswer.count({ where }),
    db.prisma.surveyAnswer.groupBy({ by: ["quality"], where, _count: { quality: true } }),
    db.prisma.surveyAnswer.groupBy({ by: ["delivery"], where, _count: { delivery: true } }),
    db.prisma.surveyAnswer.groupBy({ by: ["recommend"], where, _count: { recommend: true } }),
  ]);
  return {
    answers,
    quality: byMark(quality.map((row) => [row.quality, row._count.quality])),
    delivery: byMark(delivery.map((row) => [row.delivery, row._count.delivery])),
    recommend: byMark(recommend.map((row) => [row.recommend, row._count.recommend])),
  };
}

function byMark(counts: readonly (readonly [mark: number | null, count: number])[]): Map<number, number> {
  return new Map(counts.flatMap(([mark, count]) => (mark === null ? [] : [[mark, count] as const])));
}
