/**
 * A shop's orders as typed columns: what every figure is folded from. A million orders take about 45 MB, which a process
 * can keep for many shops, and which a loop reads in milliseconds.
 *
 * Orders are sorted by (placedAt, id), refunds by order and then by id; dictionaries are sorted by id. Thus the same rows
 * always give the same columns, however they were read.
 */
import { dictionaryOf, positionsIn, stableByPosition } from "./id-index.ts";
import {
  addRow,
  appendRows,
  fieldOf,
  gather,
  narrowed,
  rowBuffer,
  type IntColumn,
  type RowBuffer,
} from "./row-buffer.ts";

/** What the figures need to know of the shop itself. */
export interface ShopFacts {
  shopId: number;
  /** ISO 4217. */
  currency: string;
  timeZone: string;
  /** Stands in for unit costs that products lack, in hundredths of a percent of net sales; `null`: no stand-in. */
  flatMarginBasisPoints: number | null;
  installGeneration: number;
  /** Grows with each change of orders or customers. */
  dataVersion: number;
  /** When the rows were read, epoch milliseconds. */
  readAt: number;
  /** All orders that Shopify lets us read are in. */
  syncComplete: boolean;
  /** First order day that Shopify lets us read; `null` when the whole history is readable. */
  readableFromDay: number | null;
  /** Orders that Shopify told in a way that could not be read: they are not in, or as they were before. */
  unreadableOrders: number;
}

export interface OrderColumns {
  readonly shop: ShopFacts;
  readonly orderCount: number;
  readonly orderId: Float64Array;
  /** placedAt = day * 86,400,000 + placedOffset: half the bytes of the time itself. */
  readonly placedOffset: IntColumn;
  readonly day: IntColumn;
  /** Index into `customerIds`; -1 is a guest. */
  readonly customer: Int32Array;
  /** app/core/order-flags.ts. */
  readonly flags: Uint8Array;
  readonly grossMinor: IntColumn;
  readonly discountMinor: IntColumn;
  readonly shippingMinor: IntColumn;
  readonly taxMinor: IntColumn;
  readonly tipMinor: IntColumn;
  readonly giftCardMinor: IntColumn;
  /** Unit costs of the units kept. */
  readonly costMinor: IntColumn;
  /** Net sales of the lines that have a unit cost. */
  readonly costedNetMinor: IntColumn;
  readonly differenceMinor: IntColumn;
  /** Index into `productIds` of the largest line's product; -1 where it has none. */
  readonly leadProduct: IntColumn;

  readonly customerIds: Float64Array;
  /** 1: has one of the tags whose customers the merchant leaves out. */
  readonly customerExcluded: Uint8Array;
  readonly productIds: Float64Array;

  readonly refunds: RefundColumns;
}

export interface RefundColumns {
  readonly count: number;
  /** Index of the refunded order. */
  readonly order: Int32Array;
  readonly day: IntColumn;
  readonly productMinor: IntColumn;
  readonly shippingMinor: IntColumn;
  readonly taxMinor: IntColumn;
  readonly giftCardMinor: IntColumn;
  readonly costMinor: IntColumn;
}

/** The fields of an order's row, in the order in which readers hand them over. `null` is handed over as it is. */
export const ORDER_FIELDS = [
  "id",
  "placedAt",
  "day",
  "customerId",
  "flags",
  "leadProductId",
  "grossMinor",
  "discountMinor",
  "shippingMinor",
  "taxMinor",
  "tipMinor",
  "giftCardMinor",
  "costMinor",
  "costedNetMinor",
  "differenceMinor",
] as const;

/** The fields of a refund's row; rows come in the order of (orderId, id). */
export const REFUND_FIELDS = [
  "orderId",
  "day",
  "productMinor",
  "shippingMinor",
  "taxMinor",
  "giftCardMinor",
  "costMinor",
] as const;

const DAY_MS = 86_400_000;

export type OrderRows = RowBuffer<(typeof ORDER_FIELDS)[number]>;
export type RefundRows = RowBuffer<(typeof REFUND_FIELDS)[number]>;

export function orderRows(capacity = 1024): OrderRows {
  return rowBuffer(ORDER_FIELDS, capacity);
}

