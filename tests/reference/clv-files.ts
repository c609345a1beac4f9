/** Finds and reads the public files of DATA_DIR that the tests of the models compare with. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { dayFromIso } from "../../app/core/calendar.ts";
import type { Transactions } from "../../app/core/clv/purchase-statistics.ts";

const DATA_DIR = process.env.DATA_DIR ?? "data";

/** Where a file should be; says so where it is not. */
export function publicFile(name: string): { place: string; missing: boolean } {
  const place = path.join(DATA_DIR, name);
  const missing = !existsSync(place);
  if (missing) console.log(`skipped: ${place} is missing (DATA_DIR names the folder; see the README)`);
  return { place, missing };
}

function linesOf(place: string): string[] {
  const bytes = readFileSync(place);
  const text = (place.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text.trim().split(/\r?\n/).slice(1);
}

/** The columns of a csv file of numbers with a header. */
export function readNumbers(place: string): number[][] {
  const columns: number[][] = [];
  linesOf(place).forEach((row, i) => {
    row.split(",").forEach((value, column) => ((columns[column] ??= [])[i] = Number(value)));
  });
  return columns;
}

/** Customers are numbered as they come, because customers with equal forecasts stand in that order. */
function transactionsOf(rows: readonly { customer: string; date: string; amount: number }[]): Transactions {
  const ids = new Map<string, number>();
  const [customer, day, amount]: [number[], number[], number[]] = [[], [], []];
  for (const row of rows) {
    if (!ids.has(row.customer)) ids.set(row.customer, ids.size);
    customer.push(ids.get(row.customer) ?? NaN);
    day.push(dayFromIso(row.date));
    amount.push(row.amount);
  }
  return {
    customer: Int32Array.from(customer),
    day: Int32Array.from(day),
    amount: Float64Array.from(amount),
    customers: ids.size,
  };
}

export function readCdnow(place: string): Transactions {
  return transactionsOf(
    linesOf(place).map((line) => {
      const [customer = "", date = "", , amount] = line.split(",");
      return { customer, date, amount: Number(amount) };
    }),
  );
}

/** Lines with a customer, a quantity and a price above 0, by customer. */
export function readOnlineRetail(place: string): Transactions {
  const rows = linesOf(place).map((line) => {
    const [, , , quantity, date = "", price, customer = ""] = (
      line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? []
    ).map((field) => field.replace(/,$/, ""));
    const amount = Number(quantity) * Number(price);
    return { customer, date: date.slice(0, 10), amount, positive: Number(quantity) > 0 && amount > 0 };
  });
  return transactionsOf(
    rows
      .filter(({ customer, positive }) => /^\d/.test(customer) && positive)
      .toSorted((a, b) => Number(a.customer) - Number(b.customer)),
  );
}
