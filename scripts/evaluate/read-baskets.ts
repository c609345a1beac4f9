/**
 * Reads who bought which products in which order from a csv (gz too).
 *
 * The rule, in full. With --columns each record is a line of an order: one that is empty, lacks a column, or names no order, no
 * product, no customer (or `NA`) or no date is skipped, and so is one whose order belongs to another customer; an order is
 * as old as its first record, and orders of the same moment stand in the file's sequence. Without --columns the file is read as the
 * demo reads it (devstore/history), returns and all; orders of guests and lines that name no product are left out.
 */
import { basketHistory, type BasketHistory } from "../../app/core/recommendations/basket-history.ts";
import { keepAccount, recordFault, type ImportAccount } from "../../devstore/history/account.ts";
import { parseColumnNames } from "../../devstore/history/columns.ts";
import { detectDateForm, readDate } from "../../devstore/history/dates.ts";
import { readHistory, refuseUnknownUnits } from "../../devstore/history/read-history.ts";
import { openTable, UnusableFile } from "../../devstore/history/table.ts";
import { zoneOf } from "../../devstore/history/zone.ts";
import type { EvaluateOptions } from "./options.ts";

export interface FileBaskets {
  kind: string;
  history: BasketHistory;
  account: ImportAccount;
}

/** Throws UnusableFile, with one sentence, for a file that cannot be read. */
export async function readBaskets(options: EvaluateOptions): Promise<FileBaskets> {
  refuseUnknownUnits("USD", options.timeZone);
  return options.columns === undefined ? ofKnownKind(options) : ofNamedColumns(options, options.columns);
}

async function ofKnownKind({ file, dates, timeZone }: EvaluateOptions): Promise<FileBaskets> {
  const read = await readHistory({ file, timeZone, ...(dates && { dates }) });
  if (!read.ok) throw new UnusableFile(read.reason);
  const lines = keepLines();
  for (const { key, customerKey, placedAt, lines: bought } of read.history.orders) {
    if (customerKey === null) continue;
    for (const { productKey } of bought) {
      if (productKey !== null)
        lines.add({ customer: customerKey, order: key, product: productKey, at: placedAt });
    }
  }
  return { kind: read.kind, history: lines.close(), account: read.account };
}

async function ofNamedColumns(
  { file, dates, timeZone }: EvaluateOptions,
  named: string,
): Promise<FileBaskets> {
  const needed = ["customer", "order", "product", "date"] as const;
  const names = parseColumnNames(named, needed);
  const table = await openTable(file);
  const positions = needed.map((field) => {
    const position = table.header.indexOf(names[field] ?? "");
    if (position >= 0) return position;
    throw new UnusableFile(`There is no column ${names[field]}; the file has ${table.header.join(", ")}.`);
  });
  const [customerAt = 0, orderAt = 0, productAt = 0, dateAt = 0] = positions;
  const different = new Set<string>();
  for await (const record of table.records()) different.add(record[dateAt]?.trim() ?? "");
  different.delete("");
  const detected = detectDateForm(different, dates);
  if (!detected.ok) throw new UnusableFile(`Column ${names.date}: ${detected.reason}.`);

  const zone = zoneOf(timeZone);
  const account = keepAccount();
  const lines = keepLines();
  const width = Math.max(...positions);
  for await (const record of table.records()) {
    account.read();
    const fault = recordFault(record, width);
    if (fault !== null) {
      account.skip(fault);
      continue;
    }
    const field = (position: number) => record[position]?.trim() ?? "";
    const [customer, order, product] = [field(customerAt), field(orderAt), field(productAt)];
    const at = readDate(field(dateAt), detected.form, zone);
    if (customer === "" || customer === "NA") account.skip("no customer");
    else if (order === "") account.skip("no order");
    else if (product === "") account.skip("no product");
    else if (at === null) account.skip("date not understood");
    else if (!lines.add({ customer, order, product, at })) account.skip("the order is another customer's");
    else account.take();
  }
  return { kind: "a table with named columns", history: lines.close(), account: account.close() };
}

interface Line {
  customer: string;
  order: string;
  product: string;
  at: number;
}

/** `add` refuses a line whose order is somebody else's. */
function keepLines(): { add(line: Line): boolean; close(): BasketHistory } {
  const customers = new Map<string, number>();
  const orders = new Map<string, number>();
  const products = new Map<string, number>();
  const orderCustomer: number[] = [];
  const orderAt: number[] = [];
  const lineOrder: number[] = [];
  const lineProduct: number[] = [];
  return {
    add({ customer, order, product, at }) {
      const who = numberOf(customers, customer);
      const which = numberOf(orders, order);
      if (which === orderCustomer.length) {
        orderCustomer.push(who);
        orderAt.push(at);
      }
      if (orderCustomer[which] !== who) return false;
      lineOrder.push(which);
      lineProduct.push(numberOf(products, product));
      return true;
    },
    close: () =>
      basketHistory({
        customerCount: customers.size,
        productCount: products.size,
        orderCustomer,
        orderAt,
        lineOrder,
        lineProduct,
      }),
  };
}

function numberOf(known: Map<string, number>, key: string): number {
  const number = known.get(key) ?? known.size;
  if (number === known.size) known.set(key, number);
  return number;
}
