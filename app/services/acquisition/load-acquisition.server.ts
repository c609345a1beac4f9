/** What the acquisition page shows: what was spent by month, and what the customers of these months are worth against it. */
import { z } from "zod";
import { isoMonth, monthOf } from "../../core/calendar.ts";
import {
  acquisitionReport,
  ACQUISITION_MEASURES,
  type AcquisitionReport,
  type AcquisitionRow,
} from "../../core/clv/acquisition-report.ts";
import type { CostBounds } from "../../core/clv/cost-file.ts";
import { valueSource } from "../../core/clv/customer-estimates.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import { loadAcquisitionCosts } from "../../db/stores/acquisition-costs.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { loadValueModel } from "../../db/stores/value-models.server.ts";
import type { Database } from "../../db/types.ts";
import { shopBounds } from "../metrics/shop-bounds.server.ts";
import { pointsCost } from "../loyalty/load-liability.server.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { readValueView } from "../value/load-value.server.ts";
import { costBounds } from "./cost-bounds.ts";

const parameters = z.object({
  measure: z.enum(ACQUISITION_MEASURES).catch("sales"),
  /** The month whose path is drawn. */
  cohort: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .nullable()
    .catch(null),
});

export type AcquisitionView = ReturnType<typeof readAcquisitionView>;

export function readAcquisitionView(params: URLSearchParams) {
  const { measure, cohort } = parameters.parse({
    measure: params.get("measure"),
    cohort: params.get("cohort"),
  });
  const { months, discount } = readValueView(params);
  return { months, discount, measure, cohort };
}

interface MonthCost {
  /** `2026-03`. */
  month: string;
  amountMinor: number;
}

export type ToldAcquisition = Stated<AcquisitionReport>;

interface LoadedAcquisition {
  /** Nobody has ordered yet. */
  isEmpty: boolean;
  view: AcquisitionView;
  /** Since the first order, and those with a cost; the latest first. */
  months: string[];
  costs: MonthCost[];
  bounds: CostBounds;
  hasModel: boolean;
  /** With the cohort whose path is shown; the others come without their paths. */
  report: Promise<ToldAcquisition & { shown: AcquisitionRow | null }>;
}

export async function loadAcquisition(
  db: Database,
  shop: Shop,
  view: AcquisitionView,
): Promise<LoadedAcquisition> {
  const costs = await costsByMonth(db, shop.id);
  const stored = await loadValueModel(db, shop.id);
  const { firstDay } = await shopBounds(db.url, shop);
  const bounds = costBounds(shop, Date.now());
  return {
    isEmpty: firstDay === null,
    view,
    months: costMonths(costs.keys(), firstDay, bounds).toReversed(),
    costs: [...costs].map(([month, amountMinor]) => ({ month, amountMinor })),
    bounds,
    hasModel: stored !== null,
    report: reportShown(db, shop, view, { costs, stored }),
  };
}

async function reportShown(...[db, shop, view, known]: Parameters<typeof reportBy>) {
  const { figures, ...stated } = await reportBy(db, shop, view, known);
  const shown = cohortShown(figures, view.cohort);
  const rows = figures.rows.map((row) => ({ ...row, pathMinor: [] }));
  return { ...stated, figures: { ...figures, rows }, shown };
}

/** Months that a cost can be written down for, the earliest first: since the first order, and those that have one. */
export function costMonths(
  costed: Iterable<string>,
  firstDay: number | null,
  { lastMonth }: CostBounds,
): string[] {
  const first = firstDay === null ? lastMonth + 1 : monthOf(firstDay);
  const since = Array.from({ length: Math.max(0, lastMonth - first + 1) }, (_, at) => isoMonth(first + at));
  return [...new Set([...costed, ...since])].toSorted();
}

/** For whoever needs the report alone. */
export async function reportAcquisition(
  db: Database,
  shop: Shop,
  view: AcquisitionView,
): Promise<ToldAcquisition> {
  const costs = await costsByMonth(db, shop.id);
  return reportBy(db, shop, view, { costs, stored: await loadValueModel(db, shop.id) });
}

/** The cohort that is asked for; else the latest that has a cost, else the latest. */
export function cohortShown({ rows }: AcquisitionReport, asked: string | null) {
  const withCustomers = rows.filter(({ customers }) => customers > 0);
  return (
    withCustomers.find(({ month }) => month === asked) ??
    withCustomers.findLast(({ spentMinor }) => spentMinor !== null) ??
    withCustomers.at(-1) ??
    null
  );
}

export async function costsByMonth(db: Database, shopId: number): Promise<Map<string, number>> {
  const costs = await loadAcquisitionCosts(db, shopId);
  return new Map([...costs].map(([month, amountMinor]) => [isoMonth(month), amountMinor]));
}

async function reportBy(
  db: Database,
  shop: Shop,
  { months, discount, measure }: AcquisitionView,
  {
    costs,
    stored,
  }: { costs: ReadonlyMap<string, number>; stored: Awaited<ReturnType<typeof loadValueModel>> },
): Promise<ToldAcquisition> {
  const answer = await shopMetrics(db.url, shop.id, {
    question: "acquiredCohorts",
    options: {
      model: stored && valueSource(stored.model),
      modelVersion: stored?.fittedAt ?? null,
      months,
      yearlyDiscount: discount / 100,
      included: revenueSwitches(shop).included,
      pointsCost: await pointsCost(db, shop),
    },
  });
  if (!answer) throw new Error("the shop has gone");
  const { figures, ...stated } = answer;
  return { ...stated, figures: acquisitionReport(figures, costs, measure) };
}
