/**
 * Takes in any table of purchases whose columns are named: `customer=..,date=..,amount=..[,order=..,product=..,quantity=..]`.
 *
 * The rule, in full. A record is looked at in this order, and the first that holds decides:
 * 1. An empty line, or one without all the named columns, is skipped.
 * 2. A date that is not one in the form found out from the whole column (dates.ts) is skipped. Times without an offset
 *    are the zone's own; a date without a time is noon of that day in the zone.
 * 3. An amount that is not a number is skipped, and so is a negative one: the table does not say what it takes back.
 *    Amounts are for the whole line, all units together, rounded half away from zero to the currency's minor unit. An
 *    amount of zero is a purchase of zero.
 * 4. A quantity that is no whole number above zero is skipped.
 * 5. Without an order column each record is an order. With one, records with the same value are lines of one order, at
 *    the earliest of their times; a record that names another customer than the order's first record is skipped, and so
 *    is one without an order.
 * Everything else is taken. An empty customer or `NA` is a guest. There is no tax, shipping, discount or refund; a line's
 * gross and net amount is the amount of the record. Where the units of a record do not divide its amount, it becomes two
 * lines of which one costs a minor unit more.
 */
import { keepAccount, recordFault, type ImportAccount } from "./account.ts";
import { readMinor, readWhole } from "./amounts.ts";
import { customersOf, inOrderOfTime, linesWorth, ordinaryOrder } from "./assemble.ts";
import { detectDateForm, readDate } from "./dates.ts";
import type { HistoryLine, HistoryOrder, HistoryProduct, ShopHistory } from "./model.ts";
import { UnusableFile, type Table } from "./table.ts";
import { zoneOf } from "./zone.ts";

const FIELDS = ["customer", "date", "amount", "order", "product", "quantity"] as const;
type Field = (typeof FIELDS)[number];
export type ColumnNames = Partial<Record<Field, string>>;

/** Reads `customer=customer_id,date=date,amount=value`; those that are `needed` must be there. */
export function parseColumnNames(
  text: string,
  needed: readonly Field[] = ["customer", "date", "amount"],
): ColumnNames {
  const names: ColumnNames = {};
  for (const part of text.split(",")) {
    const [field = "", ...rest] = part.split("=");
    const known = FIELDS.find((name) => name === field.trim());
    const column = rest.join("=").trim();
    if (!known || column === "") {
      throw new UnusableFile(`--columns ${text} is not understood; write ${howToName(needed)}.`);
    }
    if (names[known]) throw new UnusableFile(`--columns names two ${known} columns.`);
    names[known] = column;
  }
  for (const field of needed) {
    if (!names[field]) throw new UnusableFile(`--columns names no ${field} column.`);
  }
  return names;
}

/** `customer=..,date=..,amount=..[,order=..,product=..,quantity=..]` */
function howToName(needed: readonly Field[]): string {
  const others = FIELDS.filter((field) => !needed.includes(field));
  return `${needed.map((field) => `${field}=..`).join(",")}[${others.map((field) => `,${field}=..`).join("")}]`;
}

export interface ColumnOptions {
  columns: ColumnNames;
  currency: string;
  timeZone: string;
  dates?: "dmy" | "mdy";
}

interface Entry {
  customer: string | null;
  date: string;
  amount: string;
  order: string;
  product: string;
  quantity: string;
}

const isAbsent = (value: string) => value === "" || value === "NA";

