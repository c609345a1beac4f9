/** What the retention page shows and its files hold, asked of the columns thread. */
import { cohortCurves, type CohortCurve } from "../../core/metrics/cohort-curves.ts";
import { MOST_COHORTS, type ShownCohort } from "../../core/metrics/cohort-grid.ts";
import type { Cohort } from "../../core/metrics/cohorts.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { PeriodCustomers } from "../../core/metrics/customers.ts";
import {
  nameFirstProducts,
  type NamedFirstProducts,
  type Within,
} from "../../core/metrics/named-first-products.ts";
import type { OrderIntervals } from "../../core/metrics/order-intervals.ts";
import { evenReorderCurve } from "../../core/metrics/reorder-curve.ts";
import type { TimeToSecondOrder } from "../../core/metrics/second-order.ts";
import type { MetricsAnswer, MetricsQuestion, MetricsRequest } from "../../core/questions/shop-metrics.ts";
import type { Grain } from "../../core/metrics/time-buckets.ts";
import type { View } from "../../core/metrics/view.ts";
import type { Database } from "../../db/database.server.ts";
import { productTitles } from "../../db/queries/product-titles.server.ts";
import { shopMetrics } from "./shop-metrics.server.ts";

/** Whose figures, of which days, counting what as revenue. */
export interface RetentionScope {
  db: Database;
  shopId: number;
  view: Pick<View, "period" | "included">;
}

export interface ShownCohorts {
  /** The latest ones. */
  cohorts: ShownCohort[];
  /** Earlier ones; the file has them. */
  earlier: number;
  curves: CohortCurve[];
}

const MOST_PRODUCTS = 30;
const YEAR_DAYS = 365;

export async function shownCohorts(scope: RetentionScope, grain: Grain): Promise<Stated<ShownCohorts>> {
  const { figures: cohorts, ...stated } = await allCohorts(scope, grain);
  const most = MOST_COHORTS[grain];
  return {
    ...stated,
    figures: {
      cohorts: cohorts.slice(-most).map(shown),
      earlier: Math.max(0, cohorts.length - most),
      curves: cohortCurves(cohorts, most + 1),
    },
  };
}

export async function allCohorts(scope: RetentionScope, grain: Grain): Promise<Stated<Cohort[]>> {
  const { period, included } = scope.view;
  return ask(scope, { question: "cohorts", options: { grain, period, included } });
}

function shown(cohort: Cohort): ShownCohort {
  const { start, firstDay, customers, wholeAges, active, orders, netMinor, marginMinor } = cohort;
  const { cumulativeNetPerCustomerMinor } = cohort;
  return {
    start,
    firstDay,
    customers,
    wholeAges,
    active,
    orders,
    netMinor,
    marginMinor,
    cumulativeNetPerCustomerMinor,
  };
}

/** Over the 12 months that end with the period: the only length for which rates are published. */
export async function yearRetention(scope: RetentionScope): Promise<Stated<PeriodCustomers["retention"]>> {
  const { lastDay } = scope.view.period;
  const period = { firstDay: lastDay - YEAR_DAYS + 1, lastDay };
  const { figures, ...stated } = await ask(scope, { question: "customers", options: { period } });
  return { ...stated, figures: figures.retention };
}

export async function orderIntervals({ view, ...scope }: RetentionScope): Promise<Stated<OrderIntervals>> {
  return ask(scope, { question: "orderIntervals", options: { period: view.period } });
}

/** The curve at evenly spaced days, as it is drawn. */
export async function timeToSecondOrder({
  view,
  ...scope
}: RetentionScope): Promise<Stated<TimeToSecondOrder>> {
  const { figures, ...stated } = await ask(scope, {
    question: "timeToSecondOrder",
    options: { period: view.period },
  });
  return { ...stated, figures: { ...figures, curve: evenReorderCurve(figures.curve) } };
}

export async function firstProductRates(
  { view, ...scope }: RetentionScope,
  within: Within,
  most: number = MOST_PRODUCTS,
): Promise<Stated<NamedFirstProducts>> {
  const { figures, ...stated } = await ask(scope, {
    question: "firstProducts",
    options: { period: view.period, ...(within === "ever" ? {} : { withinDays: Number(within) }) },
  });
  const ids = figures.products.slice(0, most).map(({ productId }) => productId);
  const titles = await productTitles(scope.db, scope.shopId, ids);
  return { ...stated, figures: nameFirstProducts(figures, titles, most) };
}

async function ask<Q extends MetricsQuestion>(
  { db, shopId }: Pick<RetentionScope, "db" | "shopId">,
  request: Extract<MetricsRequest, { question: Q }>,
): Promise<MetricsAnswer<Q>> {
  const answer = await shopMetrics(db.url, shopId, request);
  if (!answer) throw new Error(`no shop ${shopId}`);
  return answer;
}
