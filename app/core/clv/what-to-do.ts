/**
 * What a merchant can do now, each with whom it concerns and the money at stake. No effect is claimed: what is at stake is what would be
 * missing, not what an action brings, which only a group left alone on purpose can show.
 *
 * Of a customer who is expected to bring v within twelve months and orders again within them with chance c, what is at stake is the part of v that goes if c
 * falls to where a customer counts as lost: v (1 - L/c), L = 1 - LOST_FROM_RISK = .1, and nothing of who is below. Worked example: v = 100 and
 * c = .4 put 100 (1 - .1/.4) = 75 at stake.
 */
import { NO_DAY, ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import { firstProducts } from "../metrics/first-products.ts";
import type { CustomerTotals } from "../metrics/customer-totals.ts";
import { indexOfCustomer } from "../metrics/id-index.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { ratio } from "../metrics/rounding.ts";
import type { ActionMembers } from "./action-kinds.ts";
import { LOST_FROM_RISK } from "./churn-risk.ts";
import type { CustomerEstimates } from "./customer-estimates.ts";

/** What `stakeMinor` is reckoned from. */
interface FromChances {
  customers: number;
  /** Sum of what they are expected to bring within twelve months. */
  expectedMinor: number;
  stakeMinor: number;
}

export type Action =
  /** Worth more than the mean customer, and the window of their next order has passed. */
  | ({ kind: "overdue"; meanMinor: number } & FromChances)
  /** Ordered once, and the window of the second order, which is the same for all, is open. */
  | ({ kind: "second-order"; fromDays: number; byDays: number } & FromChances)
  /** Ordered once, first a product after which surely more come back than after others. */
  | ({ kind: "first-product"; productId: number; rate: number; shopRate: number } & FromChances)
  /** The tenth of customers who are worth most, where they hold at least 30% of all that is expected. */
  | ({ kind: "best-customers"; share: number } & FromChances)
  /** Two or more orders in the last 365 days, all with a discount, and less than half the shop's margin. */
  | {
      kind: "discounts";
      customers: number;
      /** Discounts given to them in these days. */
      stakeMinor: number;
      /** Margin of net sales whose costs are known. */
      marginShare: number;
      shopMarginShare: number;
    }
  /** Carts of the last CART_DAYS that known customers left, without an order since. */
  | { kind: "carts"; customers: number; stakeMinor: number }
  /** Net sales of products in the last 365 days of which no cost is known, without a flat margin; `share` of all. */
  | { kind: "unit-costs"; customers: null; stakeMinor: number; share: number };

export interface WhatToDo {
  /** By money at stake, the largest first; what only makes figures surer stands last. */
  actions: Action[];
  members: ActionMembers;
}

/** A cart that was left, when, and whose. */
export interface LeftCart {
  customerId: number;
  createdAt: number;
}

const LOST_CHANCE = 1 - LOST_FROM_RISK;
export const CART_DAYS = 14;
const LOOK_BACK_DAYS = 365;
const LARGE_SHARE = 0.3;
/** As margins of those who always have a discount are compared with the shop's. */
const THIN_MARGIN = 0.5;
/** Fewer costs than these say nothing of somebody's margin. */
const COSTED_ENOUGH = 0.5;
const MISSING_COSTS = 0.05;

/** `estimates` is `null` while nothing has been learnt of the shop. */
export function whatToDo(
  columns: OrderColumns,
  counted: CountedOrders,
  totals: () => Pick<CustomerTotals, "orders" | "netMinor">,
  estimates: CustomerEstimates | null,
  carts: readonly LeftCart[] = [],
): WhatToDo {
  const possible: (Found | null)[] = [
    ...(estimates ? fromEstimates(columns, counted, estimates) : []),
    discountHabits(columns, counted),
    leftCarts(columns, counted, totals, carts),
    missingCosts(columns, counted),
  ];
  const found = possible.flatMap((one) => (one && Math.round(one.action.stakeMinor) > 0 ? [one] : []));
  const rank = ({ action }: Found) => (action.kind === "unit-costs" ? -1 : action.stakeMinor);
  found.sort((a, b) => rank(b) - rank(a));
  return {
    actions: found.map(({ action }) => action),
    members: Object.fromEntries(
      found.flatMap(({ action, members }) => (members ? [[action.kind, members]] : [])),
    ),
  };
}

interface Found {
  action: Action;
  members: Uint8Array | null;
}

type Chances = NonNullable<CustomerEstimates["chances"]>;

function fromEstimates(
  columns: OrderColumns,
  counted: CountedOrders,
  estimates: CustomerEstimates,
): (Found | null)[] {
  const { chances, untilDay, valueMinor } = estimates;
  if (!chances) return [];
  const { dueFrom, dueBy, returnChance } = chances;
  const { firstDay, secondDay } = counted;
  const isOnce = (who: number) => firstDay[who] !== NO_DAY && secondDay[who] === NO_DAY;
  const isLost = (who: number) => !((returnChance[who] as number) > LOST_CHANCE);
  const pick = (belongs: (who: number) => boolean) =>
    stakeOf(valueMinor, chances, (who) => !isLost(who) && belongs(who));

  const meanMinor = meanOf(valueMinor);
  const overdue = pick(
    (who) => untilDay > (dueBy[who] as number) && (valueMinor[who] as number) >= meanMinor,
  );
  const once = pick(
    (who) => isOnce(who) && untilDay >= (dueFrom[who] as number) && untilDay <= (dueBy[who] as number),
  );
  // The window after a first order is as long for everybody.
  const anyOnce = once.members.indexOf(1);
  const sinceFirst = (day: Int32Array) =>
    anyOnce < 0 ? 0 : (day[anyOnce] as number) - (firstDay[anyOnce] as number);
  return [
    { action: { kind: "overdue", meanMinor, ...overdue.sums }, members: overdue.members },
    {
      action: {
        kind: "second-order",
        fromDays: sinceFirst(dueFrom),
        byDays: sinceFirst(dueBy),
        ...once.sums,
      },
      members: once.members,
    },
    ofFirstProducts(columns, counted, valueMinor, chances, (who) => isOnce(who) && !isLost(who)),
    bestCustomers(valueMinor, chances),
  ];
}

interface Picked {
  sums: FromChances;
  members: Uint8Array;
}

function stakeOf(valueMinor: Float64Array, chances: Chances, belongs: (who: number) => boolean): Picked {
  const sums: FromChances = { customers: 0, expectedMinor: 0, stakeMinor: 0 };
  const members = new Uint8Array(valueMinor.length);
  for (let who = 0; who < valueMinor.length; who++) {
    const value = valueMinor[who] as number;
    if (Number.isNaN(value) || !belongs(who)) continue;
    members[who] = 1;
    sums.customers++;
    sums.expectedMinor += value;
    sums.stakeMinor += stakeOfOne(value, chances.returnChance[who] as number);
  }
  return { sums, members };
}

function stakeOfOne(value: number, chance: number): number {
  return value * Math.max(0, 1 - LOST_CHANCE / chance);
}

/** Of the products whose first buyers surely come back more often than the shop's customers, the one with the most at stake. */
function ofFirstProducts(
  columns: OrderColumns,
  counted: CountedOrders,
  valueMinor: Float64Array,
  chances: Chances,
  canReturn: (who: number) => boolean,
): Found | null {
  const { products } = firstProducts(columns, counted);
  const shopRate = ratio(
    counted.secondDay.reduce((sum, day) => sum + Number(day !== NO_DAY), 0),
    counted.customers,
  );
  if (shopRate === null) return null;
  const productOf = (who: number) => columns.leadProduct[counted.firstOrder[who] as number] as number;
  const stakes = new Float64Array(columns.productIds.length);
  for (let who = 0; who < valueMinor.length; who++) {
    const product = canReturn(who) ? productOf(who) : -1;
    if (product < 0) continue;
    const stake = stakeOfOne(valueMinor[who] as number, chances.returnChance[who] as number);
    stakes[product] = (stakes[product] as number) + stake;
  }
  const most = products
    .filter(({ low }) => low > shopRate)
    .map(({ productId, rate }) => {
      const product = columns.productIds.indexOf(productId);
      return { productId, rate, product, stake: stakes[product] as number };
    })
    .reduce<{ productId: number; rate: number; product: number; stake: number } | null>(
      (best, one) => (best && best.stake >= one.stake ? best : one),
      null,
    );
  if (!most) return null;
  const { productId, rate, product } = most;
  const { sums, members } = stakeOf(
    valueMinor,
    chances,
    (who) => canReturn(who) && productOf(who) === product,
  );
  return { action: { kind: "first-product", productId, rate, shopRate, ...sums }, members };
}

function bestCustomers(valueMinor: Float64Array, chances: Chances): Found | null {
  const values = valueMinor.filter((value) => !Number.isNaN(value)).sort();
  const count = Math.ceil(values.length / 10);
  const least = values[values.length - count] ?? Infinity;
  // Of those who are worth just as much as the last of the tenth, as many as have room.
  let room = count - values.reduce((above, value) => above + Number(value > least), 0);
  const { sums, members } = stakeOf(valueMinor, chances, (who) => {
    const value = valueMinor[who] as number;
    return value > least || (value === least && room-- > 0);
  });
  const share = ratio(
    sums.expectedMinor,
    values.reduce((sum, value) => sum + value, 0),
  );
  if (share === null || share < LARGE_SHARE) return null;
  return { action: { kind: "best-customers", share, ...sums }, members };
}

function meanOf(valueMinor: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of valueMinor) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** Orders of the last 365 days that count. */
function recentOrders({ day, orderCount }: OrderColumns, { kind, lastOrderDay }: CountedOrders) {
  const from = (lastOrderDay ?? 0) - LOOK_BACK_DAYS + 1;
  const recent: number[] = [];
  for (let i = 0; i < orderCount; i++)
    if (kind[i] !== ORDER_KIND.leftOut && (day[i] as number) >= from) recent.push(i);
  return recent;
}

function discountHabits(columns: OrderColumns, counted: CountedOrders): Found | null {
  const { customer, discountMinor, grossMinor, costedNetMinor, costMinor, customerIds } = columns;
  const size = customerIds.length;
  const orders = new Int32Array(size);
  const discounted = new Int32Array(size);
  const [discounts, net, costed, costs] = [0, 1, 2, 3].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const shop = { costed: 0, costs: 0 };
  const add = (column: Float64Array | Int32Array, who: number, by: number) =>
    (column[who] = (column[who] as number) + by);
  for (const i of recentOrders(columns, counted)) {
    const who = customer[i] as number;
    const discount = discountMinor[i] as number;
    shop.costed += costedNetMinor[i] as number;
    shop.costs += costMinor[i] as number;
    if (who < 0) continue;
    add(orders, who, 1);
    add(discounted, who, Number(discount > 0));
    add(discounts, who, discount);
    add(net, who, (grossMinor[i] as number) - discount);
    add(costed, who, costedNetMinor[i] as number);
    add(costs, who, costMinor[i] as number);
  }
  if (shop.costed <= 0) return null;
  const shopMarginShare = (shop.costed - shop.costs) / shop.costed;
  const members = new Uint8Array(size);
  const sums = { customers: 0, discounts: 0, costed: 0, costs: 0 };
  for (let who = 0; who < size; who++) {
    const count = orders[who] as number;
    const [ofNet, ofCosted, ofCosts] = [net[who], costed[who], costs[who]] as [number, number, number];
    if (count < 2 || discounted[who] !== count || ofCosted <= 0 || ofCosted < COSTED_ENOUGH * ofNet) continue;
    if ((ofCosted - ofCosts) / ofCosted >= THIN_MARGIN * shopMarginShare) continue;
    members[who] = 1;
    sums.customers++;
    sums.discounts += discounts[who] as number;
    sums.costed += ofCosted;
    sums.costs += ofCosts;
  }
  if (sums.customers === 0) return null;
  const marginShare = (sums.costed - sums.costs) / sums.costed;
  return {
    action: {
      kind: "discounts",
      customers: sums.customers,
      stakeMinor: sums.discounts,
      marginShare,
      shopMarginShare,
    },
    members,
  };
}

const DAY_MS = 86_400_000;

/** What stood in a cart is never kept, so it counts as the customer's average order. */
function leftCarts(
  columns: OrderColumns,
  { kind }: CountedOrders,
  totals: () => Pick<CustomerTotals, "orders" | "netMinor">,
  carts: readonly LeftCart[],
): Found | null {
  if (carts.length === 0) return null;
  const { orders, netMinor } = totals();
  const leftAt = new Map<number, number>();
  for (const { customerId, createdAt } of carts) {
    const who = indexOfCustomer(columns, customerId);
    if (who >= 0 && columns.customerExcluded[who] !== 1 && (orders[who] as number) > 0)
      leftAt.set(who, Math.max(createdAt, leftAt.get(who) ?? -Infinity));
  }
  if (leftAt.size === 0) return null;
  const { customer, day, placedOffset } = columns;
  for (let i = 0; i < columns.orderCount; i++) {
    if (kind[i] === ORDER_KIND.leftOut) continue;
    const at = leftAt.get(customer[i] as number);
    if (at !== undefined && (day[i] as number) * DAY_MS + (placedOffset[i] as number) >= at)
      leftAt.delete(customer[i] as number);
  }
  const members = new Uint8Array(columns.customerIds.length);
  let stakeMinor = 0;
  for (const who of leftAt.keys()) {
    members[who] = 1;
    stakeMinor += Math.max(0, (netMinor[who] as number) / (orders[who] as number));
  }
  return { action: { kind: "carts", customers: leftAt.size, stakeMinor }, members };
}

function missingCosts(columns: OrderColumns, counted: CountedOrders): Found | null {
  if (columns.shop.flatMarginBasisPoints !== null) return null;
  const { grossMinor, discountMinor, costedNetMinor, refunds } = columns;
  const recent = new Uint8Array(columns.orderCount);
  let [net, costed] = [0, 0];
  for (const i of recentOrders(columns, counted)) {
    recent[i] = 1;
    net += (grossMinor[i] as number) - (discountMinor[i] as number);
    costed += costedNetMinor[i] as number;
  }
  for (let r = 0; r < refunds.count; r++)
    if (recent[refunds.order[r] as number] === 1) net -= refunds.productMinor[r] as number;
  const missing = net - costed;
  if (net <= 0 || missing <= MISSING_COSTS * net) return null;
  return {
    action: { kind: "unit-costs", customers: null, stakeMinor: missing, share: missing / net },
    members: null,
  };
}
