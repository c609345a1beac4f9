/**
 * The figures of docs/metrics.md written down a second time, with plain objects and one loop per sentence, as what the
 * folds over typed columns must equal. Slow on purpose: nothing here is shared with app/core/metrics.
 */
import { dayFromIso, isoDate } from "../../app/core/calendar.ts";
import type { SampleOrder, SampleRefund } from "./order-columns.ts";

export interface NaiveOrder extends SampleOrder {
  id: number;
}

interface Switches {
  tax: boolean;
  shipping: boolean;
  giftCards: boolean;
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
const half = (value: number) => (value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5)) + 0;
const dayOf = (order: SampleOrder) => dayFromIso(order.on.slice(0, 10));
const timeOf = (order: SampleOrder) => Date.parse(order.on.length > 10 ? order.on : `${order.on}T12:00:00Z`);

/** Orders that count, in order of time and id. */
export function naiveCounted(orders: readonly NaiveOrder[], excluded: readonly number[]): NaiveOrder[] {
  return orders
    .filter((order) => ((order.flags ?? 0) & 3) === 0)
    .filter((order) => order.customer === undefined || !excluded.includes(order.customer))
    .toSorted((a, b) => timeOf(a) - timeOf(b) || a.id - b.id);
}

function byCustomer(orders: readonly NaiveOrder[]): NaiveOrder[][] {
  const groups = new Map<number, NaiveOrder[]>();
  for (const order of orders) {
    if (order.customer === undefined) continue;
    groups.set(order.customer, [...(groups.get(order.customer) ?? []), order]);
  }
  return [...groups.values()];
}

const charged = (order: SampleOrder, on: Switches) =>
  (order.grossMinor ?? 0) +
  (on.tax ? (order.taxMinor ?? 0) : 0) +
  (on.shipping ? (order.shippingMinor ?? 0) : 0) +
  (on.giftCards ? (order.giftCardMinor ?? 0) : 0);

const givenBack = (refund: SampleRefund, on: Switches) =>
  (refund.productMinor ?? 0) +
  (on.tax ? (refund.taxMinor ?? 0) : 0) +
  (on.shipping ? (refund.shippingMinor ?? 0) : 0) +
  (on.giftCards ? (refund.giftCardMinor ?? 0) : 0);

const netOf = (order: SampleOrder, on: Switches) =>
  charged(order, on) - (order.discountMinor ?? 0) - sum((order.refunds ?? []).map((r) => givenBack(r, on)));

export function naiveRevenue(
  counted: readonly NaiveOrder[],
  from: number,
  to: number,
  on: Switches,
  basis: "order date" | "refund date",
) {
  const inside = counted.filter((order) => dayOf(order) >= from && dayOf(order) <= to);
  const refunds = counted.flatMap((order) =>
    (order.refunds ?? [])
      .filter((refund) => {
        const day = basis === "order date" ? dayOf(order) : dayFromIso(refund.on);
        return day >= from && day <= to;
      })
      .map((refund) => ({ order, minor: givenBack(refund, on) })),
  );
  const net = (which: (order: NaiveOrder) => boolean) =>
    sum(inside.filter(which).map((order) => charged(order, on) - (order.discountMinor ?? 0))) -
    sum(refunds.filter(({ order }) => which(order)).map(({ minor }) => minor));
  const firstOf = (order: NaiveOrder) => counted.find(({ customer }) => customer === order.customer) ?? order;
  const netMinor = net(() => true);
  const returning = net((order) => order.customer !== undefined && dayOf(firstOf(order)) < from);
  const repeat = net((order) => order.customer !== undefined && firstOf(order) !== order);
  const grossMinor = sum(inside.map((order) => charged(order, on)));
  const discountMinor = sum(inside.map((order) => order.discountMinor ?? 0));
  const refundsMinor = sum(refunds.map(({ minor }) => minor));
  return {
    orders: inside.length,
    guestOrders: inside.filter(({ customer }) => customer === undefined).length,
    grossMinor,
    discountMinor,
    refundsMinor,
    netMinor,
    shippingMinor: sum(inside.map((order) => order.shippingMinor ?? 0)),
    taxMinor: sum(inside.map((order) => order.taxMinor ?? 0)),
    tipMinor: sum(inside.map((order) => order.tipMinor ?? 0)),
    giftCardMinor: sum(inside.map((order) => order.giftCardMinor ?? 0)),
    aovMinor: inside.length === 0 ? null : half(netMinor / inside.length),
    refundRate: share(refundsMinor, grossMinor - discountMinor),
    refundedOrdersShare: share(inside.filter(({ refunds }) => refunds?.length).length, inside.length),
    guestsNetMinor: net(({ customer }) => customer === undefined),
    returningCustomersNetMinor: returning,
    repeatOrdersNetMinor: repeat,
    newCustomersNetMinor: net((order) => order.customer !== undefined && dayOf(firstOf(order)) >= from),
    returningCustomersShare: share(returning, netMinor),
    repeatOrdersShare: share(repeat, netMinor),
  };
}

