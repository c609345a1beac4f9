/**
 * What can be said of a file's purchases: figures, cohorts, models with their errors, which of them is right for it, and how good
 * every forecast was. The figures, the models and the choice are the app's own; an order is a customer's purchases of one day.
 */
import { forecastByAll, type CandidateForecasts, type CandidateName } from "../../app/core/clv/candidates.ts";
import {
  backtest,
  scoreAtOrigin,
  type BacktestOutcome,
  type OriginResult,
} from "../../app/core/clv/backtest.ts";
import { purchaseStatistics, type PurchaseStatistics } from "../../app/core/clv/purchase-statistics.ts";
import {
  buildOrderColumns,
  orderRows,
  refundRows,
  type OrderColumns,
} from "../../app/core/metrics/order-columns.ts";
import { addRow } from "../../app/core/metrics/row-buffer.ts";
import { reportShop, type ShopReport } from "../../app/core/metrics/shop-report.ts";
import { currencyDecimals } from "../../app/core/money.ts";
import type { PurchaseDays } from "./purchase-days.ts";

export interface AnalysisOptions {
  currency: string;
  timeZone: string;
  unitDays: number;
  calibrationEnd: number | null;
  horizonDays: number | null;
  onStep: (step: string) => void;
}

export interface Analysis {
  report: ShopReport;
  firstDay: number;
  lastDay: number;
  /** Last day that the models know. */
  untilDay: number;
  horizonDays: number;
  /** Customers known on that day. */
  statistics: PurchaseStatistics;
  /** Fitted on all that was known on that day, and the forecasts from it. */
  candidates: CandidateForecasts;
  /** On what was known on that day. */
  backtest: BacktestOutcome;
  chosen: { purchases: CandidateName; spend: CandidateName } | null;
  /** What came after `untilDay`; `null` where nothing was kept back. */
  holdout: OriginResult | null;
}

export type AnalysisOutcome = { ok: true; analysis: Analysis } | { ok: false; reason: string };

export function analyzePurchases(purchases: PurchaseDays, options: AnalysisOptions): AnalysisOutcome {
  const { unitDays, calibrationEnd, currency, onStep } = options;
  const [firstDay, lastDay] = spanOf(purchases.day);
  if (purchases.customers === 0) return { ok: false, reason: "No purchase in it has a customer." };
  if (calibrationEnd !== null && (calibrationEnd <= firstDay || calibrationEnd >= lastDay)) {
    return { ok: false, reason: "The calibration has to end between the file's first and last purchase." };
  }
  onStep("figures and cohorts");
  const report = reportShop(orderColumnsOf(purchases, options));
  const untilDay = calibrationEnd ?? lastDay;
  const horizonDays =
    options.horizonDays ??
    (calibrationEnd === null
      ? Math.max(1, Math.floor((lastDay - firstDay + 1) / 3))
      : lastDay - calibrationEnd);
  const transactions = {
    ...purchases,
    amount: purchases.amount.map((minor) => minor / 10 ** currencyDecimals(currency)),
  };
  const known = calibrationEnd === null ? transactions : upTo(transactions, calibrationEnd);

  onStep("models");
  const statistics = purchaseStatistics(known, { untilDay, unitDays });
  const candidates = forecastByAll(statistics, horizonDays / unitDays);
  onStep("backtest");
  const tested = backtest(known, { horizonDays: backtestHorizon(firstDay, untilDay, horizonDays), unitDays });
  const chosen = tested.ok ? { purchases: tested.purchases.chosen, spend: tested.spend.chosen } : null;
  if (calibrationEnd !== null) onStep("holdout");
  return {
    ok: true,
    analysis: {
      report,
      firstDay,
      lastDay,
      untilDay,
      horizonDays,
      statistics,
      candidates,
      backtest: tested,
      chosen,
      holdout:
        calibrationEnd === null
          ? null
          : scoreAtOrigin(transactions, untilDay, Math.min(lastDay, untilDay + horizonDays), unitDays),
    },
  };
}

/** The horizon asked for where the past is long enough to judge it, otherwise a third of the past. */
function backtestHorizon(firstDay: number, untilDay: number, horizonDays: number): number {
  return Math.min(horizonDays, Math.max(1, Math.floor((untilDay - firstDay + 1) / 3)));
}

function spanOf(day: Int32Array): [number, number] {
  let [first, last] = [Infinity, -Infinity];
  for (const on of day) {
    if (on < first) first = on;
    if (on > last) last = on;
  }
  return [first, last];
}

/** Nothing after the day, so that no choice can have seen it. */
function upTo(purchases: PurchaseDays, untilDay: number): PurchaseDays {
  const isKnown = purchases.day.map((on) => Number(on <= untilDay));
  const known = <Column extends Int32Array | Float64Array>(column: Column) =>
    column.filter((_, entry) => isKnown[entry] === 1) as Column;
  return {
    ...purchases,
    customer: known(purchases.customer),
    day: known(purchases.day),
    amount: known(purchases.amount),
  };
}

const DAY_MS = 86_400_000;

/** An order for each customer and day, of nothing but products. */
function orderColumnsOf(
  { customer, day, amount }: PurchaseDays,
  { currency, timeZone }: AnalysisOptions,
): OrderColumns {
  const rows = orderRows(customer.length);
  customer.forEach((who, entry) => {
    const on = day[entry] as number;
    addRow(rows, [entry + 1, on * DAY_MS, on, who + 1, 0, null, amount[entry] as number]);
  });
  const facts = {
    shopId: 0,
    currency,
    timeZone,
    flatMarginBasisPoints: null,
    installGeneration: 0,
    dataVersion: 0,
    readAt: 0,
    syncComplete: true,
    readableFromDay: null,
    unreadableOrders: 0,
  };
  return buildOrderColumns(facts, rows, refundRows(0), []);
}