export function refundRows(capacity = 256): RefundRows {
  return rowBuffer(REFUND_FIELDS, capacity);
}

/** Turns rows in any order into columns. Refunds whose order is not among the rows are dropped. */
export function buildOrderColumns(
  shop: ShopFacts,
  orders: OrderRows,
  refunds: RefundRows,
  excludedCustomerIds: readonly number[],
): OrderColumns {
  const id = fieldOf(orders, "id");
  const placedAt = fieldOf(orders, "placedAt");
  const day = fieldOf(orders, "day");
  const sorted = sortedByTime(placedAt, id);
  const gathered = (field: (typeof ORDER_FIELDS)[number]) => narrowed(gather(fieldOf(orders, field), sorted));

  const customers = dictionaryOf(fieldOf(orders, "customerId"));
  const products = dictionaryOf(fieldOf(orders, "leadProductId"));
  const orderId = Float64Array.from(gather(id, sorted));
  const offset = new Float64Array(orders.count);
  for (let i = 0; i < orders.count; i++) offset[i] = (placedAt[i] as number) - (day[i] as number) * DAY_MS;

  return {
    shop,
    orderCount: orders.count,
    orderId,
    placedOffset: narrowed(gather(offset, sorted)),
    day: gathered("day"),
    customer: gather(customers.index, sorted) as Int32Array,
    flags: Uint8Array.from(gather(fieldOf(orders, "flags"), sorted)),
    grossMinor: gathered("grossMinor"),
    discountMinor: gathered("discountMinor"),
    shippingMinor: gathered("shippingMinor"),
    taxMinor: gathered("taxMinor"),
    tipMinor: gathered("tipMinor"),
    giftCardMinor: gathered("giftCardMinor"),
    costMinor: gathered("costMinor"),
    costedNetMinor: gathered("costedNetMinor"),
    differenceMinor: gathered("differenceMinor"),
    leadProduct: narrowed(gather(products.index, sorted)),
    customerIds: customers.ids,
    customerExcluded: excludedFlags(customers.ids, excludedCustomerIds),
    productIds: products.ids,
    refunds: buildRefundColumns(refunds, orderId),
  };
}

function buildRefundColumns(refunds: RefundRows, orderId: Float64Array): RefundColumns {
  const positions = positionsIn(orderId, fieldOf(refunds, "orderId"));
  const sorted = stableByPosition(positions, orderId.length);
  const gathered = (field: (typeof REFUND_FIELDS)[number]) =>
    narrowed(gather(fieldOf(refunds, field), sorted));
  return {
    count: sorted.length,
    order: gather(positions, sorted) as Int32Array,
    day: gathered("day"),
    productMinor: gathered("productMinor"),
    shippingMinor: gathered("shippingMinor"),
    taxMinor: gathered("taxMinor"),
    giftCardMinor: gathered("giftCardMinor"),
    costMinor: gathered("costMinor"),
  };
}

/**
 * The columns after a change: `changed` orders replace those of the same id or are added, with all of their refunds, and
 * `deletedOrderIds` go. Equals reading everything anew.
 */
export function mergeOrderColumns(
  columns: OrderColumns,
  shop: ShopFacts,
  changed: OrderRows,
  changedRefunds: RefundRows,
  deletedOrderIds: readonly number[],
  excludedCustomerIds: readonly number[],
): OrderColumns {
  const replaced = new Set<number>(deletedOrderIds);
  for (const id of fieldOf(changed, "id")) replaced.add(id);

  const orders = orderRows(columns.orderCount + changed.count);
  const refunds = refundRows(columns.refunds.count + changedRefunds.count);
  const row: number[] = [];
  const kept = new Uint8Array(columns.orderCount);
  for (let i = 0; i < columns.orderCount; i++) {
    if (replaced.has(columns.orderId[i] as number)) continue;
    kept[i] = 1;
    orderRowAt(columns, i, row);
    addRow(orders, row);
  }
  for (let r = 0; r < columns.refunds.count; r++) {
    if (kept[columns.refunds.order[r] as number] === 0) continue;
    refundRowAt(columns, r, row);
    addRow(refunds, row);
  }
  appendRows(orders, changed);
  appendRows(refunds, changedRefunds);
  return buildOrderColumns(shop, orders, refunds, excludedCustomerIds);
}

