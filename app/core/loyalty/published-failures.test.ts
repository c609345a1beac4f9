/** What other loyalty programmes are publicly known to get wrong, each as the shop and its customer would live it. */
import { describe, expect, test } from "vitest";
import {
  createBook,
  expectInvariants,
  happen,
  mergeInto,
  readAccount,
  reserve,
  syncOrder,
} from "../../../tests/support/loyalty-book.ts";
import { makeRules } from "../../../tests/support/loyalty-rules.ts";
import type { WorldOrder } from "../../../tests/support/loyalty-world.ts";
import { DAY_MS, START } from "../../../tests/support/orders.ts";
import { balanceOf } from "./member-account.ts";
import { versionAt, type EarningRules } from "./programme.ts";

/** A shop with one programme, whose orders are heard of as they change. */
function shop(rules: Partial<EarningRules> = {}) {
  const book = createBook();
  const versions = [{ version: 1, validFrom: 0, rules: makeRules(rules) }];
  let now = START;
  let orders = 0;

  function hear(order: WorldOrder): void {
    const version = versionAt(versions, order.placedAt);
    if (!version) throw new Error("no version holds");
    now += 1;
    syncOrder(book, order.customer, order, version, version.rules.returnSpent, now);
    expectInvariants(book, now);
  }

  return {
    book,
    wait: (days: number) => (now += days * DAY_MS),
    now: () => now,
    changeRules: (changed: Partial<EarningRules>) =>
      versions.push({ version: versions.length + 1, validFrom: now, rules: makeRules(changed) }),
    /** Two units for each price. */
    buys: (customer: number, ...prices: number[]): WorldOrder => {
      orders += 1;
      const lines = prices.map((unitMinor, index) => ({
        ...{ id: orders * 10 + index, productId: index + 1, unitMinor, units: 2, refundedUnits: 0 },
      }));
      const state = { placedAt: now, paidAt: now, cancelledAt: null, dispute: null, moneyBackMinor: 0 };
      const facts = { isFirst: false, isExcluded: false, isTest: false, redemptionId: null, broughtBy: null };
      const order = { id: orders, customer, lines, ...state, ...facts };
      hear(order);
      return order;
    },
    changes: (order: WorldOrder, change: (order: WorldOrder) => void) => {
      change(order);
      hear(order);
    },
    has: (member: number): number => {
      const { pending, available, debt } = balanceOf(readAccount(book, member, now));
      return pending + available - debt;
    },
  };
}

const giveBackUnit = (order: WorldOrder) => {
  const line = order.lines.find(({ units, refundedUnits }) => units > refundedUnits);
  if (line) line.refundedUnits += 1;
};

describe("published failures", () => {
  test("a rule that was doubled since does not double what a refund takes back", () => {
    const { buys, changes, changeRules, has } = shop();
    const order = buys(1, 2_500);
    changeRules({ base: { points: 2, perMinor: 100 } });
    changes(order, giveBackUnit);
    expect(has(1)).toBe(25);
  });

  test("a rule that was switched off since does not keep a refund from taking back", () => {
    const { buys, changes, changeRules, has } = shop();
    const order = buys(1, 2_500);
    changeRules({ isAccruing: false });
    changes(order, giveBackUnit);
    changes(order, giveBackUnit);
    expect(has(1)).toBe(0);
  });

  test("several partial refunds take back exactly what was earned, however they round", () => {
    const { buys, changes, has } = shop({ base: { points: 1, perMinor: 700 }, rounding: "nearest" });
    const order = buys(1, 1_111, 1_999);
    expect(has(1)).toBe(9);
    for (const left of [7, 6, 3, 0]) {
      changes(order, giveBackUnit);
      expect(has(1)).toBe(left);
    }
  });

  test("a refund to store credit takes points like one to a card, also when it names no line", () => {
    const { buys, changes, has } = shop();
    const order = buys(1, 2_500);
    changes(order, (it) => (it.moneyBackMinor = 2_000));
    expect(has(1)).toBe(30);
    changes(order, (it) => (it.moneyBackMinor = 5_000));
    expect(has(1)).toBe(0);
  });

  test("an edit takes the points of what it removes and gives those of what it adds", () => {
    const { buys, changes, has } = shop();
    const order = buys(1, 2_500, 1_000);
    changes(order, ({ lines }) => {
      lines.splice(1, 1);
      lines.push({ id: 99, productId: 9, unitMinor: 4_000, units: 1, refundedUnits: 0 });
    });
    expect(has(1)).toBe(90);
  });

  test("an exchange leaves the points of what the customer kept", () => {
    const { buys, changes, has } = shop();
    const order = buys(1, 2_500);
    changes(order, giveBackUnit);
    changes(order, ({ lines }) =>
      lines.push({ id: 99, productId: 9, unitMinor: 3_000, units: 1, refundedUnits: 0 }),
    );
    expect(has(1)).toBe(55);
  });

  test("a cancelled redemption gives back the points with the expiry that they had", () => {
    const { book, buys, wait, now, has } = shop({ expiryMonths: 2 });
    buys(1, 2_500);
    const expiresAt = balanceOf(readAccount(book, 1, now())).nextDueAt;
    wait(20);
    expect(reserve(book, 1, "r", 40, now())).toBe(true);
    wait(20);
    happen(book, "r", { happened: "cancelled" }, now());
    expect(has(1)).toBe(50);
    expect(balanceOf(readAccount(book, 1, now())).nextDueAt).toBe(expiresAt);
  });

  test("merged customers keep all points, and a refund of either's order takes them once", () => {
    const { book, buys, changes, now, has } = shop();
    const order = buys(1, 2_500);
    buys(2, 1_000);
    mergeInto(book, 1, 2, now());
    expect([has(1), has(2)]).toEqual([0, 70]);
    changes(order, giveBackUnit);
    changes(order, giveBackUnit);
    expect([has(1), has(2)]).toEqual([0, 20]);
  });

  test("points expire by when they were earned, and not the whole balance at once", () => {
    const { buys, wait, has } = shop({ expiryMonths: 1 });
    buys(1, 2_500);
    wait(20);
    buys(1, 1_000);
    wait(15);
    expect(has(1)).toBe(20);
    wait(20);
    expect(has(1)).toBe(0);
  });

  test("a chargeback holds the points, losing it takes them, winning it gives them again", () => {
    const { buys, changes, has } = shop();
    const order = buys(1, 2_500);
    const after = (["open", "lost", "won"] as const).map((dispute) => {
      changes(order, (it) => (it.dispute = dispute));
      return has(1);
    });
    expect(after).toEqual([0, 0, 50]);
  });
});
