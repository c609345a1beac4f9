/** The tables and charts of the value page as files: whole where the page shows a part, shares as numbers, estimates rounded to the minor unit. */
import { moneyCell, type CsvCell } from "../../core/csv.ts";
import { modelCard, type ModelCard } from "../../core/clv/model-card.ts";
import type { CalibrationBin } from "../../core/clv/scores.ts";
import type { ShopValue, ValueGroup } from "../../core/clv/shop-value.ts";
import { roundHalfAway } from "../../core/metrics/rounding.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { loadValueModel } from "../../db/stores/value-models.server.ts";
import type { Database } from "../../db/types.ts";
import type { ExportTable, LoadedTable } from "../metrics/export-table.ts";
import { namedProducts, readValueView, simpleValueOf, valueBy } from "./load-value.server.ts";

export const VALUE_EXPORTS: readonly ExportTable[] = [
  ofValue("value-forecast", ({ forecast }, { currency }) => ({
    headings: ["Months from now", ...estimateHeadings("Expected sales", currency)],
    rows: forecast.map(({ month, expectedMinor, lowMinor, highMinor }) => [
      month,
      ...[expectedMinor, lowMinor, highMinor].map((minor) => estimateCell(minor, currency)),
    ]),
  })),
  ofValue("value-tenths", ({ tenths }, { currency }) => ({
    headings: ["Tenth of customers by value", "Customers", `Value per customer (${currency})`],
    rows: tenths.map(({ customers, meanMinor }, tenth) => [
      tenth + 1,
      customers,
      estimateCell(meanMinor, currency),
    ]),
  })),
  ofValue("value-cohorts", ({ cohorts }, { currency }) =>
    groupTable("Month of the first order", cohorts, currency),
  ),
  ofValue("value-first-products", async ({ firstProducts }, { db, shopId, currency }) =>
    groupTable("First product", await namedProducts(db, shopId, firstProducts), currency),
  ),
  ofValue("value-first-sources", ({ firstSources }, { currency }) =>
    groupTable("First source", firstSources, currency),
  ),
  ofValue("value-discount-use", ({ discountUses }, { currency }) =>
    groupTable("Orders with a discount", discountUses, currency),
  ),
  ofModel("value-backtest", ({ judged }) => ({
    headings: ["Forecast", "Chosen", "Deviance", "Mean error in orders", "Too high by"],
    rows: (judged?.rows ?? []).map(({ name, isChosen, deviance, mae, bias }) => [
      name,
      isChosen ? "yes" : "no",
      figure(deviance),
      figure(mae),
      figure(bias),
    ]),
  })),
  ofModel("value-tracking", ({ tracking }) => ({
    headings: ["Week", "Known to the model", "Repeat orders", "Expected"],
    rows: (tracking?.actual ?? []).map((actual, week) => [
      week + 1,
      week < (tracking?.knownWeeks ?? 0) ? "yes" : "no",
      actual,
      figure(tracking?.expected[week] ?? null),
    ]),
  })),
  ofModel("value-calibration-tenths", ({ judged }) =>
    calibrationTable("Tenth of customers by forecast", judged?.byDecile ?? [], 1),
  ),
  ofModel("value-calibration-repeats", ({ judged }) =>
    calibrationTable("Repeat orders before", judged?.byRepeats ?? [], 0),
  ),
  {
    name: "simple-value",
    usual: null,
    async load(db, shop) {
      const { aovMinor, ordersPerYear, byYears } = (await simpleValueOf(db, shop)).figures;
      return {
        headings: [
          "Years",
          `Average order (${shop.currency})`,
          "Orders a year",
          ...["Value", "Margin"].map((what) => `${what} (${shop.currency})`),
        ],
        rows: byYears.map(({ years, netMinor, marginMinor }) => [
          years,
          estimateCell(aovMinor, shop.currency),
          figure(ordersPerYear),
          estimateCell(netMinor, shop.currency),
          estimateCell(marginMinor, shop.currency),
        ]),
      };
    },
  },
];

interface Beside {
  db: Database;
  shopId: number;
  currency: string;
}

const NOTHING: LoadedTable = { headings: ["No model of this shop yet"], rows: [] };

function ofValue(
  name: string,
  tableOf: (value: ShopValue, beside: Beside) => LoadedTable | Promise<LoadedTable>,
): ExportTable {
  return {
    name,
    usual: null,
    async load(db, shop, _view, params) {
      const stored = await loadValueModel(db, shop.id);
      if (!stored) return NOTHING;
      const { figures } = await valueBy(db, shop, readValueView(params), stored);
      return tableOf(figures, { db, shopId: shop.id, currency: shop.currency });
    },
  };
}

function ofModel(name: string, tableOf: (card: ModelCard) => LoadedTable): ExportTable {
  return {
    name,
    usual: null,
    async load(db: Database, shop: Shop) {
      const stored = await loadValueModel(db, shop.id);
      return stored ? tableOf(modelCard(stored.model)) : NOTHING;
    },
  };
}

function groupTable(heading: string, groups: readonly ValueGroup[], currency: string): LoadedTable {
  return {
    headings: [
      heading,
      "Customers",
      ...["Brought so far", "Brought so far, each", "Expected", "Expected, each"].map(
        (what) => `${what} (${currency})`,
      ),
    ],
    rows: groups.map(({ key, customers, broughtMinor, expectedMinor }) => [
      key ?? "Not known",
      customers,
      ...[broughtMinor, broughtMinor / customers, expectedMinor, expectedMinor / customers].map((minor) =>
        estimateCell(minor, currency),
      ),
    ]),
  };
}

/** `first`: what the first bin is called. */
function calibrationTable(heading: string, bins: readonly CalibrationBin[], first: number): LoadedTable {
  return {
    headings: [heading, "Customers", "Forecast, each", "Actual, each"],
    rows: bins.map(({ customers, forecast, actual }, bin) => [
      bin + first,
      customers,
      ...[forecast, actual].map((orders) => (customers === 0 ? null : figure(orders))),
    ]),
  };
}

function estimateHeadings(what: string, currency: string): string[] {
  return ["", ", 80% from", ", 80% to"].map((bound) => `${what}${bound} (${currency})`);
}

function estimateCell(minor: number | null, currency: string): CsvCell {
  return moneyCell(minor === null ? null : roundHalfAway(minor), currency);
}

/** Six digits are more than any shop's number of customers supports. */
function figure(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(6));
}