function orderRowAt(columns: OrderColumns, i: number, row: number[]): void {
  const day = columns.day[i] as number;
  const customer = columns.customer[i] as number;
  const product = columns.leadProduct[i] as number;
  row.length = ORDER_FIELDS.length;
  row[0] = columns.orderId[i] as number;
  row[1] = day * DAY_MS + (columns.placedOffset[i] as number);
  row[2] = day;
  row[3] = customer < 0 ? 0 : (columns.customerIds[customer] as number);
  row[4] = columns.flags[i] as number;
  row[5] = product < 0 ? 0 : (columns.productIds[product] as number);
  row[6] = columns.grossMinor[i] as number;
  row[7] = columns.discountMinor[i] as number;
  row[8] = columns.shippingMinor[i] as number;
  row[9] = columns.taxMinor[i] as number;
  row[10] = columns.tipMinor[i] as number;
  row[11] = columns.giftCardMinor[i] as number;
  row[12] = columns.costMinor[i] as number;
  row[13] = columns.costedNetMinor[i] as number;
  row[14] = columns.differenceMinor[i] as number;
}

function refundRowAt({ refunds, orderId }: OrderColumns, r: number, row: number[]): void {
  row.length = REFUND_FIELDS.length;
  row[0] = orderId[refunds.order[r] as number] as number;
  row[1] = refunds.day[r] as number;
  row[2] = refunds.productMinor[r] as number;
  row[3] = refunds.shippingMinor[r] as number;
  row[4] = refunds.taxMinor[r] as number;
  row[5] = refunds.giftCardMinor[r] as number;
  row[6] = refunds.costMinor[r] as number;
}

/** Bytes that the columns hold, for the cache's limit. */
export function bytesOf(columns: OrderColumns): number {
  let bytes = 0;
  for (const part of [columns, columns.refunds]) {
    for (const value of Object.values<unknown>({ ...part })) {
      if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    }
  }
  return bytes;
}

/**
 * Positions in the order of (placedAt, id), by a natural merge sort: rows come from the database by id, which is nearly
 * the order of time, and columns being merged are sorted but for what is new.
 */
function sortedByTime(placedAt: Int32Array | Float64Array, id: Int32Array | Float64Array): Int32Array {
  const count = placedAt.length;
  const notAfter = (a: number, b: number) => {
    const difference = (placedAt[a] as number) - (placedAt[b] as number);
    return difference < 0 || (difference === 0 && (id[a] as number) <= (id[b] as number));
  };
  let from = new Int32Array(count);
  for (let i = 0; i < count; i++) from[i] = i;
  let to = new Int32Array(count);
  let runs = runStarts(from, notAfter);
  while (runs.length > 2) {
    const merged = [0];
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const end = runs[run + 2] ?? count;
      mergeRuns(from, to, runs[run] as number, runs[run + 1] as number, end, notAfter);
      merged.push(end);
    }
    if (merged.at(-1) !== count) merged.push(count);
    [from, to, runs] = [to, from, merged];
  }
  return from;
}

/** Starts of the ascending runs, and the end. */
function runStarts(order: Int32Array, notAfter: (a: number, b: number) => boolean): number[] {
  const starts = [0];
  for (let i = 1; i < order.length; i++) {
    if (!notAfter(order[i - 1] as number, order[i] as number)) starts.push(i);
  }
  starts.push(order.length);
  return starts;
}

function mergeRuns(
  from: Int32Array,
  to: Int32Array,
  start: number,
  middle: number,
  end: number,
  notAfter: (a: number, b: number) => boolean,
): void {
  let left = start;
  let right = middle;
  for (let i = start; i < end; i++) {
    const takeLeft = right >= end || (left < middle && notAfter(from[left] as number, from[right] as number));
    to[i] = from[takeLeft ? left++ : right++] as number;
  }
}

function excludedFlags(customerIds: Float64Array, excluded: readonly number[]): Uint8Array {
  const flags = new Uint8Array(customerIds.length);
  for (const position of positionsIn(customerIds, Float64Array.from(excluded))) {
    if (position >= 0) flags[position] = 1;
  }
  return flags;
}