export function naiveCustomers(counted: readonly NaiveOrder[], from: number, to: number) {
  const length = to - from + 1;
  const all = byCustomer(counted);
  const within = (orders: NaiveOrder[], a: number, b: number) =>
    orders.filter((order) => dayOf(order) >= a && dayOf(order) <= b).length;
  const here = all.filter((orders) => within(orders, from, to) > 0);
  const before = all.filter((orders) => within(orders, from - length, from - 1) > 0);
  const fresh = here.filter((orders) => within(orders, -Infinity, from - 1) === 0);
  const retained = here.filter((orders) => before.includes(orders)).length;
  const known = all.filter((orders) => within(orders, -Infinity, to) > 0);
  const once = known.filter((orders) => within(orders, -Infinity, to) === 1).length;
  const repeaters = here.filter((orders) => within(orders, from, to) > 1).length;
  const rate = share(retained, before.length);
  return {
    customers: here.length,
    newCustomers: fresh.length,
    returningCustomers: here.length - fresh.length,
    repeatCustomers: repeaters,
    repeatPurchaseRate: share(repeaters, here.length),
    purchaseFrequency: share(sum(here.map((orders) => within(orders, from, to))), here.length),
    retention: {
      atStart: before.length,
      atEnd: here.length,
      newCustomers: fresh.length,
      retained,
      reactivated: here.filter((orders) => !fresh.includes(orders) && !before.includes(orders)).length,
      rate,
      churnRate: rate === null ? null : 1 - rate,
    },
    oneTimeBuyers: once,
    oneTimeBuyersShare: share(once, known.length),
  };
}

/** Sorted days between consecutive orders of one customer whose later order lies in the days given. */
export function naiveIntervals(counted: readonly NaiveOrder[], from: number, to: number): number[] {
  return byCustomer(counted)
    .flatMap((orders) =>
      orders.slice(1).flatMap((order, index) => {
        const earlier = orders[index];
        const inside = dayOf(order) >= from && dayOf(order) <= to;
        return earlier && inside ? [dayOf(order) - dayOf(earlier)] : [];
      }),
    )
    .toSorted((a, b) => a - b);
}

export function naiveMedian(sorted: number[]): number | null {
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return sorted.length === 0 ? null : sum(middle) / middle.length;
}

/** Name of the month, or the date of the Monday, that a day lies in. */
export function naiveBucket(day: number, grain: "month" | "week"): string {
  if (grain === "month") return isoDate(day).slice(0, 7);
  const weekday = new Date(day * 86_400_000).getUTCDay();
  return isoDate(day - ((weekday + 6) % 7));
}

