/** The tables of the retention page as files: whole where the page shows a part, and shares as numbers from 0 to 1. */
import { moneyCell, type CsvCell } from "../../core/csv.ts";
import { cohortCurves } from "../../core/metrics/cohort-curves.ts";
import { valuesOf, type CohortMeasure } from "../../core/metrics/cohort-grid.ts";
import type { ExportTable } from "./export-table.ts";
import { RETENTION_PERIOD, readRetention } from "./read-retention.server.ts";
import {
  allCohorts,
  firstProductRates,
  orderIntervals,
  timeToSecondOrder,
  type RetentionScope,
} from "./retention.server.ts";

const cohorts: ExportTable = {
  name: "cohorts",
  usual: RETENTION_PERIOD,
  async load(db, shop, view, params) {
    const { grain, measure } = readRetention(params);
    const { figures } = await allCohorts({ db, shopId: shop.id, view }, grain);
    const ages = Math.max(0, ...figures.map(({ active }) => active.length));
    const cell = cellOf(measure, shop.currency);
    const unit = unitOf(grain);
    return {
      headings: [
        `${unit} of first order`,
        "Customers",
        `Whole ${grain}s`,
        ...Array.from({ length: ages }, (_, age) => `${unit} ${age}`),
      ],
      rows: figures.map((cohort) => {
        const values = valuesOf(cohort, measure);
        return [
          cohort.start,
          cohort.customers,
          cohort.wholeAges,
          ...Array.from({ length: ages }, (_, age) => cell(values[age] ?? null)),
        ];
      }),
    };
  },
};

const retentionCurves: ExportTable = {
  name: "retention-curves",
  usual: RETENTION_PERIOD,
  async load(db, shop, view, params) {
    const { grain } = readRetention(params);
    const { figures } = await allCohorts({ db, shopId: shop.id, view }, grain);
    return {
      headings: [
        "First order in",
        `${unitOf(grain)} since`,
        "Customers",
        "Ordered in it",
        "Reordered by then",
      ],
      rows: cohortCurves(figures, Infinity).flatMap(({ year, points }) =>
        points.map(({ customers, retention, repeated }, age) => [
          year ?? "all",
          age,
          customers,
          share(retention),
          share(repeated),
        ]),
      ),
    };
  },
};

const orderIntervalsTable: ExportTable = {
  name: "order-intervals",
  usual: RETENTION_PERIOD,
  async load(db, shop, view) {
    const { figures } = await orderIntervals({ db, shopId: shop.id, view });
    return {
      headings: ["From days", "To days", "Pairs of orders"],
      rows: figures.histogram.map(({ fromDays, toDays, intervals }) => [fromDays, toDays, intervals]),
    };
  },
};

const secondOrder: ExportTable = {
  name: "second-order",
  usual: RETENTION_PERIOD,
  async load(db, shop, view) {
    const { figures } = await timeToSecondOrder({ db, shopId: shop.id, view });
    return {
      headings: ["Days since the first order", "Reordered", "95% from", "95% to"],
      rows: figures.curve.map(({ days, share: reordered, low, high }) => [
        days,
        share(reordered),
        share(low),
        share(high),
      ]),
    };
  },
};

const firstProducts: ExportTable = {
  name: "first-products",
  usual: RETENTION_PERIOD,
  async load(db, shop, view, params) {
    const scope: RetentionScope = { db, shopId: shop.id, view };
    const { figures } = await firstProductRates(scope, readRetention(params).within, Infinity);
    return {
      headings: ["First product", "Customers", "Came back", "Repeat rate", "95% from", "95% to"],
      rows: figures.rows.map(({ name, customers, repeatCustomers, rate, low, high }) => [
        name,
        customers,
        repeatCustomers,
        share(rate),
        share(low),
        share(high),
      ]),
    };
  },
};

export const RETENTION_TABLES: readonly ExportTable[] = [
  cohorts,
  retentionCurves,
  orderIntervalsTable,
  secondOrder,
  firstProducts,
];

function unitOf(grain: "month" | "week"): string {
  return grain === "month" ? "Month" : "Week";
}

function cellOf(measure: CohortMeasure, currency: string): (value: number | null) => CsvCell {
  if (measure === "customers") return share;
  return measure === "orders" ? (value) => value : (value) => moneyCell(value, currency);
}

/** Six digits are more than any shop's number of customers supports. */
function share(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(6));
}
