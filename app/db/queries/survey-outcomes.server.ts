/** What buyers said of orders that are long enough ago, and whether they ordered again in time. */
import { ORDER_FLAGS } from "../../core/order-flags.ts";
import type { AnsweredAlike } from "../../core/survey/leaving.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading } from "../types.ts";

interface Row {
  quality: number | null;
  delivery: number | null;
  recommend: number | null;
  cameBack: number;
  count: number;
}

/** Test and cancelled orders count as none. */
const COUNTS_NOT = Prisma.raw(String(ORDER_FLAGS.test | ORDER_FLAGS.cancelled));

/** Of orders from `firstDay` to `lastDay`, days of the shop's; they came back where they ordered again within so many `days`. */
export async function surveyOutcomes(
  { sql }: Reading,
  shopId: number,
  { firstDay, lastDay, days }: { firstDay: number; lastDay: number; days: number },
): Promise<AnsweredAlike[]> {
  const rows = await sql.rows<Row>(Prisma.sql`
    SELECT s."quality", s."delivery", s."recommend", s."cameBack", COUNT(*) AS "count" FROM (
      SELECT a."quality", a."delivery", a."recommend", CASE WHEN EXISTS (
        SELECT 1 FROM "Order" n WHERE n."shopId" = o."shopId" AND n."customerId" = o."customerId"
          AND (n."flags" & ${COUNTS_NOT}) = 0 AND n."placedAt" > o."placedAt" AND n."day" <= o."day" + ${days}
      ) THEN 1 ELSE 0 END AS "cameBack"
      FROM "SurveyAnswer" a JOIN "Order" o ON o."shopId" = a."shopId" AND o."id" = a."orderId"
      WHERE a."shopId" = ${shopId} AND o."customerId" IS NOT NULL AND (o."flags" & ${COUNTS_NOT}) = 0
        AND o."day" >= ${firstDay} AND o."day" <= ${lastDay}
        AND NOT EXISTS (SELECT 1 FROM "Customer" c WHERE c."shopId" = o."shopId" AND c."id" = o."customerId" AND c."excluded")
    ) AS s GROUP BY s."quality", s."delivery", s."recommend", s."cameBack"`);
  return rows.map(({ cameBack, count, ...marks }) => ({ marks, cameBack: cameBack === 1, count }));
}