export function naiveCohorts(counted: readonly NaiveOrder[], grain: "month" | "week", on: Switches) {
  const days = counted.map(dayOf);
  const names: string[] = [];
  for (let day = Math.min(...days); day <= Math.max(...days); day++) {
    const name = naiveBucket(day, grain);
    if (names.at(-1) !== name) names.push(name);
  }
  return names.flatMap((start, index) => {
    const members = byCustomer(counted).filter(
      ([first]) => first && naiveBucket(dayOf(first), grain) === start,
    );
    if (members.length === 0) return [];
    const ages = names.slice(index).map((name) => {
      const orders = members.map((own) => own.filter((order) => naiveBucket(dayOf(order), grain) === name));
      return {
        active: orders.filter(({ length }) => length > 0).length,
        second: members.filter(([, second]) => second && naiveBucket(dayOf(second), grain) === name).length,
        orders: orders.flat().length,
        netMinor: sum(orders.flat().map((order) => netOf(order, on))),
      };
    });
    const cumulativeNetMinor = ages.map((_, age) =>
      sum(ages.slice(0, age + 1).map(({ netMinor }) => netMinor)),
    );
    return [
      {
        start,
        customers: members.length,
        active: ages.map(({ active }) => active),
        retention: ages.map(({ active }) => active / members.length),
        repeated: ages.map((_, age) => sum(ages.slice(0, age + 1).map(({ second }) => second))),
        orders: ages.map(({ orders }) => orders),
        netMinor: ages.map(({ netMinor }) => netMinor),
        cumulativeNetMinor,
        cumulativeNetPerCustomerMinor: cumulativeNetMinor.map((net) => half(net / members.length)),
      },
    ];
  });
}

/** Share that has reordered by each day, by the definition of the product-limit estimate, one customer at a time. */
export function naiveReordered(counted: readonly NaiveOrder[]): { days: number; share: number }[] {
  const last = Math.max(...counted.map(dayOf));
  const subjects = byCustomer(counted).map((orders) => {
    const [first, second] = orders.map(dayOf);
    if (first === undefined) throw new Error("a customer without orders");
    return second === undefined
      ? { time: last - first, event: false }
      : { time: second - first, event: true };
  });
  const times = [...new Set(subjects.filter(({ event }) => event).map(({ time }) => time))];
  let survival = 1;
  return times
    .toSorted((a, b) => a - b)
    .map((days) => {
      const atRisk = subjects.filter(({ time }) => time >= days).length;
      survival *= 1 - subjects.filter(({ time, event }) => event && time === days).length / atRisk;
      return { days, share: 1 - survival };
    });
}

export function naiveFirstProducts(counted: readonly NaiveOrder[], withinDays: number) {
  const last = Math.max(...counted.map(dayOf));
  const rows = new Map<number | undefined, { customers: number; repeatCustomers: number }>();
  for (const [first, second] of byCustomer(counted)) {
    if (!first || (withinDays !== Infinity && dayOf(first) > last - withinDays)) continue;
    const row = rows.get(first.product) ?? { customers: 0, repeatCustomers: 0 };
    row.customers++;
    if (second && dayOf(second) - dayOf(first) <= withinDays) row.repeatCustomers++;
    rows.set(first.product, row);
  }
  return rows;
}

/** Mean net of the first so many days of customers in months that have been seen for that long. */
export function naiveHistoricValue(counted: readonly NaiveOrder[], days: number, on: Switches) {
  const last = Math.max(...counted.map(dayOf));
  const seen = byCustomer(counted).filter(([first]) => {
    if (!first) return false;
    const date = new Date(dayOf(first) * 86_400_000);
    const lastOfMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) / 86_400_000;
    return lastOfMonth + days - 1 <= last;
  });
  const values = seen.map((orders) => {
    const first = orders[0] ? dayOf(orders[0]) : 0;
    return sum(orders.filter((order) => dayOf(order) < first + days).map((order) => netOf(order, on)));
  });
  return {
    customers: seen.length,
    netPerCustomerMinor: seen.length === 0 ? null : half(sum(values) / seen.length),
  };
}

/** Every customer with an order that is neither test nor cancelled, those left out of the figures too, by id. */
export function naiveCustomerList(orders: readonly NaiveOrder[], excluded: readonly number[], on: Switches) {
  return byCustomer(naiveCounted(orders, [])).map((own) => {
    const [first] = own;
    const customerId = first?.customer ?? 0;
    const netMinor = sum(own.map((order) => netOf(order, on)));
    return {
      customerId,
      orders: own.length,
      netMinor,
      averageOrderMinor: half(netMinor / own.length),
      firstDay: first ? dayOf(first) : 0,
      lastDay: dayOf(own.at(-1) ?? own[0] ?? { on: "" }),
      firstProductId: first?.product ?? null,
      excluded: excluded.includes(customerId),
      expected: null,
    };
  });
}
