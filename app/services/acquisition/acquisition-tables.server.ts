/** The tables and the chart of the acquisition page as files; the file of costs can be changed and read in again. */
import type { Estimate } from "../../core/clv/acquisition-cost.ts";
import type { AcquisitionReport } from "../../core/clv/acquisition-report.ts";
import { moneyCell, type CsvCell } from "../../core/csv.ts";
import { roundHalfAway } from "../../core/metrics/rounding.ts";
import { shopBounds } from "../metrics/shop-bounds.server.ts";
import type { ExportTable } from "../metrics/export-table.ts";
import { costBounds } from "./cost-bounds.ts";
import {
  cohortShown,
  costMonths,
  costsByMonth,
  readAcquisitionView,
  reportAcquisition,
} from "./load-acquisition.server.ts";

export const ACQUISITION_EXPORTS: readonly ExportTable[] = [
  {
    name: "acquisition",
    usual: null,
    async load(db, shop, _view, params) {
      const { figures } = await reportAcquisition(db, shop, readAcquisitionView(params));
      const { currency } = shop;
      const money = (minor: number | null) => estimateCell(minor, currency);
      return {
        headings: [
          ...[
            "Month of the first order",
            "Customers",
            `Spent (${currency})`,
            `Cost per customer (${currency})`,
          ],
          `Brought so far (${currency})`,
          ...bounds("Expected", currency),
          ...bounds("Value per customer", currency),
          ...["CLV to CAC", "CLV to CAC, 80% from", "CLV to CAC, 80% to"],
          ...["Paid back in month", "Paid back, earliest", "Paid back, latest", "Counted as"],
        ],
        rows: figures.rows.map((row) => [
          row.month,
          row.customers,
          money(row.spentMinor),
          money(row.costMinor),
          money(row.broughtMinor),
          ...estimateCells(row.expectedMinor, figures, money),
          ...estimateCells(row.valueMinor, figures, money),
          ...estimateCells(row.ratio, figures, ratioCell),
          row.payback?.month ?? null,
          row.payback?.early ?? null,
          row.payback?.late ?? null,
          figures.measure,
        ]),
      };
    },
  },
  {
    name: "acquisition-path",
    usual: null,
    async load(db, shop, _view, params) {
      const view = readAcquisitionView(params);
      const { figures } = await reportAcquisition(db, shop, view);
      const row = cohortShown(figures, view.cohort);
      const money = (minor: number | null) => estimateCell(minor, shop.currency);
      return {
        headings: [
          ...["Month of the first order", "Month", "Has passed"],
          ...bounds("Value per customer", shop.currency),
          `Cost per customer (${shop.currency})`,
        ],
        rows: (row?.pathMinor ?? []).map((value, at) => [
          row?.month ?? null,
          at + 1,
          at < (row?.passedMonths ?? 0) ? "yes" : "no",
          ...estimateCells(value, figures, (minor) => money(minor / (row?.customers ?? 1))),
          money(row?.costMinor ?? null),
        ]),
      };
    },
  },
  {
    name: "acquisition-costs",
    usual: null,
    async load(db, shop) {
      const costs = await costsByMonth(db, shop.id);
      const { firstDay } = await shopBounds(db.url, shop);
      const months = costMonths(costs.keys(), firstDay, costBounds(shop, Date.now()));
      return {
        headings: ["Month", `Amount (${shop.currency})`],
        rows: months.map((month) => [month, moneyCell(costs.get(month) ?? null, shop.currency)]),
      };
    },
  },
];

function bounds(what: string, currency: string): string[] {
  return ["", ", 80% from", ", 80% to"].map((bound) => `${what}${bound} (${currency})`);
}

/** Mean and bounds; a rule tells no bounds. */
function estimateCells(
  estimated: Estimate | null,
  { hasInterval }: AcquisitionReport,
  cell: (value: number) => CsvCell,
): CsvCell[] {
  if (!estimated) return [null, null, null];
  const { mean, low, high } = estimated;
  return [cell(mean), ...[low, high].map((bound) => (hasInterval ? cell(bound) : null))];
}

function estimateCell(minor: number | null, currency: string): CsvCell {
  return moneyCell(minor === null ? null : roundHalfAway(minor), currency);
}

const ratioCell = (value: number) => Number(value.toFixed(6));
