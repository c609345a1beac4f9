/** Both ways to tell what a programme brings, against shops that were made with a known effect. */
import { describe, expect, it } from "vitest";
import { sampleColumns, SAMPLE_FACTS, type SampleOrder } from "../../../tests/support/order-columns.ts";
import { isoDate } from "../calendar.ts";
import { seededRandom } from "../clv/numerics/random.ts";
import { PRODUCTS_ONLY } from "../metrics/amounts.ts";
import { countOrders } from "../metrics/counted-orders.ts";
import { isHeldOut } from "./assignment.ts";
import { matchedComparison } from "./matched-comparison.ts";
import type { MembersGiven } from "./members-given.ts";
import { programmeEffect } from "./programme-effect.ts";

const START = 20_000;

interface Simulated {
  orders: SampleOrder[];
  members: MembersGiven;
}

/** Customers of one order before, who come back in the 90 days with a chance of their own and spend about 50. */
function simulate(
  seed: number,
  count: number,
  {
    key = "",
    lift = 0,
    joins,
  }: { key?: string; lift?: number; joins: (pull: number, chance: number, id: number) => boolean },
): Simulated {
  const random = seededRandom(seed);
  const orders: SampleOrder[] = [];
  const ids: number[] = [];
  const days: number[] = [];
  for (let id = 1; id <= count; id++) {
    const pull = random();
    const customer = seed * 100_000 + id;
    const joined = START + Math.floor(random() * 5);
    // What is seen of somebody's pull: how often they had ordered.
    const before = pull < 0.4 ? 1 : pull < 0.75 ? 2 : 3;
    for (let n = 0; n < before; n++)
      orders.push({
        on: isoDate(joined - 6 - Math.floor(random() * 6) - n * 100),
        customer,
        grossMinor: 5000,
      });
    const isMember = joins(pull, random(), customer) && !(key !== "" && isHeldOut(key, customer, 0.5));
    if (isMember) {
      ids.push(customer);
      days.push(joined);
    }
    const chance = 0.1 + 0.15 * before + (isMember ? lift : 0);
    if (random() < chance)
      orders.push({
        on: isoDate(joined + 6 + Math.floor(random() * 60)),
        customer,
        grossMinor: Math.round(4000 + 2000 * random()),
      });
  }
  return { orders, members: { customerIds: Float64Array.from(ids), joinedDays: Int32Array.from(days) } };
}

const asked = { today: START + 200, included: PRODUCTS_ONLY, cost: null };
const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);
/** Of 60 at 95%, as many miss by chance alone once in a thousand. */
const MOST_MISSES = 9;

describe("a programme that keeps a drawn share out", () => {
  const effectFor = (seed: number, lift: number) => {
    const key = `return ${seed}`;
    const { orders, members } = simulate(seed, 800, { key, lift, joins: (_, chance) => chance < 0.8 });
    const columns = sampleColumns(orders);
    const options = { ...asked, members, key, share: 0.5, startedDay: START - 1, endedDay: null };
    return programmeEffect(columns, countOrders(columns), options);
  };

  it("is told its effect on whoever could join, and none where there is none", () => {
    let misses = 0;
    let found = 0;
    for (const seed of SEEDS) {
      const { repeat } = effectFor(seed, 0.3);
      if (!repeat.ok) throw new Error(repeat.reason);
      // Four of five joined.
      const truth = 0.8 * 0.3;
      if (repeat.effect.low > truth || repeat.effect.high < truth) misses++;
      const none = effectFor(1_000 + seed, 0);
      if (none.repeat.ok && none.repeat.effect.verdict !== "too early to tell") found++;
    }
    expect(misses).toBeLessThanOrEqual(MOST_MISSES);
    expect(found).toBeLessThanOrEqual(MOST_MISSES);
  });

  it("takes the programme's cost off the margin of members' sales, and says nothing of a margin that is not known", () => {
    const key = "margin";
    const { orders, members } = simulate(5, 800, { key, joins: () => true });
    const flat = { ...SAMPLE_FACTS, flatMarginBasisPoints: 5_000 };
    const columns = { ...sampleColumns(orders), shop: flat };
    const options = { ...asked, members, key, share: 0.5, startedDay: START - 1, endedDay: null };
    const counted = countOrders(columns);
    const free = programmeEffect(columns, counted, options);
    const memberNet = orders
      .filter(({ on, customer = 0 }) => on >= isoDate(START) && members.customerIds.includes(customer))
      .filter(
        ({ on, customer = 0 }) =>
          on >= isoDate(members.joinedDays[members.customerIds.indexOf(customer)] ?? 0),
      )
      .reduce((sum, { grossMinor = 0 }) => sum + grossMinor, 0);
    const dear = programmeEffect(columns, counted, {
      ...options,
      cost: { costMinor: memberNet / 4, sinceDay: START - 1 },
    });
    expect(dear.costRate).toBeCloseTo(0.25, 9);
    if (!free.margin?.ok || !dear.margin?.ok || !free.revenue.ok) throw new Error("nothing was told");
    expect(free.margin.effect.difference).toBeCloseTo(free.revenue.effect.difference / 2, 6);
    expect(dear.margin.effect.difference).toBeLessThan(free.margin.effect.difference);
    const unknown = programmeEffect({ ...columns, shop: SAMPLE_FACTS }, counted, options);
    expect(unknown.margin).toBeNull();
  });

  it("counts nobody who was a member before, and looks no further than its end", () => {
    const { orders, members } = simulate(3, 400, { joins: () => true });
    const early = { ...members, joinedDays: members.joinedDays.map(() => START - 50) };
    const columns = sampleColumns(orders);
    const options = { ...asked, key: "k", share: 0.5, startedDay: START - 1, endedDay: null };
    const counted = countOrders(columns);
    const none = programmeEffect(columns, counted, { ...options, members: early });
    expect([none.open.customers, none.keptOut.customers]).toEqual([0, 0]);
    const ended = programmeEffect(columns, counted, { ...options, members, endedDay: START + 20 });
    expect(ended.observed).toBe(0);
    expect(ended.revenue).toMatchObject({ ok: false, reason: "few-customers" });
  });
});

