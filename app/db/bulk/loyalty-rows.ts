/** Everything of a shop's programme, row by row and of one moment, as it can be written into another database. */
import Sqlite from "better-sqlite3";
import pg from "pg";
import { Prisma } from "../generated/sqlite/client.ts";
import { isPostgresql, sqliteFile } from "../url.ts";
import { keyColumns } from "./delete-rows.ts";

type LoyaltyValue = string | number | boolean | null;

export interface LoyaltyRow<Table extends ExportedTable = LoyaltyTable> {
  table: Table;
  /** Without the shop's id. */
  row: Record<string, LoyaltyValue>;
}

/** With their columns; the programme's own row stands last, because with it the programme is there. */
const COLUMNS = {
  ProgrammeVersion: Prisma.ProgrammeVersionScalarFieldEnum,
  Reward: Prisma.RewardScalarFieldEnum,
  RewardUnit: Prisma.RewardUnitScalarFieldEnum,
  Member: Prisma.MemberScalarFieldEnum,
  MemberLink: Prisma.MemberLinkScalarFieldEnum,
  MemberBalance: Prisma.MemberBalanceScalarFieldEnum,
  Lot: Prisma.LotScalarFieldEnum,
  LedgerTransaction: Prisma.LedgerTransactionScalarFieldEnum,
  LedgerPosting: Prisma.LedgerPostingScalarFieldEnum,
  OrderAccrual: Prisma.OrderAccrualScalarFieldEnum,
  Redemption: Prisma.RedemptionScalarFieldEnum,
  ExpiryReminder: Prisma.ExpiryReminderScalarFieldEnum,
  MemberTier: Prisma.MemberTierScalarFieldEnum,
  TierEntry: Prisma.TierEntryScalarFieldEnum,
  TierGrant: Prisma.TierGrantScalarFieldEnum,
  Referral: Prisma.ReferralScalarFieldEnum,
  ReferralClaim: Prisma.ReferralClaimScalarFieldEnum,
  LoyaltyProgramme: Prisma.LoyaltyProgrammeScalarFieldEnum,
} as const;

export type LoyaltyTable = keyof typeof COLUMNS;

export const LOYALTY_TABLES = Object.keys(COLUMNS) as LoyaltyTable[];

/** What else is the merchant's own and of use elsewhere; nothing that is sealed, and no copy of what Shopify has. */
const OTHER_COLUMNS = {
  PointsImport: Prisma.PointsImportScalarFieldEnum,
  SurveyAnswer: Prisma.SurveyAnswerScalarFieldEnum,
  Segment: Prisma.SegmentScalarFieldEnum,
  SegmentTag: Prisma.SegmentTagScalarFieldEnum,
  AcquisitionCost: Prisma.AcquisitionCostScalarFieldEnum,
  RecommendationSettings: Prisma.RecommendationSettingsScalarFieldEnum,
  StorefrontText: Prisma.StorefrontTextScalarFieldEnum,
  OutgoingEvent: Prisma.OutgoingEventScalarFieldEnum,
} as const;

const EXPORTED = { ...COLUMNS, ...OTHER_COLUMNS };

export type ExportedTable = keyof typeof EXPORTED;

const EXPORTED_TABLES = Object.keys(EXPORTED) as ExportedTable[];

export function loyaltyColumns(table: ExportedTable): string[] {
  return Object.values(EXPORTED[table]).filter((column) => column !== "shopId");
}

export function loyaltyRows(databaseUrl: string, shopId: number): AsyncGenerator<LoyaltyRow> {
  return rowsOfTables(databaseUrl, shopId, LOYALTY_TABLES);
}

/** The same with everything else that the merchant can take away, table by table. */
export function exportedRows(databaseUrl: string, shopId: number): AsyncGenerator<LoyaltyRow<ExportedTable>> {
  return rowsOfTables(databaseUrl, shopId, EXPORTED_TABLES);
}

function rowsOfTables<Table extends ExportedTable>(
  databaseUrl: string,
  shopId: number,
  tables: readonly Table[],
): AsyncGenerator<LoyaltyRow<Table>> {
  return isPostgresql(databaseUrl)
    ? postgresqlRows(databaseUrl, shopId, tables)
    : sqliteRows(sqliteFile(databaseUrl), shopId, tables);
}

function selectSql(table: ExportedTable, shop: string): string {
  const quoted = (columns: readonly string[]) => columns.map((column) => `"${column}"`).join(", ");
  const key = quoted(["shopId", ...keyColumns(table)]);
  return `SELECT ${quoted(loyaltyColumns(table))} FROM "${table}" WHERE "shopId" = ${shop} ORDER BY ${key}`;
}

/** On a connection of its own, whose snapshot stays while others write. */
async function* sqliteRows<Table extends ExportedTable>(
  file: string,
  shopId: number,
  tables: readonly Table[],
): AsyncGenerator<LoyaltyRow<Table>> {
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    connection.pragma("busy_timeout = 5000");
    connection.exec("BEGIN");
    for (const table of tables) {
      const booleans = connection
        .prepare(`SELECT name FROM pragma_table_info(?) WHERE type = 'BOOLEAN'`)
        .pluck()
        .all(table) as string[];
      for (const found of connection.prepare(selectSql(table, "?")).iterate(shopId)) {
        const row = found as LoyaltyRow["row"];
        for (const column of booleans) row[column] = row[column] === 1;
        yield { table, row };
      }
    }
  } finally {
    connection.close();
  }
}

const ROWS_PER_FETCH = 2_000;
/** Eight-byte integers arrive as text; all of ours are below 2^53. */
const textParser = pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown;
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    Number(oid) === Number(pg.types.builtins.INT8) ? Number : textParser(oid, format),
};

async function* postgresqlRows<Table extends ExportedTable>(
  databaseUrl: string,
  shopId: number,
  tables: readonly Table[],
): AsyncGenerator<LoyaltyRow<Table>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    for (const table of tables) {
      await client.query(`DECLARE loyalty_rows NO SCROLL CURSOR FOR ${selectSql(table, "$1")}`, [shopId]);
      for (;;) {
        const { rows } = await client.query<LoyaltyRow["row"]>({
          text: `FETCH ${ROWS_PER_FETCH} FROM loyalty_rows`,
          types,
        });
        for (const row of rows) yield { table, row };
        if (rows.length < ROWS_PER_FETCH) break;
      }
      await client.query("CLOSE loyalty_rows");
    }
  } finally {
    await client.end();
  }
}
