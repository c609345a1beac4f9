/** Everything that the first page tells of a period, the period that it is compared with, and this week. */
import type { Coverage, Stated } from "../../core/metrics/coverage.ts";
import type { PeriodCustomers } from "../../core/metrics/customers.ts";
import type { Period } from "../../core/metrics/period.ts";
import type { Revenue } from "../../core/metrics/revenue.ts";
import type { Standouts } from "../../core/metrics/standouts.ts";
import type { TrendGrain } from "../../core/metrics/time-buckets.ts";
import type { TrendPoint } from "../../core/metrics/trend.ts";
import { trendGrain, type View } from "../../core/metrics/view.ts";
import { shopMetrics } from "./shop-metrics.server.ts";

export interface Overview {
  grain: TrendGrain;
  now: OverviewFigures;
  before: OverviewFigures | null;
  standouts: Stated<Standouts>;
}

interface OverviewFigures {
  revenue: Revenue;
  customers: PeriodCustomers;
  medianDaysBetweenOrders: number | null;
  trend: TrendPoint[];
  coverage: Coverage;
  asOf: Stated<unknown>["asOf"];
}

export async function loadOverview(databaseUrl: string, shopId: number, view: View): Promise<Overview> {
  const { compare, included, today } = view;
  const grain = trendGrain(view.period);
  const [now, before, standouts] = await Promise.all([
    figuresOf(databaseUrl, shopId, view, view.period, grain),
    compare && figuresOf(databaseUrl, shopId, view, compare, grain),
    shopMetrics(databaseUrl, shopId, { question: "standouts", options: { today, included } }),
  ]);
  if (!standouts) throw new Error(`no shop ${shopId}`);
  return { grain, now, before, standouts };
}

async function figuresOf(
  databaseUrl: string,
  shopId: number,
  { basis, included }: View,
  period: Period,
  grain: TrendGrain,
): Promise<OverviewFigures> {
  const [revenue, customers, intervals, trend] = await Promise.all([
    shopMetrics(databaseUrl, shopId, { question: "revenue", options: { period, basis, included } }),
    shopMetrics(databaseUrl, shopId, { question: "customers", options: { period } }),
    shopMetrics(databaseUrl, shopId, { question: "orderIntervals", options: { period } }),
    shopMetrics(databaseUrl, shopId, { question: "trend", options: { period, basis, included, grain } }),
  ]);
  if (!revenue || !customers || !intervals || !trend) throw new Error(`no shop ${shopId}`);
  return {
    revenue: revenue.figures,
    customers: customers.figures,
    medianDaysBetweenOrders: intervals.figures.medianDays,
    trend: trend.figures,
    coverage: revenue.coverage,
    asOf: revenue.asOf,
  };
}
