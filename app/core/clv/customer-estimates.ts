/**
 * What each customer of a shop is expected to do, told from its stored model for whatever they have done by the shop's last order: the value of
 * the next twelve months, the chance to order again in them, and when the next order was due when the last one came.
 *
 * An order is due in the window that, at the customer's last order, held 80% of the futures with an order within a year (next-purchase.ts). So
 * it stands still while the customer is silent, and can pass.
 */
import { PRODUCTS_ONLY, type Included } from "../metrics/amounts.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { customerValues } from "./customer-value.ts";
import type { PurchaseFit } from "./fit-purchases.ts";
import { returnChances } from "./forecast-customers.ts";
import { groupHistories } from "./histories.ts";
import { expectedSpend } from "./models/gamma-gamma.ts";
import { forecasterOf } from "./models.ts";
import { isNaiveRule } from "./naive-rules.ts";
import { nextPurchase } from "./next-purchase.ts";
import type { Forecaster } from "./purchase-model.ts";
import { purchaseStatistics, type PurchaseStatistics } from "./purchase-statistics.ts";
import { fitBehind, UNIT_DAYS, VALUE_HORIZONS, type ShopModel, type ValueMonths } from "./shop-model.ts";
import { shopPurchases } from "./shop-purchases.ts";

/** The part of what was learnt that customers are told by; the rest says how good it is. */
export type ValueSource = Pick<ShopModel, "untilDay" | "chosen" | "fits" | "spendFit" | "uncertainty">;

export function valueSource({ untilDay, chosen, fits, spendFit, uncertainty }: ShopModel): ValueSource {
  return { untilDay, chosen, fits, spendFit, uncertainty };
}

/** `modelVersion` stands for the model where answers are kept. */
export interface ModelUse {
  model: ValueSource;
  modelVersion: number;
  /** .15 is 15% a year. */
  yearlyDiscount: number;
}

/** Within which the next order is looked for: whoever orders later counts as lost. */
export const RETURN_DAYS = VALUE_HORIZONS[12];
/** Fine enough for days. */
const DAY_PRECISION = 0.25 / UNIT_DAYS;

/** One entry per customer, in the order of `columns.customerIds`. */
export interface CustomerEstimates {
  /** The end of what is observed. */
  untilDay: number;
  /** Of the next twelve months, discounted; NaN for who is in no figure. */
  valueMinor: Float64Array;
  /** `null`: the shop has no model in which customers leave, only a rule. */
  chances: CustomerChances | null;
}

/** With what it takes to tell them anew after an order; `null` where each follows from all customers. */
export interface ToldEstimates extends CustomerEstimates {
  toldFrom: { customerIds: Float64Array; statistics: PurchaseStatistics } | null;
}

interface CustomerChances {
  /** P(at least one order within RETURN_DAYS); NaN for who is in no figure. */
  returnChance: Float64Array;
  /** The window in which the next order is due, as days; NO_DUE_DAY for who is in no figure. */
  dueFrom: Int32Array;
  dueBy: Int32Array;
}

const NO_DUE_DAY = 0x7fffffff;

/**
 * `before` is what was told by the same model before the orders changed: who has done nothing since is not reckoned again, which in a large shop
 * saves seconds with each order.
 */
export function customerEstimates(
  columns: OrderColumns,
  counted: CountedOrders,
  { model, yearlyDiscount }: Pick<ModelUse, "model" | "yearlyDiscount">,
  included: Included = PRODUCTS_ONLY,
  before: ToldEstimates | null = null,
): ToldEstimates {
  const { customerIds } = columns;
  const statistics = statisticsOf(columns, counted, model, included);
  const fit = chanceFit(model);
  const size = customerIds.length;
  const told: ToldEstimates = {
    untilDay: statistics.untilDay,
    valueMinor: new Float64Array(size).fill(NaN),
    chances: fit && {
      returnChance: new Float64Array(size).fill(NaN),
      dueFrom: new Int32Array(size).fill(NO_DUE_DAY),
      dueBy: new Int32Array(size).fill(NO_DUE_DAY),
    },
    toldFrom: isOfEachAlone(model) ? { customerIds, statistics } : null,
  };
  const anew = before ? takeOver(told, before) : null;
  const some = anew ? someOf(statistics, anew) : statistics;
  valuesWithin(some, model, 12, yearlyDiscount).forEach((value, entry) => {
    told.valueMinor[some.customer[entry] as number] = value;
  });
  if (fit && told.chances) tellChances(told.chances, some, forecasterOf(fit));
  return told;
}

/** No customer's estimate follows from what others do. */
function isOfEachAlone({ chosen, spendFit }: ValueSource): boolean {
  const isRule = isNaiveRule(chosen.value);
  return !isRule && spendFit.ok && expectedSpend(spendFit.fit.parameters, 0, 0) !== null;
}

/** Takes over what holds still, and gives the entries of those who have to be told anew; `null`: all of them. */
function takeOver(told: ToldEstimates, before: ToldEstimates): Int32Array | null {
  const [now, then] = [told.toldFrom, before.toldFrom];
  if (!now || !then || told.untilDay !== before.untilDay) return null;
  const { statistics } = now;
  const anew: number[] = [];
  // Both are in the order of the customers' ids.
  let other = 0;
  for (let entry = 0; entry < statistics.count; entry++) {
    const who = statistics.customer[entry] as number;
    const id = now.customerIds[who] as number;
    const idOf = (place: number) => then.customerIds[then.statistics.customer[place] as number] as number;
    while (other < then.statistics.count && idOf(other) < id) other++;
    const isKnown = other < then.statistics.count && idOf(other) === id;
    if (isKnown && isAlike(statistics, entry, then.statistics, other)) {
      takeOne(told, who, before, then.statistics.customer[other] as number);
    } else anew.push(entry);
  }
  return Int32Array.from(anew);
}

