/**
 * A shop's orders as typed columns: what every figure is folded from. A million orders take about 45 MB, which a process
 * can keep for many shops, and which a loop reads in milliseconds.
 *
 * Orders are sorted by (placedAt, id), refunds by order and then by id; dictionaries are sorted by id. Thus the same rows
 * always give the same columns, however they were read.
 */
import { dictionaryOf, positionsIn, stableByPosition, usedIds } from "./id-index.ts";
import {
  addRow,
  fieldOf,
  gather,
  joined,
  narrowed,
  rowBuffer,
  type IntColumn,
  type RowBuffer,
} from "./row-buffer.ts";
import { codeOfText, textCodes, textDictionary, type TextCodes } from "./text-codes.ts";

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
  /** Index into `sourceNames` of where the visit came from that began the way to the order; -1 where Shopify does not tell. */
  readonly firstSource: IntColumn;

  readonly customerIds: Float64Array;
  /** 1: has one of the tags whose customers the merchant leaves out. */
  readonly customerExcluded: Uint8Array;
  readonly productIds: Float64Array;
  readonly sourceNames: readonly string[];

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
  "firstSource",
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

type Amount = Exclude<
  (typeof ORDER_FIELDS)[number],
  "id" | "placedAt" | "customerId" | "flags" | "leadProductId" | "firstSource"
>;
type RefundAmount = Exclude<(typeof REFUND_FIELDS)[number], "orderId">;

/** `firstSource` is a code. */
export interface OrderRows extends RowBuffer<(typeof ORDER_FIELDS)[number]> {
  readonly sources: TextCodes;
}
export type RefundRows = RowBuffer<(typeof REFUND_FIELDS)[number]>;

export function orderRows(capacity = 1024): OrderRows {
  return { ...rowBuffer(ORDER_FIELDS, capacity), sources: textCodes() };
}

const SOURCE_PLACE = ORDER_FIELDS.indexOf("firstSource");

/** Adds an order's row as it was read: the source, a text, becomes its code in place. */
export function addOrderRow(rows: OrderRows, row: (number | string | null)[]): void {
  row[SOURCE_PLACE] = codeOfText(rows.sources, (row[SOURCE_PLACE] as string | null | undefined) ?? null);
  addRow(rows, row as (number | null)[]);
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
  const sorted = sortedByTime(placedAt, id);
  const gathered = (field: (typeof ORDER_FIELDS)[number]) => narrowed(gather(fieldOf(orders, field), sorted));

  const customers = dictionaryOf(fieldOf(orders, "customerId"));
  const products = dictionaryOf(fieldOf(orders, "leadProductId"));
  const sources = textDictionary(gather(fieldOf(orders, "firstSource"), sorted), orders.sources.texts);
  const orderId = new Float64Array(gather(id, sorted));

  return {
    shop,
    orderCount: orders.count,
    orderId,
    placedOffset: narrowed(gather(placedOffsets(orders), sorted)),
    day: gathered("day"),
    customer: gather(customers.index, sorted) as Int32Array,
    flags: new Uint8Array(gather(fieldOf(orders, "flags"), sorted)),
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
    firstSource: narrowed(sources.index),
    customerIds: customers.ids,
    customerExcluded: excludedFlags(customers.ids, excludedCustomerIds),
    productIds: products.ids,
    sourceNames: sources.texts,
    refunds: buildRefundColumns(refunds, orderId),
  };
}

function placedOffsets(orders: OrderRows): Float64Array {
  const placedAt = fieldOf(orders, "placedAt");
  const day = fieldOf(orders, "day");
  const offsets = new Float64Array(orders.count);
  for (let i = 0; i < orders.count; i++) offsets[i] = (placedAt[i] as number) - (day[i] as number) * DAY_MS;
  return offsets;
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
  const order = mergedOrder(columns, changed, deletedOrderIds);
  const merged = (old: IntColumn | Uint8Array, fresh: IntColumn) => gather(joined(old, fresh), order);
  const amount = (field: Amount) => narrowed(merged(columns[field], fieldOf(changed, field)));
  const customers = mergedDictionary(
    columns.customerIds,
    columns.customer,
    fieldOf(changed, "customerId"),
    order,
  );
  const products = mergedDictionary(
    columns.productIds,
    columns.leadProduct,
    fieldOf(changed, "leadProductId"),
    order,
  );
  const sources = mergedSources(columns, changed, order);
  return {
    shop,
    orderCount: order.length,
    orderId: merged(columns.orderId, fieldOf(changed, "id")) as Float64Array,
    placedOffset: narrowed(merged(columns.placedOffset, placedOffsets(changed))),
    day: amount("day"),
    customer: customers.index,
    flags: new Uint8Array(merged(columns.flags, fieldOf(changed, "flags"))),
    grossMinor: amount("grossMinor"),
    discountMinor: amount("discountMinor"),
    shippingMinor: amount("shippingMinor"),
    taxMinor: amount("taxMinor"),
    tipMinor: amount("tipMinor"),
    giftCardMinor: amount("giftCardMinor"),
    costMinor: amount("costMinor"),
    costedNetMinor: amount("costedNetMinor"),
    differenceMinor: amount("differenceMinor"),
    leadProduct: narrowed(products.index),
    firstSource: narrowed(sources.index),
    customerIds: customers.ids,
    customerExcluded: excludedFlags(customers.ids, excludedCustomerIds),
    productIds: products.ids,
    sourceNames: sources.texts,
    refunds: mergedRefunds(columns, changed, changedRefunds, order),
  };
}