describe("members beside customers like them", () => {
  const told = (seed: number, lift: number, joins: (pull: number, chance: number) => boolean) => {
    const { orders, members } = simulate(seed, 1_200, { lift, joins });
    const columns = sampleColumns(orders);
    return matchedComparison(columns, countOrders(columns), { ...asked, members });
  };
  /** Who orders more joins more often, and that shows in the history. */
  const seen = (pull: number, chance: number) => chance < (pull < 0.4 ? 0.2 : pull < 0.75 ? 0.4 : 0.6);

  it("differ by the effect where the history tells who joins, in 95 of 100 intervals", () => {
    let misses = 0;
    let found = 0;
    for (const seed of SEEDS) {
      const { after } = told(seed, 0.2, seen);
      if (!after.ok) throw new Error(`${after.matched} of ${after.members}`);
      if (after.repeat.low > 0.2 || after.repeat.high < 0.2) misses++;
      const none = told(2_000 + seed, 0, seen).after;
      if (none.ok && (none.repeat.low > 0 || none.repeat.high < 0)) found++;
    }
    expect(misses).toBeLessThanOrEqual(MOST_MISSES);
    expect(found).toBeLessThanOrEqual(MOST_MISSES);
  });

  it("are made alike in what is known of them, which the table shows", () => {
    const { after } = told(7, 0, seen);
    if (!after.ok) throw new Error("few");
    const orders = after.balance.find(({ feature }) => feature === "orders");
    expect(orders?.before).toBeGreaterThan(0.3);
    for (const { after: left } of after.balance) expect(Math.abs(left)).toBeLessThan(0.15);
  });

  it("say that it is too early where few have joined", () => {
    const { after, placebo } = told(9, 0, (_, chance) => chance < 0.02);
    expect(after).toMatchObject({ ok: false, reason: "few-members" });
    expect(placebo.ok).toBe(false);
  });

  it("fail the placebo where members were buying more before they joined", () => {
    const random = seededRandom(11);
    const orders: SampleOrder[] = [];
    const ids: number[] = [];
    for (let customer = 1; customer <= 1_000; customer++) {
      orders.push({ on: isoDate(START - 150), customer, grossMinor: 5000 });
      const isKeen = random() < 0.5;
      // What nobody could have seen 90 days before: they were about to buy.
      if (random() < (isKeen ? 0.7 : 0.2))
        orders.push({ on: isoDate(START - 40), customer, grossMinor: 5000 });
      if (isKeen) ids.push(customer);
    }
    const columns = sampleColumns(orders);
    const members = {
      customerIds: Float64Array.from(ids),
      joinedDays: new Int32Array(ids.length).fill(START),
    };
    const { placebo } = matchedComparison(columns, countOrders(columns), { ...asked, members });
    if (!placebo.ok) throw new Error("few");
    expect(placebo.repeat.low).toBeGreaterThan(0.3);
  });
});
