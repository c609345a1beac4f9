/**
 * The figures about products of docs/metrics.md written down a second time, order by order, as what the folds over typed columns
 * must equal. Slow on purpose: nothing here is shared with app/core/metrics.
 */
import { dayFromIso } from "../../app/core/calendar.ts";
import type { NaiveOrder } from "./naive-metrics.ts";

interface Asked {
  from: number;
  to: number;
  withinDays: number;
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const dayOf = (order: NaiveOrder) => dayFromIso(order.on.slice(0, 10));
const wait = (earlier: NaiveOrder, later: NaiveOrder) => Math.max(0, dayOf(later) - dayOf(earlier));
const holds = (order: NaiveOrder, product: number) =>
  order.lines?.some((line) => line.product === product) ?? false;
const productsIn = (order: NaiveOrder) => [...new Set(order.lines?.map(({ product }) => product))];

function middle(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const two = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return two.length === 0 ? null : sum(two) / two.length;
}

/** `counted` is in order of time. */
export function naiveProducts(counted: readonly NaiveOrder[], { from, to, withinDays }: Asked) {
  const last = Math.max(...counted.map(dayOf));
  const inside = counted.filter((order) => dayOf(order) >= from && dayOf(order) <= to);
  const ids = [...new Set(inside.flatMap(productsIn))].toSorted((a, b) => a - b);
  return ids.map((productId) => {
    const orders = inside.filter((order) => holds(order, productId));
    const lines = orders.flatMap((order) => order.lines ?? []).filter(({ product }) => product === productId);
    const buyers = [...new Set(orders.flatMap(({ customer }) => customer ?? []))];
    const seen = buyers.flatMap((buyer) => {
      const own = counted.filter(({ customer }) => customer === buyer);
      const anchor = own.find((order) => orders.includes(order));
      if (!anchor || (withinDays !== Infinity && dayOf(anchor) > last - withinDays)) return [];
      const later = own.slice(own.indexOf(anchor) + 1);
      const next = later[0];
      const same = later.find((order) => holds(order, productId));
      return [
        {
          again: next !== undefined && wait(anchor, next) <= withinDays,
          sameAfter: same && wait(anchor, same) <= withinDays ? wait(anchor, same) : null,
        },
      ];
    });
    const net = sum(lines.map(({ netMinor = 0 }) => netMinor));
    const refunds = sum(lines.map(({ refundMinor = 0 }) => refundMinor));
    return {
      productId,
      orders: orders.length,
      buyers: buyers.length,
      units: sum(lines.map(({ quantity = 1 }) => quantity)),
      netMinor: net - refunds,
      refundRate: net === 0 ? null : refunds / net,
      seen: seen.length,
      again: seen.filter(({ again }) => again).length,
      same: seen.filter(({ sameAfter }) => sameAfter !== null).length,
      medianDaysToSame: middle(seen.flatMap(({ sameAfter }) => sameAfter ?? [])),
    };
  });
}

interface Observation {
  first: NaiveOrder;
  second: NaiveOrder;
  /** The customer's orders after both. */
  after: NaiveOrder[];
}

function observations(counted: readonly NaiveOrder[], kind: "together" | "next", { from, to }: Asked) {
  return counted.flatMap((order): Observation[] => {
    if (dayOf(order) < from || dayOf(order) > to || productsIn(order).length === 0) return [];
    const own =
      order.customer === undefined ? [order] : counted.filter(({ customer }) => customer === order.customer);
    const later = own.slice(own.indexOf(order) + 1);
    if (kind === "together") return [{ first: order, second: order, after: later }];
    const [next, ...after] = later;
    return next ? [{ first: order, second: next, after }] : [];
  });
}

export function naivePairs(counted: readonly NaiveOrder[], kind: "together" | "next", asked: Asked) {
  const last = Math.max(...counted.map(dayOf));
  const seenBy = asked.withinDays === Infinity ? Infinity : last - asked.withinDays;
  const all = observations(counted, kind, asked);
  const ids = [...new Set(all.flatMap(({ first, second }) => [...productsIn(first), ...productsIn(second)]))];
  const pairs = ids
    .flatMap((a) => ids.map((b) => [a, b] as const))
    .filter(([a, b]) => (kind === "together" ? a < b : a !== b));
  return pairs.flatMap(([firstId, secondId]) => {
    const both = all.filter(({ first, second }) => holds(first, firstId) && holds(second, secondId));
    if (both.length === 0) return [];
    const withFirst = all.filter(({ first }) => holds(first, firstId)).length;
    const withSecond = all.filter(({ second }) => holds(second, secondId)).length;
    const buyers = [...new Set(both.flatMap(({ first }) => first.customer ?? []))];
    const seen = buyers.flatMap((buyer) => both.find(({ first }) => first.customer === buyer) ?? []);
    const watched = seen.filter(({ second }) => dayOf(second) <= seenBy);
    return [
      {
        firstId,
        secondId,
        observations: all.length,
        orders: both.length,
        support: both.length / all.length,
        share: both.length / withFirst,
        lift: both.length / all.length / ((withFirst / all.length) * (withSecond / all.length)),
        buyers: buyers.length,
        seen: watched.length,
        again: watched.filter(({ second, after: [next] }) => next && wait(second, next) <= asked.withinDays)
          .length,
      },
    ];
  });
}