function isAlike(a: PurchaseStatistics, i: number, b: PurchaseStatistics, j: number): boolean {
  return (
    a.repeats[i] === b.repeats[j] &&
    a.recency[i] === b.recency[j] &&
    a.tenure[i] === b.tenure[j] &&
    a.meanSpend[i] === b.meanSpend[j]
  );
}

function takeOne(told: CustomerEstimates, who: number, before: CustomerEstimates, then: number): void {
  told.valueMinor[who] = before.valueMinor[then] as number;
  if (!told.chances || !before.chances) return;
  told.chances.returnChance[who] = before.chances.returnChance[then] as number;
  told.chances.dueFrom[who] = before.chances.dueFrom[then] as number;
  told.chances.dueBy[who] = before.chances.dueBy[then] as number;
}

function someOf(statistics: PurchaseStatistics, entries: Int32Array): PurchaseStatistics {
  const floats = (column: Float64Array) => Float64Array.from(entries, (entry) => column[entry] as number);
  const whole = (column: Int32Array) => Int32Array.from(entries, (entry) => column[entry] as number);
  return {
    ...statistics,
    count: entries.length,
    customer: whole(statistics.customer),
    repeats: floats(statistics.repeats),
    recency: floats(statistics.recency),
    tenure: floats(statistics.tenure),
    firstDay: whole(statistics.firstDay),
    meanSpend: floats(statistics.meanSpend),
    totalSpend: floats(statistics.totalSpend),
  };
}

/** Of every customer; NaN for who is in no figure. */
export function expectedValues(
  columns: OrderColumns,
  counted: CountedOrders,
  { model, yearlyDiscount, months }: Pick<ModelUse, "model" | "yearlyDiscount"> & { months: ValueMonths },
  included: Included = PRODUCTS_ONLY,
): Float64Array {
  const statistics = statisticsOf(columns, counted, model, included);
  const values = new Float64Array(columns.customerIds.length).fill(NaN);
  valuesWithin(statistics, model, months, yearlyDiscount).forEach((value, entry) => {
    values[statistics.customer[entry] as number] = value;
  });
  return values;
}

/**
 * The fit that chances and dates come from: what was chosen for orders or, where that is a rule, what value is told by; of a blend the
 * likeliest model. `null`: both are rules, which know no chance.
 */
export function chanceFit({ chosen, fits }: Pick<ValueSource, "chosen" | "fits">): PurchaseFit | null {
  return fitBehind(chosen.purchases, fits) ?? fitBehind(chosen.value, fits);
}

/** In some models customers never leave for good: then everybody is still one, and only how much they buy can be told. */
export function nobodyLeaves({ model, limit }: PurchaseFit): boolean {
  return model === "nbd" || limit === "no-churn";
}

/** What was chosen to tell the value by has no fit any more only where it was never stored: then nothing is expected. */
export function valuesWithin(
  statistics: PurchaseStatistics,
  model: Pick<ValueSource, "chosen" | "fits" | "spendFit">,
  months: ValueMonths,
  yearlyDiscount: number,
): Float64Array {
  const outcome = customerValues(model.chosen.value, statistics, model, {
    horizonDays: VALUE_HORIZONS[months],
    yearlyDiscount,
  });
  return outcome.ok ? outcome.values : new Float64Array(statistics.count);
}

function statisticsOf(
  columns: OrderColumns,
  counted: CountedOrders,
  model: ValueSource,
  included: Included,
): PurchaseStatistics {
  const untilDay = counted.lastOrderDay ?? model.untilDay;
  return purchaseStatistics(shopPurchases(columns, counted, included), { untilDay, unitDays: UNIT_DAYS });
}

function tellChances(
  { returnChance, dueFrom, dueBy }: CustomerChances,
  { repeats, recency, tenure, customer, firstDay, unitDays }: PurchaseStatistics,
  forecaster: Forecaster,
): void {
  const within = RETURN_DAYS / unitDays;
  // Who has as many orders over as long a time is due as long after the last of them.
  const { groups, groupOf } = groupHistories({ repeats, recency, tenure: recency });
  const [early, late] = [new Float64Array(groups.count), new Float64Array(groups.count)];
  for (let group = 0; group < groups.count; group++) {
    const last = groups.recency[group] as number;
    const due = nextPurchase(forecaster, groups.repeats[group] as number, last, last, within, DAY_PRECISION);
    early[group] = due.early ?? Infinity;
    late[group] = due.late ?? Infinity;
  }
  const chances = returnChances(forecaster, { repeats, recency, tenure }, within);
  customer.forEach((who, entry) => {
    const lastDay = (firstDay[entry] as number) + Math.round((recency[entry] as number) * unitDays);
    const group = groupOf[entry] as number;
    returnChance[who] = chances[entry] as number;
    dueFrom[who] = dayAfter(lastDay, early[group] as number);
    dueBy[who] = dayAfter(lastDay, late[group] as number);
  });
}

/** The day on which a time after the end of a day falls. */
export function dayAfter(day: number, time: number): number {
  return time === Infinity ? NO_DUE_DAY : day + Math.max(1, Math.ceil(time * UNIT_DAYS - 1e-6));
}
