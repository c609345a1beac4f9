/** What both databases' readers of order columns share: which rows to read, and the SQL that the dialects agree on. */
import { LINE_FIELDS, type LineColumns, type LineRows } from "../../core/metrics/line-columns.ts";
import {
  ORDER_FIELDS,
  REFUND_FIELDS,
  type OrderRows,
  type RefundRows,
  type ShopFacts,
} from "../../core/metrics/order-columns.ts";

export type StoredFacts = Omit<ShopFacts, "readAt">;

export interface ColumnRows {
  facts: StoredFacts;
  /** Whether the rows are all of the shop's, those changed since the cached version, or none, because nothing changed. */
  extent: "all" | "changes" | "none";
  orders: OrderRows;
  refunds: RefundRows;
  deletedOrderIds: number[];
  excludedCustomerIds: number[];
  /** `null` where they were not asked for. */
  lines: LinesRead | null;
}

export interface LinesRead {
  extent: ColumnRows["extent"];
  rows: LineRows;
  /** With extent `changes`: all orders whose lines the rows replace. */
  changedOrderIds: number[];
}

/** The version that cached rows were read at. */
type ReadAt = Pick<ShopFacts, "installGeneration" | "dataVersion">;

/** Whether to read the orders' lines too, and which of them are cached. */
export type LinesAsked = { cached: LineColumns | null } | null;

/** One dialect's reader. `null`: no such shop. Everything is read in one snapshot. */
export interface ColumnRowsReader {
  read(shopId: number, cached: ShopFacts | null, lines: LinesAsked): Promise<ColumnRows | null>;
  close(): Promise<void>;
}

/** An earlier install's rows, or a version that went back, mean that rows went without leaving a trace. */
export function extentOf(stored: ReadAt, cached: ReadAt | null): ColumnRows["extent"] {
  const continues =
    cached !== null &&
    cached.installGeneration === stored.installGeneration &&
    cached.dataVersion <= stored.dataVersion;
  if (!continues) return "all";
  return cached.dataVersion === stored.dataVersion ? "none" : "changes";
}

const quoted = (fields: readonly string[], table: string) =>
  fields.map((field) => `${table}."${field}"`).join(", ");

const LINES = quoted(LINE_FIELDS, "l");
const BOUGHT = `l."quantity" > 0 AND l."productId" IS NOT NULL AND l."isGiftCard" = FALSE`;

/** `$1` is the shop, `$2` the version after which rows count as changed. */
export const COLUMN_SQL = {
  facts: `SELECT s."currency", s."timeZone", s."flatMarginBasisPoints", s."installGeneration", s."dataVersion", y."phase", y."readableFromDay",
      (SELECT count(*) FROM "UnreadableRecord" u WHERE u."shopId" = s."id" AND u."resource" = 'orders') AS "unreadableOrders"
    FROM "Shop" s LEFT JOIN "SyncState" y ON y."shopId" = s."id" WHERE s."id" = $1`,
  orders: `SELECT ${quoted(ORDER_FIELDS, "o")} FROM "Order" o WHERE o."shopId" = $1`,
  changedOrders: `SELECT ${quoted(ORDER_FIELDS, "o")} FROM "Order" o WHERE o."shopId" = $1 AND o."version" > $2`,
  refunds: `SELECT ${quoted(REFUND_FIELDS, "r")} FROM "Refund" r WHERE r."shopId" = $1 ORDER BY r."orderId", r."id"`,
  changedRefunds: `SELECT ${quoted(REFUND_FIELDS, "r")} FROM "Order" o
    JOIN "Refund" r ON r."shopId" = o."shopId" AND r."orderId" = o."id"
    WHERE o."shopId" = $1 AND o."version" > $2 ORDER BY r."orderId", r."id"`,
  deletedOrders: `SELECT t."orderId" FROM "OrderTombstone" t WHERE t."shopId" = $1 AND t."version" > $2`,
  // In the order of LINE_FIELDS. A unit edited out was not bought, and a gift card is no product.
  lines: `SELECT ${LINES} FROM "OrderLine" l WHERE l."shopId" = $1 AND ${BOUGHT}`,
  changedLines: `SELECT ${LINES} FROM "Order" o
    JOIN "OrderLine" l ON l."shopId" = o."shopId" AND l."orderId" = o."id"
    WHERE o."shopId" = $1 AND o."version" > $2 AND ${BOUGHT}`,
  changedOrderIds: `SELECT o."id" FROM "Order" o WHERE o."shopId" = $1 AND o."version" > $2`,
  excludedCustomers: `SELECT c."id" FROM "Customer" c WHERE c."shopId" = $1 AND c."excluded" = TRUE`,
} as const;

/** A row of COLUMN_SQL.facts, as an array. */
export type FactsRow = [
  currency: string,
  timeZone: string,
  flatMarginBasisPoints: number | null,
  installGeneration: number,
  dataVersion: number,
  phase: string | null,
  readableFromDay: number | null,
  unreadableOrders: number,
];

export function storedFacts(shopId: number, row: FactsRow): StoredFacts {
  const [currency, timeZone, flatMarginBasisPoints, installGeneration, dataVersion, phase] = row;
  const [readableFromDay, unreadableOrders] = [row[6], row[7]];
  return {
    shopId,
    currency,
    timeZone,
    flatMarginBasisPoints,
    installGeneration,
    dataVersion,
    syncComplete: phase === "complete",
    readableFromDay,
    unreadableOrders,
  };
}
