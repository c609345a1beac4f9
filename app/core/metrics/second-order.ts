/** How long customers take to their second order, with those who may still place it counted for as long as they were seen. */
import { NO_DAY, type CountedOrders } from "./counted-orders.ts";
import { addDays, dayCounts } from "./day-counts.ts";
import { kaplanMeier, type SurvivalStep } from "./kaplan-meier.ts";
import { periodOf, type Period } from "./period.ts";

export interface TimeToSecondOrder {
  /** Customers whose first order fell in the period. */
  customers: number;
  /** Those of them with a second order by the shop's last order day. */
  reordered: number;
  /** By this day half of the customers reorder; `null` while half is not reached. */
  medianDays: number | null;
  /** Estimated share that has reordered within so many days after the first order. */
  within: ReorderShare[];
  /** The whole curve, one entry per day on which the share grows. */
  curve: ReorderShare[];
}

interface ReorderShare {
  days: number;
  share: number;
  /** 95% interval; `null` where it cannot be had: nobody has reordered yet, or everybody. */
  low: number | null;
  high: number | null;
}

const READING_DAYS = [30, 60, 90, 180, 365, 730];

/** Observation ends on the shop's last order day; a reading beyond the longest observation is left out. */
export function timeToSecondOrder(counted: CountedOrders, asked?: Period): TimeToSecondOrder {
  const { firstDay, secondDay, lastOrderDay } = counted;
  const period = periodOf(counted, asked);
  const events = dayCounts();
  const censored = dayCounts();
  let longest = 0;
  for (let who = 0; who < firstDay.length; who++) {
    const first = firstDay[who] as number;
    if (first === NO_DAY || first < period.firstDay || first > period.lastDay) continue;
    const second = secondDay[who] as number;
    const observed = (lastOrderDay ?? first) - first;
    if (observed > longest) longest = observed;
    if (second === NO_DAY) addDays(censored, observed);
    else addDays(events, Math.max(0, second - first));
  }
  const steps = kaplanMeier(events.counts, censored.counts);
  return {
    customers: events.total + censored.total,
    reordered: events.total,
    medianDays: steps.find(({ survival }) => survival <= 0.5)?.time ?? null,
    within: READING_DAYS.filter((days) => days <= longest).map((days) => reading(steps, days)),
    curve: steps.map((step) => shareAt(step, step.time)),
  };
}

function reading(steps: readonly SurvivalStep[], days: number): ReorderShare {
  const step = steps.findLast(({ time }) => time <= days);
  return step ? shareAt(step, days) : { days, share: 0, low: null, high: null };
}

function shareAt(step: SurvivalStep, days: number): ReorderShare {
  return {
    days,
    share: 1 - step.survival,
    low: step.high === null ? null : 1 - step.high,
    high: step.low === null ? null : 1 - step.low,
  };
}
