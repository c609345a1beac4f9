/** What the demo shows: steps with their time, one line that moves where there is a terminal, and the report. */
import { currencyDecimals } from "../../app/core/money.ts";
import { isoDate } from "../../app/core/calendar.ts";
import type { Stated } from "../../app/core/metrics/coverage.ts";
import type { ShopReport } from "../../app/core/metrics/shop-report.ts";

export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Does a step and says what it came to and how long it took. */
export async function step<T>(
  title: string,
  work: () => Promise<T>,
  result: (value: T) => string,
): Promise<T> {
  const startedAt = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`  ${title} ...`);
  const value = await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (process.stdout.isTTY) process.stdout.write("\r\u001b[2K");
  say(`  ${result(value)} (${seconds} s)`);
  return value;
}

export interface Meter {
  show(text: string, share: number): void;
  end(): void;
}

/** On a terminal one line that is written over, elsewhere a line for every tenth. */
export function meter(): Meter {
  let lastTenth = -1;
  return {
    show(text, share) {
      if (process.stdout.isTTY) {
        const width = 30;
        const filled = Math.round(width * Math.min(1, share));
        process.stdout.write(`\r\u001b[2K  [${"#".repeat(filled)}${" ".repeat(width - filled)}] ${text}`);
        return;
      }
      const tenth = Math.floor(share * 10);
      if (tenth === lastTenth) return;
      lastTenth = tenth;
      say(`  ${text}`);
    },
    end() {
      if (process.stdout.isTTY) process.stdout.write("\r\u001b[2K");
    },
  };
}

const LOCALE = "en";
export const count = (value: number) => value.toLocaleString(LOCALE);
export const percent = (share: number | null) => (share === null ? "-" : `${(100 * share).toFixed(1)}%`);

export function money(minor: number | null, currency: string): string {
  if (minor === null) return "-";
  const decimals = currencyDecimals(currency);
  const style = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return `${(minor / 10 ** decimals).toLocaleString(LOCALE, style)} ${currency}`;
}

const COHORTS_SHOWN = 14;
const MONTHS_SHOWN = 12;

/** The report as a page of text, with what it stands on. */
export function reportText({ figures: report, coverage, asOf }: Stated<ShopReport>): string {
  const { currency } = report;
  const figures: [string, string][] = [
    ["Orders", `${count(report.orders)}, of which ${count(report.guestOrders)} by guests`],
    ["Customers", `${count(report.customers)}, of which ${count(report.repeatCustomers)} came back`],
    ["Repeat purchase rate", percent(report.repeatPurchaseRate)],
    ["Gross revenue", money(report.grossMinor, currency)],
    ["Refunds", money(report.refundsMinor, currency)],
    ["Net revenue", money(report.netMinor, currency)],
    ["Average order value", money(report.aovMinor, currency)],
    ["Orders per customer", report.purchaseFrequency?.toFixed(2) ?? "-"],
    ["Median time between orders", report.medianDaysBetweenOrders === null ? "-" : `${report.medianDaysBetweenOrders} days`],
  ]; // prettier-ignore
  const width = Math.max(...figures.map(([name]) => name.length)) + 2;
  const lines = figures.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
  const standing = `  As of ${new Date(asOf.readAt).toISOString().slice(0, 16).replace("T", " ")} UTC. ${historyText(coverage)}`;
  const costs = `  Unit costs are known for ${percent(coverage.unitCostShare)} of net revenue.`;
  return [...lines, "", standing, costs, "", ...cohortTable(report)].join("\n");
}

function historyText({ historyComplete, readableFromDay }: Stated<ShopReport>["coverage"]): string {
  if (historyComplete) return "Counted from the shop's whole history.";
  const missing =
    readableFromDay === null
      ? "The sync is not complete"
      : `Orders before ${isoDate(readableFromDay)} cannot be read`;
  return `${missing}: returning customers may be counted as new.`;
}

/** Share of each month's new customers who order in the months after; the last column is what they have spent so far. */
export function cohortTable({ cohorts, currency }: ShopReport): string[] {
  if (cohorts.length === 0) return ["  No customer has ordered yet."];
  const shown = cohorts.slice(-COHORTS_SHOWN);
  const months = Math.min(MONTHS_SHOWN, Math.max(...shown.map(({ retention }) => retention.length)));
  const head = Array.from({ length: months }, (_, month) => `+${month}`.padStart(5)).join("");
  const title = `  New customers and the share of them that orders, by months after the first`;
  const rows = shown.map(({ month, customers, retention, cumulativeNetMinor }) => {
    const shares = Array.from({ length: months }, (_, index) => {
      const share = retention[index];
      return (share === undefined ? "" : `${Math.round(100 * share)}%`).padStart(5);
    });
    const spent = customers === 0 ? null : Math.round((cumulativeNetMinor.at(-1) ?? 0) / customers);
    return `  ${month}${count(customers).padStart(8)}${shares.join("")}${money(spent, currency).padStart(16)}`;
  });
  const left = cohorts.length - shown.length;
  return [
    title,
    `  month  customers${head.slice(1)}      net/customer`,
    ...rows,
    ...(left > 0 ? [`  and ${left} earlier months (npm run report shows all as JSON with --json)`] : []),
  ];
}
