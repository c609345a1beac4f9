/** The tables of the retention page as files: whole where the page shows a part, and shares as numbers from 0 to 1. */
import { isoDate } from "../../core/calendar.ts";
import { moneyCell, type CsvCell } from "../../core/csv.ts";
import { cohortCurves } from "../../core/metrics/cohort-curves.ts";
import { valuesOf, type CohortMeasure } from "../../core/metrics/cohort-grid.ts";
import { PUBLISHED_RETENTION } from "../../core/metrics/customers.ts";
import { precedingPeriod } from "../../core/metrics/period.ts";
import type { ExportTable } from "./export-table.ts";
import { RETENTION_PERIOD, readRetention } from "./read-retention.server.ts";
import {
  allCohorts,
  firstProductRates,
  orderIntervals,
  timeToSecondOrder,
  yearRetention,
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

const yearTable: ExportTable = {
  name: "year-retention",
  usual: RETENTION_PERIOD,
  async load(db, shop, view) {
    const { figures, coverage } = await yearRetention({ db, shopId: shop.id, view });
    const { period } = coverage;
    const before = precedingPeriod(period);
    const { average, goodFrom, goodTo, fastMovingConsumerGoods, sports, automotive } = PUBLISHED_RETENTION;
    const published = (what: string, from: number, to = from): CsvCell[] => [
      ...[`Published: ${what}`, from, to],
      ...Array.from({ length: 7 }, () => null),
    ];
    return {
      headings: [
        ...["Retention over 12 months", "Rate from", "Rate to", "Customers of the year before"],
        ...["Ordered again", "Came back after missing that year", "Year before from", "Year before to"],
        ...["Year from", "Year to"],
      ],
      rows: [
        [
          ...["This shop", share(figures.rate), share(figures.rate)],
          ...[figures.atStart, figures.retained, figures.reactivated],
          ...[before.firstDay, before.lastDay, period.firstDay, period.lastDay].map(isoDate),
        ],
        published("average", average),
        published("good", goodFrom, goodTo),
        published("fast-moving consumer goods", fastMovingConsumerGoods),
        published("sports", sports),
        published("automotive", automotive),
      ],
    };
  },
};

export const RETENTION_TABLES: readonly ExportTable[] = [
  cohorts,
  retentionCurves,
  orderIntervalsTable,
  secondOrder,
  yearTable,
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
