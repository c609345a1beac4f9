/**
 * What each order was made of, as typed columns beside the order columns: one line per order and product. A million orders of
 * two or three products take about 35 MB.
 *
 * Lines stand by the order columns' own order and then by product, lines of one product in one order are one, and the
 * dictionary is sorted by id: the same rows always give the same columns.
 */
import { dictionaryOf, positionsIn, stableByPosition } from "./id-index.ts";
import type { OrderColumns } from "./order-columns.ts";
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
  place.forEach((at, line) => {
    start[(order[line] as number) + 1] = at + 1;
    ofProduct[at] = product[line] as number;
  });
  for (let i = 0; i < orderCount; i++) {
    start[i + 1] = Math.max(start[i + 1] as number, start[i] as number);
  }
  const summed = (field: "quantity" | "netMinor" | "refundMinor") => {
    const values = fieldOf(lines, field);
    const sums = new Float64Array(count);
    place.forEach((at, line) => {
      sums[at] = (sums[at] as number) + (values[sorted[line] as number] as number);
    });
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
 * hold go. Equals reading everything anew.
 */
export function mergeLineColumns(
  columns: OrderColumns,
  lines: LineColumns,
  changed: LineRows,
  changedOrderIds: readonly number[],
): LineColumns {
  const rows = lineRows(lines.product.length + changed.count);
  const replaced = new Set(changedOrderIds);
  const positions = positionsIn(columns.orderId, lines.orderId);
  const row: number[] = [];
  row.length = LINE_FIELDS.length;
  for (let i = 0; i < lines.orderId.length; i++) {
    const id = lines.orderId[i] as number;
    if ((positions[i] as number) < 0 || replaced.has(id)) continue;
    for (let line = lines.start[i] as number; line < (lines.start[i + 1] as number); line++) {
      row[0] = id;
      row[1] = lines.productIds[lines.product[line] as number] as number;
      row[2] = lines.quantity[line] as number;
      row[3] = lines.netMinor[line] as number;
      row[4] = lines.refundMinor[line] as number;
      addRow(rows, row);
    }
  }
  appendRows(rows, changed);
  return buildLineColumns(columns, rows);
}

/** Bytes that the lines hold beside the order columns, for the cache's limit. */
export function lineBytes(lines: LineColumns, columns: OrderColumns): number {
  const { start, product, quantity, netMinor, refundMinor, productIds, orderId } = lines;
  const own = [start, product, quantity, netMinor, refundMinor, productIds];
  if (orderId !== columns.orderId) own.push(orderId);
  return own.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
