/**
 * One customer's future as far as it can be told: what they are worth, whether they are still a customer and were on every day since their
 * first order, and when the next order is to be expected. The futures behind the interval are drawn from the customer's own id, so that the same
 * question has the same answer.
 *
 * Money that comes later counts less: each future's spend is multiplied by the mean discount, discounted / undiscounted expected value.
 */
import { PRODUCTS_ONLY, grossOf, refundOf, type Included } from "../metrics/amounts.ts";
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import { ordersOf, refundsOf } from "../metrics/customer-history.ts";
import { indexOfCustomer } from "../metrics/id-index.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { CandidateName } from "./candidates.ts";
import { churnBandOf, type ChurnBand } from "./churn-risk.ts";
import {
  chanceFit,
  dayAfter,
  nobodyLeaves,
  RETURN_DAYS,
  valuesWithin,
  type ModelUse,
  type ValueSource,
} from "./customer-estimates.ts";
import { expectedSpend } from "./models/gamma-gamma.ts";
import { forecasterOf, modelOf } from "./models.ts";
import { nextPurchase } from "./next-purchase.ts";
import { rangeAround } from "./observed-range.ts";
import { expectedPurchases, type Forecaster, type PurchaseModelName } from "./purchase-model.ts";
import { purchaseStatistics, type PurchaseStatistics } from "./purchase-statistics.ts";
import { UNIT_DAYS, VALUE_HORIZONS, type ValueMonths } from "./shop-model.ts";
import { simulateFutures } from "./simulated-futures.ts";

export interface CustomerOutlookOptions extends ModelUse {
  customerId: number;
  included?: Included | undefined;
}

export type CustomerOutlook =
  /** Nobody of this id has ordered; none of the orders counts; the merchant leaves the customer out. */
  { told: false; reason: "unknown" | "no-orders" | "left-out" } | ToldOutlook;

export interface ToldOutlook {
  told: true;
  /** The end of what is observed. */
  untilDay: number;
  lastDay: number;
  /** By which value is told. */
  valueBy: CandidateName;
  values: ExpectedValue[];
  /** `null`: for this shop only rules were right, which know no chance. */
  chances: ToldChances | null;
}

interface ExpectedValue {
  months: ValueMonths;
  meanMinor: number;
  /** 80 of 100 futures lie between, or where value is told by a rule 80 of 100 customers like this one; `null` where neither is known. */
  lowMinor: number | null;
  highMinor: number | null;
}

interface ToldChances {
  /** Whose chances these are; where value is told by a blend, the likeliest of its models. */
  model: PurchaseModelName;
  /** P(still a customer); `null` where by the model nobody leaves. */
  alive: number | null;
  /** P(no order within a year), and its band. */
  churnRisk: number;
  band: ChurnBand;
  /** When the next order is to be expected from now on, should one come within a year. */
  next: ExpectedDay | null;
  /** The same as it stood at the last order, and whether it has passed. */
  due: ExpectedDay | null;
  isOverdue: boolean;
  /** Nothing where nobody leaves; else from the day of the first order to the end of what is observed, evenly counted back from there. */
  past: PastDay[];
}

interface PastDay {
  day: number;
  /** P(still a customer) at the end of the day, by what was known then. */
  alive: number;
  /** Days with an order since the day before in this list. */
  orderDays: number;
}

export interface ExpectedDay {
  fromDay: number;
  likelyDay: number;
  byDay: number;
}

/** `valuesOfAll` is asked only where a value follows from the whole shop's average. */
export function customerOutlook(
  columns: OrderColumns,
  counted: CountedOrders,
  options: CustomerOutlookOptions,
  valuesOfAll: (months: ValueMonths) => Float64Array,
): CustomerOutlook {
  const { customerId, model, yearlyDiscount, included = PRODUCTS_ONLY } = options;
  const who = indexOfCustomer(columns, customerId);
  if (who < 0) return { told: false, reason: "unknown" };
  if (columns.customerExcluded[who] === 1) return { told: false, reason: "left-out" };
  const purchases = purchasesOf(columns, counted, who, included);
  const days = [...new Set(purchases.day)].toSorted((a, b) => a - b);
  const lastDay = days.at(-1);
  if (lastDay === undefined) return { told: false, reason: "no-orders" };
  const untilDay = counted.lastOrderDay ?? model.untilDay;
  const known = purchaseStatistics(purchases, { untilDay, unitDays: UNIT_DAYS });
  const fit = chanceFit(model);
  return {
    told: true,
    untilDay,
    lastDay,
    valueBy: model.chosen.value,
    values: ([12, 24] as const).map((months) => {
      const ownMean = () => valuesWithin(known, model, months, yearlyDiscount)[0] ?? 0;
      const meanMinor = followsFromAll(model, known) ? (valuesOfAll(months)[who] ?? 0) : ownMean();
      const undiscounted = valuesWithin(known, model, months, 0)[0] ?? 0;
      const discount = undiscounted > 0 ? ownMean() / undiscounted : 1;
      return { months, meanMinor, ...intervalWithin(known, options, months, meanMinor, discount) };
    }),
    chances: fit && {
      model: fit.model,
      ...chancesOf(forecasterOf(fit), known, lastDay),
      ...(nobodyLeaves(fit)
        ? { alive: null, past: [] }
        : { past: pastOf(forecasterOf(fit), days, untilDay) }),
    },
  };
}

