/** What members have given to causes, by cause and month: given when the points were spent, taken back when they were given back. */
import { Prisma } from "../generated/sqlite/client.ts";
import type { Database } from "../types.ts";
import { monthSql, type MonthStart } from "./month-sql.ts";

export interface DonationsOfMonth {
  cause: string;
  month: number;
  given: number;
  givenMinor: number;
  /** Of this month or an earlier one: a month that is over stays as it was. */
  takenBack: number;
  takenBackMinor: number;
}

/** `months`: as `monthSql` takes them. In the order of months and causes. */
export async function donationsByMonth(
  db: Database,
  shopId: number,
  months: readonly MonthStart[],
): Promise<DonationsOfMonth[]> {
  type Row = { cause: string } & Record<Exclude<keyof DonationsOfMonth, "cause">, bigint>;
  const { kind, cause, value } = SQL[db.dialect];
  const [causeOf, valueOf, isDonation] = [
    Prisma.raw(cause),
    Prisma.raw(value),
    Prisma.raw(`${kind} = 'donation'`),
  ];
  const [givenIn, backIn] = [
    Prisma.raw(monthSql(`r."issuedAt"`, months)),
    Prisma.raw(monthSql(`t."at"`, months)),
  ];
  const rows = await db.prisma.$queryRaw<Row[]>`
    SELECT "cause", "month", COUNT("givenMinor") AS "given", CAST(COALESCE(SUM("givenMinor"), 0) AS BIGINT) AS "givenMinor",
      COUNT("backMinor") AS "takenBack", CAST(COALESCE(SUM("backMinor"), 0) AS BIGINT) AS "takenBackMinor"
    FROM (
      SELECT ${causeOf} AS "cause", ${givenIn} AS "month", ${valueOf} AS "givenMinor", NULL AS "backMinor"
      FROM "Redemption" r
      WHERE r."shopId" = ${shopId} AND ${isDonation} AND r."issuedAt" IS NOT NULL
      UNION ALL
      SELECT ${causeOf} AS "cause", ${backIn} AS "month", NULL AS "givenMinor", ${valueOf} AS "backMinor"
      FROM "Redemption" r JOIN "LedgerTransaction" t
        ON t."shopId" = r."shopId" AND t."kind" = 'restore' AND t."sourceId" = r."id"
      WHERE r."shopId" = ${shopId} AND ${isDonation} AND r."status" = 'cancelled'
    ) AS moved
    GROUP BY "cause", "month" ORDER BY "month", "cause"`;
  return rows.map(({ cause: name, ...counts }) => ({
    ...{ cause: name, month: Number(counts.month), given: Number(counts.given) },
    ...{ givenMinor: Number(counts.givenMinor), takenBack: Number(counts.takenBack) },
    takenBackMinor: Number(counts.takenBackMinor),
  }));
}

/** JSON is read by other words in each. */
const SQL = {
  sqlite: {
    kind: `json_extract(r."terms", '$.gives.kind')`,
    cause: `json_extract(r."terms", '$.gives.cause')`,
    value: `CAST(json_extract(r."terms", '$.gives.valueMinor') AS INTEGER)`,
  },
  postgresql: {
    kind: `(r."terms"::json #>> '{gives,kind}')`,
    cause: `(r."terms"::json #>> '{gives,cause}')`,
    value: `(r."terms"::json #>> '{gives,valueMinor}')::bigint`,
  },
} as const;
