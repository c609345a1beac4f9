/**
 * Reads who bought when and for how much from any csv (gz too), record by record.
 *
 * The rule, in full. A record is looked at in this order, and the first that holds decides:
 * 1. It is empty or lacks a column that is needed: skipped.
 * 2. In Shopify's order export only the first record of an order counts, and cancelled orders do not; the amount is Subtotal
 *    less Refunded Amount, at Created at, of the e-mail address in lower case. In UCI's Online Retail the amount is Quantity times
 *    UnitPrice, and records of which either is not above zero are skipped. In other files the columns are named.
 * 3. A date or an amount that is not one, or an amount below zero: skipped.
 * 4. No customer (or `NA`): a guest's, skipped, because nobody can be told to come back.
 * Everything else is taken. Days are those of the time zone given.
 */
import { shopCalendar } from "../../app/core/calendar.ts";
import { keepAccount, recordFault, type ImportAccount } from "../../devstore/history/account.ts";
import { readMinor } from "../../devstore/history/amounts.ts";
import { parseColumnNames } from "../../devstore/history/columns.ts";
import { dateFormDetector, readDate, type DateForm } from "../../devstore/history/dates.ts";
import { isOnlineRetail, onlineRetailPositions } from "../../devstore/history/online-retail.ts";
import { isOrderExport } from "../../devstore/history/order-export.ts";
import { refuseUnknownUnits } from "../../devstore/history/read-history.ts";
import { openTable, UnusableFile, type Table } from "../../devstore/history/table.ts";
import { zoneOf } from "../../devstore/history/zone.ts";
import { keepPurchaseDays, type PurchaseDays } from "./purchase-days.ts";

export interface ReadPurchasesOptions {
  file: string;
  columns?: string | undefined;
  dates?: "dmy" | "mdy" | undefined;
  /** ISO 4217. */
  currency: string;
  /** IANA. */
  timeZone: string;
  onRecords?: (records: number) => void;
}

export interface FilePurchases {
  kind: string;
  purchases: PurchaseDays;
  account: ImportAccount;
}

/** What one record says, or why it says nothing. */
type Reading = { customer: string; date: string; amountMinor: number | null } | { skip: string };

interface Form {
  kind: string;
  dateColumn: string;
  needed: readonly string[];
  read(field: (column: string) => string): Reading;
}

const RECORDS_PER_NEWS = 100_000;

/** Throws UnusableFile, with one sentence, for a file that cannot be read. */
export async function readPurchases(options: ReadPurchasesOptions): Promise<FilePurchases> {
  refuseUnknownUnits(options.currency, options.timeZone);
  const table = await openTable(options.file);
  const form = formOf(table, options);
  const positions = new Map(table.header.map((name, index) => [name, index]));
  for (const column of form.needed) {
    if (!positions.has(column))
      throw new UnusableFile(`There is no column ${column}; the file has ${table.header.join(", ")}.`);
  }
  const dateForm = await dateFormOf(table, positions.get(form.dateColumn) ?? -1, form, options);

  const width = Math.max(...form.needed.map((column) => positions.get(column) ?? -1));
  const calendar = shopCalendar(options.timeZone);
  const zone = zoneOf(options.timeZone);
  const account = keepAccount();
  const days = keepPurchaseDays();
  let record: readonly string[] = [];
  const field = (column: string) => record[positions.get(column) ?? -1]?.trim() ?? "";
  let count = 0;
  for await (record of table.records()) {
    account.read();
    if (++count % RECORDS_PER_NEWS === 0) options.onRecords?.(count);
    const fault = recordFault(record, width);
    if (fault !== null) {
      account.skip(fault);
      continue;
    }
    const reading = form.read(field);
    if ("skip" in reading) {
      account.skip(reading.skip);
      continue;
    }
    const { customer, date, amountMinor } = reading;
    const at = readDate(date, dateForm, zone);
    if (at === null) account.skip("date not understood");
    else if (amountMinor === null) account.skip("amount not understood");
    else if (amountMinor < 0) account.skip("negative amount");
    else if (customer === "" || customer === "NA") account.skip("no customer");
    else {
      account.take();
      days.add(customer, calendar.dayOf(at), amountMinor);
    }
  }
  return { kind: form.kind, purchases: days.close(), account: account.close() };
}

function formOf({ header }: Table, { file, columns, currency }: ReadPurchasesOptions): Form {
  if (columns !== undefined) {
    const { customer = "", date = "", amount = "" } = parseColumnNames(columns);
    return {
      kind: "a table with named columns",
      dateColumn: date,
      needed: [customer, date, amount],
      read: (field) => ({
        customer: field(customer),
        date: field(date),
        amountMinor: readMinor(field(amount), currency),
      }),
    };
  }
  if (isOrderExport(header)) return orderExport(currency);
  if (isOnlineRetail(header)) return onlineRetail(header, currency);
  throw new UnusableFile(
    `${file} is neither a Shopify order export nor Online Retail; name its columns with --columns customer=..,date=..,amount=.. (it has ${header.join(", ")}).`,
  );
}

function orderExport(currency: string): Form {
  return {
    kind: "a Shopify order export",
    dateColumn: "Created at",
    needed: ["Email", "Total", "Subtotal", "Created at"],
    read(field) {
      if (field("Total") === "") return { skip: "a further line of its order" };
      if (field("Cancelled at") !== "") return { skip: "cancelled" };
      const subtotal = readMinor(field("Subtotal"), currency);
      const refunded = readMinor(field("Refunded Amount") || "0", currency) ?? 0;
      return {
        customer: field("Email").toLowerCase(),
        date: field("Created at"),
        // A refund may hold shipping and tax too.
        amountMinor: subtotal === null ? null : Math.max(0, subtotal - refunded),
      };
    },
  };
}

function onlineRetail(header: readonly string[], currency: string): Form {
  const positions = onlineRetailPositions(header);
  const [customer = "", date = "", quantity = "", price = ""] = (
    ["customer", "date", "quantity", "price"] as const
  ).map((column) => header[positions[column]]);
  return {
    kind: "UCI Online Retail",
    dateColumn: date,
    needed: [customer, date, quantity, price],
    read(field) {
      const units = Number(field(quantity));
      const priceMinor = readMinor(field(price), currency);
      if (!(units > 0)) return { skip: "nothing sold" };
      if (priceMinor !== null && priceMinor <= 0) return { skip: "nothing paid" };
      return {
        customer: field(customer),
        date: field(date),
        amountMinor: priceMinor === null ? null : priceMinor * units,
      };
    },
  };
}

/** Most files tell in their first records; one that does not is read to its end for it. */
const TELLING_RECORDS = 50_000;

async function dateFormOf(
  table: Table,
  position: number,
  { dateColumn }: Form,
  { dates }: ReadPurchasesOptions,
): Promise<DateForm> {
  const detector = dateFormDetector();
  let seen = 0;
  for await (const record of table.records()) {
    const value = record[position]?.trim();
    if (value) detector.see(value);
    if (++seen === TELLING_RECORDS && detector.form().ok) break;
  }
  if (seen === 0) throw new UnusableFile("The file has a header and nothing else.");
  const detected = detector.form(dates);
  if (!detected.ok) throw new UnusableFile(`Column ${dateColumn}: ${detected.reason}.`);
  return detected.form;
}
