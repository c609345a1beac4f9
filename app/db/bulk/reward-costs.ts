/**
 * What rewards cost, by month. The order that a code was used on tells: of an amount off at most the amount, as far as the order was discounted at all; of a percentage or
 * a product what the order was discounted by, where no other code was on it. An order that was cancelled cost nothing. Gift cards and store credit are money
 * from the moment at which they are given, and so is what Perennial gives by itself: what a cause gets, and what the merchant says that a
 * code, a place or a refill costs.
 */
import type { BesideSales, RewardCost } from "../../core/loyalty/programme-cost.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import type { Database } from "../types.ts";
import { monthSql, type MonthStart } from "./month-sql.ts";

interface Row {
  month: bigint;
  rewards: bigint;
  costMinor: bigint;
  points: bigint;
  untold: bigint;
}

/** `months`: from the first in which one can have been used to the last, as `monthSql` takes them. */
export async function rewardCosts(
  db: Database,
  shopId: number,
  months: readonly MonthStart[],
): Promise<RewardCost[]> {
  const { kind, value, codes } = SQL[db.dialect];
  const cost = Prisma.raw(`CASE WHEN o."cancelledAt" IS NOT NULL THEN 0
    WHEN ${kind} = 'amount-off' THEN CASE WHEN ${value} < o."discountMinor" THEN ${value} ELSE o."discountMinor" END
    WHEN ${kind} IN ('percentage', 'free-product') AND ${codes} = 1 THEN o."discountMinor" END`);
  const used = Prisma.raw(monthSql(`o."placedAt"`, months));
  const given = Prisma.raw(monthSql(`r."issuedAt"`, months));
  const valueOf = Prisma.raw(value);
  const isMoney = Prisma.raw(`${kind} IN (${MONEY})`);
  const rows = await db.prisma.$queryRaw<Row[]>`
    SELECT "month", COUNT(*) AS "rewards", CAST(COALESCE(SUM("cost"), 0) AS BIGINT) AS "costMinor",
      CAST(SUM(CASE WHEN "cost" IS NULL THEN 0 ELSE "points" END) AS BIGINT) AS "points",
      CAST(SUM(CASE WHEN "cost" IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS "untold"
    FROM (
      SELECT ${used} AS "month", r."points", ${cost} AS "cost"
      FROM "Redemption" r JOIN "Order" o ON o."shopId" = r."shopId" AND o."id" = r."usedOrderId"
      WHERE r."shopId" = ${shopId} AND r."usedOrderId" IS NOT NULL
      UNION ALL
      SELECT ${given} AS "month", r."points", ${valueOf} AS "cost" FROM "Redemption" r
      WHERE r."shopId" = ${shopId} AND r."status" IN ('issued', 'used') AND r."issuedAt" IS NOT NULL
        AND r."usedOrderId" IS NULL AND ${isMoney}
    ) AS used
    GROUP BY "month" ORDER BY "month"`;
  return rows.map(({ month, rewards, costMinor, points, untold }) => ({
    month: Number(month),
    rewards: Number(rewards),
    costMinor: Number(costMinor),
    points: Number(points),
    untold: Number(untold),
  }));
}

/** Rewards that no order's discount shows. */
export async function rewardsBesideSales(db: Database, shopId: number): Promise<BesideSales> {
  const { kind, value } = SQL[db.dialect];
  const isMoney = `${kind} IN (${MONEY})`;
  const given = Prisma.raw(
    `CASE WHEN ${isMoney} AND (r."issuedAt" IS NOT NULL OR r."usedOrderId" IS NOT NULL) THEN ${value} ELSE 0 END`,
  );
  const unused = Prisma.raw(
    `CASE WHEN r."status" = 'reserved' OR (r."status" = 'issued' AND NOT ${isMoney}) THEN r."points" ELSE 0 END`,
  );
  const [row] = await db.prisma.$queryRaw<{ given: bigint | null; unused: bigint | null }[]>`
    SELECT CAST(SUM(${given}) AS BIGINT) AS "given", CAST(SUM(${unused}) AS BIGINT) AS "unused" FROM "Redemption" r
    WHERE r."shopId" = ${shopId} AND r."status" IN ('reserved', 'issued', 'used')`;
  return { givenMinor: Number(row?.given ?? 0), unusedPoints: Number(row?.unused ?? 0) };
}

const MONEY = "'gift-card', 'store-credit', 'partner-code', 'donation', 'refill', 'event'";

/** JSON is read by other words in each. */
const SQL = {
  sqlite: {
    kind: `json_extract(r."terms", '$.gives.kind')`,
    value: `CAST(json_extract(r."terms", '$.gives.valueMinor') AS INTEGER)`,
    codes: `json_array_length(o."discountCodes")`,
  },
  postgresql: {
    kind: `(r."terms"::json #>> '{gives,kind}')`,
    value: `(r."terms"::json #>> '{gives,valueMinor}')::bigint`,
    codes: `json_array_length(o."discountCodes"::json)`,
  },
} as const;