/** Where each order is after the change: its old place, or from the old count on its row among the changed ones. */
function mergedOrder(
  columns: OrderColumns,
  changed: OrderRows,
  deletedOrderIds: readonly number[],
): Int32Array {
  const { orderId, orderCount, day, placedOffset } = columns;
  const id = fieldOf(changed, "id");
  const placedAt = fieldOf(changed, "placedAt");
  const added = sortedByTime(placedAt, id);
  const gone = positionsIn(
    joined(new Float64Array(id), Float64Array.from(deletedOrderIds)) as Float64Array,
    orderId,
  );
  const order = new Int32Array(orderCount + added.length);
  let count = 0;
  let next = 0;
  for (let i = 0; i < orderCount; i++) {
    if ((gone[i] as number) >= 0) continue;
    const at = (day[i] as number) * DAY_MS + (placedOffset[i] as number);
    for (; next < added.length; next++) {
      const row = added[next] as number;
      const difference = (placedAt[row] as number) - at;
      if (difference > 0 || (difference === 0 && (id[row] as number) > (orderId[i] as number))) break;
      order[count++] = orderCount + row;
    }
    order[count++] = i;
  }
  for (; next < added.length; next++) order[count++] = orderCount + (added[next] as number);
  return order.slice(0, count);
}

function mergedDictionary(
  ids: Float64Array,
  index: IntColumn,
  changedIds: Int32Array | Float64Array,
  order: Int32Array,
): { ids: Float64Array; index: Int32Array } {
  const fresh = dictionaryOf(changedIds);
  for (let row = 0; row < fresh.index.length; row++) {
    const at = fresh.index[row] as number;
    if (at >= 0) fresh.index[row] = at + ids.length;
  }
  return usedIds(gather(joined(index, fresh.index), order) as Int32Array, joined(ids, fresh.ids));
}

/** The changed orders' texts are numbered on from the known ones. */
function mergedSources({ firstSource, sourceNames }: OrderColumns, changed: OrderRows, order: Int32Array) {
  const codes = joined(new Int32Array(firstSource), fieldOf(changed, "firstSource"));
  for (let i = 0; i < codes.length; i++) {
    const at = codes[i] as number;
    if (i < firstSource.length) codes[i] = at + 1;
    else if (at > 0) codes[i] = at + sourceNames.length;
  }
  return textDictionary(gather(codes, order), [...sourceNames, ...changed.sources.texts]);
}

/** Those of orders that stay, and those of the changed ones. */
function mergedRefunds(
  columns: OrderColumns,
  changed: OrderRows,
  changedRefunds: RefundRows,
  order: Int32Array,
): RefundColumns {
  const { refunds, orderCount } = columns;
  const place = new Int32Array(orderCount + changed.count).fill(-1);
  for (let i = 0; i < order.length; i++) place[order[i] as number] = i;
  const rows = positionsIn(new Float64Array(fieldOf(changed, "id")), fieldOf(changedRefunds, "orderId"));
  const positions = new Int32Array(refunds.count + rows.length).fill(-1);
  for (let r = 0; r < refunds.count; r++) positions[r] = place[refunds.order[r] as number] as number;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r] as number;
    if (row >= 0) positions[refunds.count + r] = place[orderCount + row] as number;
  }
  const sorted = stableByPosition(positions, order.length);
  const merged = (field: RefundAmount) =>
    narrowed(gather(joined(refunds[field], fieldOf(changedRefunds, field)), sorted));
  return {
    count: sorted.length,
    order: gather(positions, sorted) as Int32Array,
    day: merged("day"),
    productMinor: merged("productMinor"),
    shippingMinor: merged("shippingMinor"),
    taxMinor: merged("taxMinor"),
    giftCardMinor: merged("giftCardMinor"),
    costMinor: merged("costMinor"),
  };
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
