/** The tables of products as files: every row of the period, sorted and searched as the page is. */
import { moneyCell, type CsvCell, type CsvRow } from "../../core/csv.ts";
import type { RepeatRate } from "../../core/metrics/repeat-rate.ts";
import { PRODUCT_PERIOD, queryOf, readProductQuery, type ProductTable } from "./product-query.ts";
import {
  reportProducts,
  type FirstReport,
  type PairsReport,
  type ProductReport,
  type ProductsReport,
} from "./report-products.server.ts";
import type { ExportTable, LoadedTable } from "./export-table.ts";

const ALL_ROWS = 1_000_000;

export const PRODUCT_EXPORTS: readonly ExportTable[] = [
  exportOf("products-first", "first"),
  exportOf("products", "products"),
  exportOf("products-together", "together"),
  exportOf("products-next", "next"),
];

function exportOf(name: string, table: ProductTable): ExportTable {
  return {
    name,
    usual: PRODUCT_PERIOD,
    async load(db, shop, view, params) {
      const query = { ...queryOf(table, readProductQuery(params)), page: 1 };
      const report = await reportProducts(db, shop.id, view, query, ALL_ROWS);
      return report ? tableOf(report, shop.currency) : { headings: [], rows: [] };
    },
  };
}

function tableOf(report: ProductReport, currency: string): LoadedTable {
  switch (report.table) {
    case "first":
      return firstTable(report);
    case "products":
      return productTable(report, currency);
    case "together":
    case "next":
      return pairTable(report);
  }
}

const rateCells = (rate: RepeatRate | null): CsvCell[] =>
  rate
    ? [rate.repeatCustomers, rate.customers, rate.rate, rate.low, rate.high]
    : [null, null, null, null, null];

const rateHeadings = (what: string) => [
  `${what}: customers`,
  `${what}: of customers`,
  `${what}: rate`,
  `${what}: rate from`,
  `${what}: rate to`,
];

/** Ids as text: a spreadsheet would round their last digits. */
const idCell = (id: number) => String(id);

function firstTable({ rows, others, unknown }: FirstReport): LoadedTable {
  const last: CsvRow[] = [];
  if (others) last.push([`${others.productCount} other products`, "", ...rateCells(others)]);
  if (unknown) last.push(["No product", "", ...rateCells(unknown)]);
  return {
    headings: ["First product", "Product id", ...rateHeadings("Ordered again")],
    rows: [...rows.map((row) => [row.title ?? "", idCell(row.productId), ...rateCells(row)]), ...last],
  };
}

function productTable({ rows }: ProductsReport, currency: string): LoadedTable {
  return {
    headings: [
      "Product",
      "Product id",
      "Orders",
      "Buyers",
      "Units",
      `Net sales (${currency})`,
      "Refund rate",
      ...rateHeadings("Ordered anything again"),
      ...rateHeadings("Bought it again"),
      "Median days to buying it again",
    ],
    rows: rows.map((row) => [
      row.title ?? "",
      idCell(row.productId),
      row.orders,
      row.buyers,
      row.units,
      moneyCell(row.netMinor, currency),
      row.refundRate,
      ...rateCells(row.again),
      ...rateCells(row.same),
      row.medianDaysToSame,
    ]),
  };
}

function pairTable({ rows, table }: PairsReport): LoadedTable {
  const [first, second] = table === "next" ? ["Bought first", "Bought next"] : ["Product", "Bought with"];
  return {
    headings: [
      first,
      `${first}: id`,
      second,
      `${second}: id`,
      "Orders",
      "Support",
      "Share of orders with the first",
      "Lift",
      "Lift from",
      "Lift to",
      "Buyers",
      ...rateHeadings("Ordered again after both"),
    ],
    rows: rows.map((row) => [
      row.firstTitle ?? "",
      idCell(row.firstId),
      row.secondTitle ?? "",
      idCell(row.secondId),
      row.orders,
      row.support,
      row.share,
      row.lift,
      row.liftLow,
      row.liftHigh,
      row.buyers,
      ...rateCells(row.again),
    ]),
  };
}
