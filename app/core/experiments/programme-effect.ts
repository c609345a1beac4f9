/**
 * What a loyalty programme brings, by the customers who were drawn to be kept out of it.
 *
 * Part take those who were no members when it began: customers with an order in the year before, who enter on that day, and whoever becomes a customer later,
 * who enters with the first order, which does not count. Everybody is on the side that their id was drawn for, whether or not they joined (intention to
 * treat). Each is one outcome, OBSERVED_DAYS after entering, in the sequence of those days; the interval is that of effect.ts and holds however often one looks.
 *
 * The margin of members bears what the programme costs beyond what sales show, at the rate of all members' sales since the programme began. That rate is an estimate of
 * its own, whose error is not in the interval.
 */
import type { PointsCost } from "../clv/margin-share.ts";
import type { Included } from "../metrics/amounts.ts";
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { isHeldOut } from "./assignment.ts";
import { customerSales, salesWithin, type CustomerSales } from "./customer-sales.ts";
import { effectOf, type EffectOutcome, type SideTotals } from "./effect.ts";
import { costRate, joinedDays, NEVER, type MembersGiven } from "./members-given.ts";

const OBSERVED_DAYS = 90;
const LATELY_DAYS = 365;
/** Of the chart. */
const MOST_LOOKS = 40;

export interface ProgrammeEffectOptions {
  members: MembersGiven;
  key: string;
  /** Kept out, above 0 and below 1. */
  share: number;
  startedDay: number;
  /** The day on which it was ended; `null`: it runs. */
  endedDay: number | null;
  today: number;
  included: Included;
  /** `null`: nobody knows what a point is worth. */
  cost: PointsCost | null;
}

export interface ProgrammeSide {
  customers: number;
  members: number;
  /** Have ordered since they entered. */
  ordered: number;
  netMinor: number;
}

/** The sides as they were told by then. */
interface Look {
  day: number;
  observed: number;
  outcome: EffectOutcome;
}

export interface ProgrammeEffect {
  observedDays: number;
  /** Could join, and kept out. */
  open: ProgrammeSide;
  keptOut: ProgrammeSide;
  /** Of both, those whose days are over. */
  observed: number;
  /** Net sales per customer, in minor units. */
  revenue: EffectOutcome;
  /** Margin per customer after the programme's cost, in minor units; `null`: no costs of goods are known. */
  margin: EffectOutcome | null;
  /** Of the share who ordered again. */
  repeat: EffectOutcome;
  /** What members' sales bear, of 1. */
  costRate: number;
  /** Of the revenue, over time. */
  looks: Look[];
}

export function programmeEffect(
  columns: OrderColumns,
  counted: CountedOrders,
  options: ProgrammeEffectOptions,
): ProgrammeEffect {
  const { key, share, startedDay, included, cost } = options;
  const today = Math.min(options.today, options.endedDay ?? Infinity);
  const sales = customerSales(columns, counted, included);
  const joined = joinedDays(columns, options.members);
  const rate = costRate(sales, joined, cost, options.today);
  const entered = entryDays(columns, counted, startedDay, joined);
  const open = newSide();
  const keptOut = newSide();
  const over: number[] = [];
  columns.customerIds.forEach((id, who) => {
    const day = entered[who] as number;
    if (day > today) return;
    const { soFar } = isHeldOut(key, id, share) ? keptOut : open;
    const since = salesWithin(sales, who, { after: day, until: today });
    soFar.customers++;
    if (joined[who] !== NEVER) soFar.members++;
    if (since.orders > 0) soFar.ordered++;
    soFar.netMinor += since.netMinor;
    if (today - day > OBSERVED_DAYS) over.push(who);
  });
  over.sort((a, b) => (entered[a] as number) - (entered[b] as number));
  const looks: Look[] = [];
  const days = lookDays(over.map((who) => (entered[who] as number) + OBSERVED_DAYS + 1));
  over.forEach((who, at) => {
    const { revenue, margin, repeat } = isHeldOut(key, columns.customerIds[who] as number, share)
      ? keptOut
      : open;
    const outcome = outcomeOf(sales, who, entered[who] as number, joined[who] as number, rate);
    add(revenue, outcome.netMinor);
    add(margin, outcome.marginMinor);
    add(repeat, outcome.orders > 0 ? 1 : 0);
    const day = (entered[who] as number) + OBSERVED_DAYS + 1;
    const next = over[at + 1];
    const isLast = next === undefined || (entered[next] as number) !== (entered[who] as number);
    if (isLast && days.has(day))
      looks.push({ day, observed: at + 1, outcome: effectOf(open.revenue, keptOut.revenue, share) });
  });
  return {
    observedDays: OBSERVED_DAYS,
    ...{ open: open.soFar, keptOut: keptOut.soFar, observed: over.length, costRate: rate, looks },
    revenue: effectOf(open.revenue, keptOut.revenue, share),
    margin: sales.lacksMargin ? null : effectOf(open.margin, keptOut.margin, share),
    repeat: effectOf(open.repeat, keptOut.repeat, share),
  };
}

interface Side {
  soFar: ProgrammeSide;
  revenue: SideTotals;
  margin: SideTotals;
  repeat: SideTotals;
}

const noTotals = (): SideTotals => ({ customers: 0, sum: 0, squares: 0 });

function newSide(): Side {
  const soFar = { customers: 0, members: 0, ordered: 0, netMinor: 0 };
  return { soFar, revenue: noTotals(), margin: noTotals(), repeat: noTotals() };
}

function add(totals: SideTotals, outcome: number): void {
  totals.customers++;
  totals.sum += outcome;
  totals.squares += outcome * outcome;
}

/** Sales of the days of observation; those as a member bear the programme's cost. */
function outcomeOf(sales: CustomerSales, who: number, entered: number, joined: number, rate: number) {
  const until = entered + OBSERVED_DAYS;
  const all = salesWithin(sales, who, { after: entered, until });
  if (joined > until) return all;
  const asMember = salesWithin(sales, who, { after: Math.max(entered, joined - 1), until });
  return { ...all, marginMinor: all.marginMinor - rate * asMember.netMinor };
}

/** Of each customer; NEVER for those who take no part. */
function entryDays(
  columns: OrderColumns,
  counted: CountedOrders,
  startedDay: number,
  joined: Int32Array,
): Int32Array {
  const entered = new Int32Array(columns.customerIds.length).fill(NEVER);
  for (let i = 0; i < columns.orderCount; i++) {
    if ((counted.kind[i] as number) < ORDER_KIND.first) continue;
    const who = columns.customer[i] as number;
    const day = columns.day[i] as number;
    if ((joined[who] as number) < startedDay) continue;
    if (day <= startedDay && day > startedDay - LATELY_DAYS) entered[who] = startedDay;
    else if (day > startedDay && day === counted.firstDay[who]) entered[who] = day;
  }
  return entered;
}

/** So few of the days that a chart can draw them, the last one among them. */
function lookDays(days: readonly number[]): Set<number> {
  const different = [...new Set(days)];
  const step = Math.max(1, Math.ceil(different.length / MOST_LOOKS));
  return new Set(different.filter((_, at) => (different.length - 1 - at) % step === 0));
}
