/** Takes a shop's past from a file: finds out what kind of file it is and says what was taken and what was not. */
import type { ImportAccount } from "./account.ts";
import { parseColumnNames, readColumns } from "./columns.ts";
import type { ShopHistory } from "./model.ts";
import { isOnlineRetail, readOnlineRetail } from "./online-retail.ts";
import { isOrderExport, readOrderExport } from "./order-export.ts";
import { openTable, UnusableFile, type Table } from "./table.ts";

export interface ReadOptions {
  /** csv or csv.gz. */
  file: string;
  /** `customer=..,date=..,amount=..[,order=..,product=..,quantity=..]` for a file that is of neither known kind. */
  columns?: string;
  /** Which comes first where the dates do not tell. */
  dates?: "dmy" | "mdy";
  /** ISO 4217; USD unless the file tells. */
  currency?: string;
  /** IANA zone of times without an offset; UTC unless the file's kind tells. */
  timeZone?: string;
}

export type ReadResult =
  { ok: true; kind: string; history: ShopHistory; account: ImportAccount } | { ok: false; reason: string };

export async function readHistory(options: ReadOptions): Promise<ReadResult> {
  try {
    const table = await openTable(options.file);
    const result = await readTable(table, options);
    if (result.history.orders.length === 0) throw new UnusableFile(`${options.file} holds no order.`);
    return { ok: true, ...result };
  } catch (error) {
    if (error instanceof UnusableFile) return { ok: false, reason: error.message };
    throw error;
  }
}

async function readTable(
  table: Table,
  options: ReadOptions,
): Promise<{ kind: string; history: ShopHistory; account: ImportAccount }> {
  const { currency = "USD", timeZone = "UTC", dates } = options;
  refuseUnknownUnits(currency, timeZone);
  if (options.columns !== undefined) {
    const columns = parseColumnNames(options.columns);
    const choices = { columns, currency, timeZone, ...(dates && { dates }) };
    return { kind: "a table with named columns", ...(await readColumns(table, choices)) };
  }
  if (isOnlineRetail(table.header)) return { kind: "UCI Online Retail", ...(await readOnlineRetail(table)) };
  if (isOrderExport(table.header)) {
    return { kind: "a Shopify order export", ...(await readOrderExport(table, { timeZone })) };
  }
  throw new UnusableFile(
    `${options.file} is neither Online Retail nor a Shopify order export; name its columns with --columns customer=..,date=..,amount=.. (it has ${table.header.join(", ")}).`,
  );
}

/** Throws UnusableFile for what is no currency or no time zone. */
export function refuseUnknownUnits(currency: string, timeZone: string): void {
  if (!Intl.supportedValuesOf("currency").includes(currency))
    throw new UnusableFile(`${currency} is no currency; pass three capitals such as EUR.`);
  if (!isZone(timeZone))
    throw new UnusableFile(`${timeZone} is no time zone; pass a name such as Europe/London.`);
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}
