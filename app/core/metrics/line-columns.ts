/**
 * What each order was made of, as typed columns beside the order columns: one line per order and product. A million orders of
 * two or three products take about 35 MB.
 *
 * Lines stand by the order columns' own order and then by product, lines of one product in one order are one, and the
 * dictionary is sorted by id: the same rows always give the same columns.
 */
import { dictionaryOf, positionsIn, stableByPosition, usedIds } from "./id-index.ts";
import type { OrderColumns } from "./order-columns.ts";
import {
  fieldOf,
  gather,
  joined,
  narrowed,
  rowBuffer,
  type IntColumn,
  type RowBuffer,
} from "./row-buffer.ts";

export interface LineColumns {
  /** What the rows were read at, as in the shop's facts. */
  readonly installGeneration: number;
  readonly dataVersion: number;
  /** The orders that `start` is of: the order columns' own array while both are of one version. */
  readonly orderId: Float64Array;
  /** Order i has the lines from start[i] to before start[i + 1]. */
  readonly start: Int32Array;
  /** Index into `productIds`. */
  readonly product: IntColumn;
  /** Units sold after edits, before refunds. */
  readonly quantity: IntColumn;
  /** After discounts, before refunds. */
  readonly netMinor: IntColumn;
  readonly refundMinor: IntColumn;
  readonly productIds: Float64Array;
}

/** The fields of a line's row, in the order in which readers hand them over. */
export const LINE_FIELDS = ["orderId", "productId", "quantity", "netMinor", "refundMinor"] as const;

type Amount = "quantity" | "netMinor" | "refundMinor";

export type LineRows = RowBuffer<(typeof LINE_FIELDS)[number]>;

export function lineRows(capacity = 1024): LineRows {
  return rowBuffer(LINE_FIELDS, capacity);
}

/** Turns rows in any order into columns. Lines whose order is not among the columns are dropped. */
export function buildLineColumns(columns: OrderColumns, lines: LineRows): LineColumns {
  const { shop, orderId, orderCount } = columns;
  const products = dictionaryOf(fieldOf(lines, "productId"));
  const byProduct = stableByPosition(products.index, products.ids.length);
  const positions = positionsIn(orderId, fieldOf(lines, "orderId"));
  const byOrder = stableByPosition(gather(positions, byProduct) as Int32Array, orderCount);
  const sorted = gather(byProduct, byOrder) as Int32Array;
  const order = gather(positions, sorted) as Int32Array;
  const product = gather(products.index, sorted) as Int32Array;

  const place = placesOf(order, product);
  const count = (place.at(-1) ?? -1) + 1;
  const start = new Int32Array(orderCount + 1);
  const ofProduct = new Int32Array(count);
  for (let line = 0; line < place.length; line++) {
    const at = place[line] as number;
    start[(order[line] as number) + 1] = at + 1;
    ofProduct[at] = product[line] as number;
  }
  for (let i = 0; i < orderCount; i++) {
    start[i + 1] = Math.max(start[i + 1] as number, start[i] as number);
  }
  const summed = (field: Amount) => {
    const values = fieldOf(lines, field);
    const sums = new Float64Array(count);
    for (let line = 0; line < place.length; line++) {
      const at = place[line] as number;
      sums[at] = (sums[at] as number) + (values[sorted[line] as number] as number);
    }
    return narrowed(sums);
  };
  return {
    installGeneration: shop.installGeneration,
    dataVersion: shop.dataVersion,
    orderId,
    start,
    product: narrowed(ofProduct),
    quantity: summed("quantity"),
    netMinor: summed("netMinor"),
    refundMinor: summed("refundMinor"),
    productIds: products.ids,
  };
}

/** For each sorted line the place of its order's line of that product. */
function placesOf(order: Int32Array, product: Int32Array): Int32Array {
  const place = new Int32Array(order.length);
  let at = -1;
  for (let line = 0; line < order.length; line++) {
    if (line === 0 || order[line] !== order[line - 1] || product[line] !== product[line - 1]) at++;
    place[line] = at;
  }
  return place;
}

/**
 * The lines after a change: those of `changedOrderIds` are replaced by `changed`, and those of orders that the columns no longer
 * hold go. Equals reading everything anew, in one pass: what did not change stands in the same order before and after.
 */
export function mergeLineColumns(
  columns: OrderColumns,
  lines: LineColumns,
  changed: LineRows,
  changedOrderIds: readonly number[],
): LineColumns {
  const fresh = buildLineColumns(columns, changed);
  const from = formerOrders(columns, lines, new Set(changedOrderIds));
  const start = new Int32Array(columns.orderCount + 1);
  for (let i = 0; i < columns.orderCount; i++) {
    const former = from[i] as number;
    const [of, at] = former < 0 ? [fresh, i] : [lines, former];
    start[i + 1] = (start[i] as number) + ((of.start[at + 1] as number) - (of.start[at] as number));
  }

  const join = <T extends IntColumn>(into: T, of: IntColumn, ofFresh: IntColumn): T => {
    for (let i = 0; i < columns.orderCount; i++) {
      const former = from[i] as number;
      const source = former < 0 ? ofFresh : of;
      let line = former < 0 ? (fresh.start[i] as number) : (lines.start[former] as number);
      for (let at = start[i] as number; at < (start[i + 1] as number); at++) {
        into[at] = source[line++] as number;
      }
    }
    return into;
  };
  const count = start.at(-1) ?? 0;
  const amount = (field: Amount) => narrowed(join(new Float64Array(count), lines[field], fresh[field]));
  const ids = joined(lines.productIds, fresh.productIds);
  const freshProduct = Int32Array.from(fresh.product, (product) => product + lines.productIds.length);
  const products = usedIds(join(new Int32Array(count), lines.product, freshProduct), ids);
  return {
    installGeneration: columns.shop.installGeneration,
    dataVersion: columns.shop.dataVersion,
    orderId: columns.orderId,
    start,
    product: narrowed(products.index),
    quantity: amount("quantity"),
    netMinor: amount("netMinor"),
    refundMinor: amount("refundMinor"),
    productIds: products.ids,
  };
}

/** For each order its place among the orders that the lines are of; -1 where it is new or changed. */
function formerOrders(
  { orderId }: OrderColumns,
  lines: LineColumns,
  changed: ReadonlySet<number>,
): Int32Array {
  const from = new Int32Array(orderId.length).fill(-1);
  let former = 0;
  for (let i = 0; i < orderId.length; i++) {
    const id = orderId[i] as number;
    if (changed.has(id)) continue;
    while (lines.orderId[former] !== id) {
      if (former++ >= lines.orderId.length) throw new Error(`order ${id} is new and not told as changed`);
    }
    from[i] = former;
  }
  return from;
}

/** Bytes that the lines hold beside the order columns, for the cache's limit. */
export function lineBytes(lines: LineColumns, columns: OrderColumns): number {
  const { start, product, quantity, netMinor, refundMinor, productIds, orderId } = lines;
  const own = [start, product, quantity, netMinor, refundMinor, productIds];
  if (orderId !== columns.orderId) own.push(orderId);
  return own.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
