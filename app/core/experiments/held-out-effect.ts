/**
 * What a shop's orders say about something from which a share of its customers is held out: orders and revenue of both sides since it began.
 *
 * Who takes part was a customer before it began, with an order in the year before, and enters when it began; or became one later and enters with their first
 * order, which does not count. Everybody is on the side that their id was drawn for, whatever they have seen (intention to treat). The
 * effect is told from those who entered at least OBSERVED_DAYS ago, by their orders and revenue within these days: so each customer is
 * one outcome that no longer changes, as the interval of effect.ts needs it.
 */
import { grossOf, refundOf, type Included } from "../metrics/amounts.ts";
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { isHeldOut } from "./assignment.ts";
import { effectOf, type EffectOutcome, type SideTotals } from "./effect.ts";

const OBSERVED_DAYS = 30;
const LATELY_DAYS = 365;

export interface HeldOutOptions {
  /** Of the experiment. */
  key: string;
  /** Of all customers, 0 to below 1; 0: nobody is held out and nothing can be told. */
  share: number;
  /** The shop's day on which it began, and the day of asking. */
  startedDay: number;
  today: number;
  included: Included;
}

export interface SideSoFar {
  customers: number;
  /** Have ordered since they entered. */
  ordered: number;
  /** Net sales since then. */
  netMinor: number;
}

export interface HeldOutEffect {
  observedDays: number;
  shown: SideSoFar;
  heldOut: SideSoFar;
  /** Of both sides, those whose days of observation are over. */
  observed: number;
  /** Of the share who ordered; `null`: nobody is held out. */
  repeat: EffectOutcome | null;
  /** Of net sales per customer, in minor units. */
  revenue: EffectOutcome | null;
}

export function heldOutEffect(
  columns: OrderColumns,
  counted: CountedOrders,
  { key, share, startedDay, today, included }: HeldOutOptions,
): HeldOutEffect {
  const { customerIds } = columns;
  const entered = entryDays(columns, counted, startedDay);
  const orders = new Int32Array(customerIds.length);
  const ordersInTime = new Int32Array(customerIds.length);
  const net = new Float64Array(customerIds.length);
  const netInTime = new Float64Array(customerIds.length);
  eachOrder(columns, counted, included, (customer, day, netMinor) => {
    const days = day - (entered[customer] as number);
    if (days <= 0) return;
    orders[customer] = (orders[customer] as number) + 1;
    net[customer] = (net[customer] as number) + netMinor;
    if (days > OBSERVED_DAYS) return;
    ordersInTime[customer] = (ordersInTime[customer] as number) + 1;
    netInTime[customer] = (netInTime[customer] as number) + netMinor;
  });

  const sides = { shown: newSide(), heldOut: newSide() };
  customerIds.forEach((id, customer) => {
    const day = entered[customer] as number;
    if (day > today) return;
    const side = isHeldOut(key, id, share) ? sides.heldOut : sides.shown;
    side.soFar.customers++;
    if ((orders[customer] as number) > 0) side.soFar.ordered++;
    side.soFar.netMinor += net[customer] as number;
    if (today - day <= OBSERVED_DAYS) return;
    add(side.repeat, (ordersInTime[customer] as number) > 0 ? 1 : 0);
    add(side.revenue, netInTime[customer] as number);
  });
  const { shown, heldOut } = sides;
  return {
    observedDays: OBSERVED_DAYS,
    shown: shown.soFar,
    heldOut: heldOut.soFar,
    observed: shown.repeat.customers + heldOut.repeat.customers,
    repeat: share === 0 ? null : effectOf(shown.repeat, heldOut.repeat, share),
    revenue: share === 0 ? null : effectOf(shown.revenue, heldOut.revenue, share),
  };
}

interface Side {
  soFar: SideSoFar;
  repeat: SideTotals;
  revenue: SideTotals;
}

const noTotals = (): SideTotals => ({ customers: 0, sum: 0, squares: 0 });

function newSide(): Side {
  return { soFar: { customers: 0, ordered: 0, netMinor: 0 }, repeat: noTotals(), revenue: noTotals() };
}

function add(totals: SideTotals, outcome: number): void {
  totals.customers++;
  totals.sum += outcome;
  totals.squares += outcome * outcome;
}

const NEVER = 2_147_483_647;

/** Of each customer; NEVER for those who take no part. */
function entryDays(columns: OrderColumns, counted: CountedOrders, startedDay: number): Int32Array {
  const entered = new Int32Array(columns.customerIds.length).fill(NEVER);
  for (let i = 0; i < columns.orderCount; i++) {
    if ((counted.kind[i] as number) < ORDER_KIND.first) continue;
    const customer = columns.customer[i] as number;
    const day = columns.day[i] as number;
    if (day <= startedDay && day > startedDay - LATELY_DAYS) entered[customer] = startedDay;
    else if (day > startedDay && day === counted.firstDay[customer]) entered[customer] = day;
  }
  return entered;
}

/** Counted orders of customers with their net sales, refunds taken off the order that they are of. */
function eachOrder(
  columns: OrderColumns,
  counted: CountedOrders,
  included: Included,
  visit: (customer: number, day: number, netMinor: number) => void,
): void {
  const { refunds } = columns;
  const refunded = new Map<number, number>();
  for (let r = 0; r < refunds.count; r++) {
    const order = refunds.order[r] as number;
    refunded.set(order, (refunded.get(order) ?? 0) + refundOf(refunds, r, included));
  }
  for (let i = 0; i < columns.orderCount; i++) {
    if ((counted.kind[i] as number) < ORDER_KIND.first) continue;
    const netMinor =
      grossOf(columns, i, included) - (columns.discountMinor[i] as number) - (refunded.get(i) ?? 0);
    visit(columns.customer[i] as number, columns.day[i] as number, netMinor);
  }
}