/** As clv/shop-purchases.ts has them, of one customer. */
function purchasesOf(columns: OrderColumns, { kind }: CountedOrders, who: number, included: Included) {
  const places = ordersOf(columns, who).filter((place) => (kind[place] as number) >= ORDER_KIND.first);
  return {
    customers: 1,
    customer: places.map(() => 0),
    day: places.map((place) => columns.day[place] as number),
    amount: places.map((place) => {
      const given = refundsOf(columns, place).reduce(
        (sum, refund) => sum + refundOf(columns.refunds, refund, included),
        0,
      );
      return Math.max(
        0,
        grossOf(columns, place, included) - (columns.discountMinor[place] as number) - given,
      );
    }),
  };
}

/** The simple formula, and the spend of who has shown none of their own where the model of spend has no mean. */
function followsFromAll(
  { chosen, spendFit }: ValueSource,
  { repeats, meanSpend }: PurchaseStatistics,
): boolean {
  if (chosen.value === "simple-formula") return true;
  if (chosen.value === "past-rate" || chosen.value === "recency-rule") return false;
  return (
    !spendFit.ok ||
    expectedSpend(spendFit.fit.parameters, repeats[0] as number, meanSpend[0] as number) === null
  );
}

function intervalWithin(
  known: PurchaseStatistics,
  { model, customerId }: CustomerOutlookOptions,
  months: ValueMonths,
  meanMinor: number,
  discount: number,
): { lowMinor: number | null; highMinor: number | null } {
  const { uncertainty } = model;
  if (!uncertainty) return { lowMinor: null, highMinor: null };
  if ("range" in uncertainty) {
    const { low, high } = rangeAround(uncertainty.range, meanMinor / discount, VALUE_HORIZONS[months]);
    return { lowMinor: low * discount, highMinor: high * discount };
  }
  const { fit, parameters, spendParameters } = uncertainty;
  const ofVector = modelOf(fit);
  const horizon = VALUE_HORIZONS[months] / UNIT_DAYS;
  const { low, high } = simulateFutures(known, {
    forecasters: parameters.map((vector) => ofVector.forecaster(vector)),
    horizon,
    seed: customerId,
    ...(spendParameters && { spend: { parameters: spendParameters, meanSpend: known.meanSpend } }),
  });
  // Without a model of spend the futures are of purchases, each worth what is expected of one.
  const unit = spendParameters ? discount : meanMinor / purchasesWithin(forecasterOf(fit), known, horizon);
  return { lowMinor: (low[0] ?? 0) * unit, highMinor: (high[0] ?? 0) * unit };
}

function purchasesWithin(
  forecaster: Forecaster,
  { repeats, recency, tenure }: PurchaseStatistics,
  horizon: number,
): number {
  return expectedPurchases(
    forecaster,
    repeats[0] as number,
    recency[0] as number,
    tenure[0] as number,
    horizon,
  );
}

function chancesOf(forecaster: Forecaster, known: PurchaseStatistics, lastDay: number) {
  const x = known.repeats[0] as number;
  const tx = known.recency[0] as number;
  const T = known.tenure[0] as number;
  const within = RETURN_DAYS / UNIT_DAYS;
  const next = nextPurchase(forecaster, x, tx, T, within);
  const due = expectedDay(nextPurchase(forecaster, x, tx, tx, within), lastDay);
  const churnRisk = 1 - next.chance;
  return {
    alive: forecaster.probabilityAlive(x, tx, T),
    churnRisk,
    band: churnBandOf(churnRisk),
    next: expectedDay(next, known.untilDay),
    due,
    isOverdue: due !== null && known.untilDay > due.byDay,
  };
}

function expectedDay(
  { early, median, late }: ReturnType<typeof nextPurchase>,
  after: number,
): ExpectedDay | null {
  if (early === null || median === null || late === null) return null;
  return {
    fromDay: dayAfter(after, early),
    likelyDay: dayAfter(after, median),
    byDay: dayAfter(after, late),
  };
}

/** As many as can be seen in a curve. */
const CURVE_POINTS = 150;

/** `days`: those with a purchase, in order. */
function pastOf(forecaster: Forecaster, days: readonly number[], untilDay: number): PastDay[] {
  const first = days[0] as number;
  const step = Math.max(1, Math.ceil((untilDay - first) / CURVE_POINTS));
  const past: PastDay[] = [];
  let known = 0;
  for (let day = first; day <= untilDay; day += day === first ? (untilDay - first) % step || step : step) {
    const before = known;
    while (known < days.length && (days[known] as number) <= day) known++;
    const tx = ((days[known - 1] as number) - first) / UNIT_DAYS;
    const T = (day - first) / UNIT_DAYS;
    past.push({ day, alive: forecaster.probabilityAlive(known - 1, tx, T), orderDays: known - before });
  }
  return past;
}