export async function readColumns(
  table: Table,
  options: ColumnOptions,
): Promise<{ history: ShopHistory; account: ImportAccount }> {
  const { columns, currency, timeZone } = options;
  const positions = positionsOf(table.header, columns);
  const needed = Math.max(...positions.values());
  const account = keepAccount();
  const entries: Entry[] = [];
  for await (const record of table.records()) {
    account.read();
    const fault = recordFault(record, needed);
    if (fault !== null) account.skip(fault);
    else entries.push(entryOf(record, positions));
  }

  if (entries.length === 0) return { history: emptyHistory(currency, timeZone), account: account.close() };
  const detected = detectDateForm(
    (function* () {
      for (const { date } of entries) yield date;
    })(),
    options.dates,
  );
  if (!detected.ok) throw new UnusableFile(`Column ${columns.date}: ${detected.reason}.`);
  const zone = zoneOf(timeZone);
  const orders = new Map<string, HistoryOrder>();
  const products = new Map<string, HistoryProduct>();
  for (const [index, entry] of entries.entries()) {
    const placedAt = readDate(entry.date, detected.form, zone);
    const amountMinor = readMinor(entry.amount, currency);
    const quantity = positions.has("quantity") ? readWhole(entry.quantity) : 1;
    if (placedAt === null) account.skip("date not understood");
    else if (amountMinor === null) account.skip("amount not understood");
    else if (amountMinor < 0) account.skip("negative amount");
    else if (quantity === null || quantity <= 0) account.skip("quantity is no whole number above zero");
    else if (positions.has("order") && isAbsent(entry.order)) account.skip("no order");
    else {
      const key = positions.has("order") ? entry.order : String(index + 1);
      let order = orders.get(key);
      if (order && order.customerKey !== entry.customer) {
        account.skip("another customer than the order's first line");
        continue;
      }
      account.take();
      if (!order) {
        const facts = {
          key,
          customerKey: entry.customer,
          placedAt,
          lines: [],
          presentmentCurrency: currency,
        };
        order = ordinaryOrder(facts);
        orders.set(key, order);
      }
      order.placedAt = Math.min(order.placedAt, placedAt);
      order.paidAt = order.placedAt;
      const lines = linesWorth(lineOf(entry.product, quantity), amountMinor);
      order.lines.push(...lines);
      if (!isAbsent(entry.product)) stock(products, entry.product, placedAt, lines[0]?.unitPriceMinor ?? 0);
    }
  }
  const sorted = inOrderOfTime(orders.values());
  return {
    history: {
      ...emptyHistory(currency, timeZone),
      products: [...products.values()],
      customers: customersOf(sorted),
      orders: sorted,
    },
    account: account.close(),
  };
}

function emptyHistory(currency: string, timeZone: string): ShopHistory {
  const shop = { name: "Imported shop", currency, timeZone, countryCode: "US", taxesIncluded: false };
  return { shop, products: [], customers: [], orders: [], checkouts: [] };
}

function positionsOf(header: readonly string[], columns: ColumnNames): Map<Field, number> {
  const positions = new Map<Field, number>();
  for (const field of FIELDS) {
    const name = columns[field];
    if (name === undefined) continue;
    const position = header.indexOf(name);
    if (position === -1) {
      throw new UnusableFile(`There is no column ${name}; the file has ${header.join(", ")}.`);
    }
    positions.set(field, position);
  }
  return positions;
}

function entryOf(record: readonly string[], positions: ReadonlyMap<Field, number>): Entry {
  const field = (name: Field) => record[positions.get(name) ?? -1]?.trim() ?? "";
  const customer = field("customer");
  return {
    customer: isAbsent(customer) ? null : customer,
    date: field("date"),
    amount: field("amount"),
    order: field("order"),
    product: field("product"),
    quantity: field("quantity"),
  };
}

function lineOf(product: string, quantity: number): Omit<HistoryLine, "unitPriceMinor"> {
  const key = isAbsent(product) ? null : product;
  return {
    productKey: key,
    variantKey: key,
    title: key ?? "Purchase",
    quantity,
    discountMinor: 0,
    taxMinor: 0,
    sellingPlanName: null,
  };
}

/** A product costs what it was last sold for and exists from its first sale on. */
function stock(products: Map<string, HistoryProduct>, key: string, soldAt: number, priceMinor: number): void {
  const known = products.get(key);
  const variants = [{ key, title: "Default Title", priceMinor, unitCostMinor: null }];
  if (known) {
    known.variants = variants;
    known.createdAt = Math.min(known.createdAt, soldAt);
    return;
  }
  products.set(key, {
    key,
    title: key,
    productType: "",
    vendor: "",
    isGiftCard: false,
    createdAt: soldAt,
    variants,
  });
}
