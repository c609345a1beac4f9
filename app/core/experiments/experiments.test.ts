import { expect, test } from "vitest";
import { drawNormal, seededRandom } from "../clv/numerics/random.ts";
import { isHeldOut, placeOf } from "./assignment.ts";
import { effectOf, sampleRatioProbability, type SideTotals } from "./effect.ts";

const none = (): SideTotals => ({ customers: 0, sum: 0, squares: 0 });

function add(side: SideTotals, outcome: number): void {
  side.customers++;
  side.sum += outcome;
  side.squares += outcome * outcome;
}

test("a customer's side never changes, and a larger share only adds to those held out", () => {
  // Pinned: another hash would let people change sides in the middle of an experiment.
  expect([1, 2, 7_001_234_567_890].map((id) => placeOf("shop-1 for-you", id))).toMatchInlineSnapshot(`
    [
      0.9595433787908405,
      0.4532089994754642,
      0.6565354508347809,
    ]
  `);
  for (let id = 1; id <= 2_000; id++) {
    if (isHeldOut("a", id, 0.05)) expect(isHeldOut("a", id, 0.2)).toBe(true);
  }
});

test("sides are drawn evenly, whatever the ids, and two experiments do not know of each other", () => {
  const customers = 40_000;
  for (const step of [1, 4, 32_768, 1_000_003]) {
    const tenths = new Float64Array(10);
    let both = 0;
    for (let i = 0; i < customers; i++) {
      const id = 6_000_000_000_000 + i * step;
      const tenth = Math.floor(placeOf("a", id) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      if (isHeldOut("a", id, 0.3) && isHeldOut("b", id, 0.3)) both++;
    }
    const chiSquare = tenths.reduce((sum, seen) => sum + (seen - customers / 10) ** 2 / (customers / 10), 0);
    // The quantile of .9999 at 9 degrees of freedom.
    expect(chiSquare).toBeLessThan(33.7);
    expect(Math.abs(both / customers - 0.09)).toBeLessThan(0.006);
  }
});

test("the worked example", () => {
  const side = (customers: number, mean: number, variance: number): SideTotals => ({
    customers,
    sum: customers * mean,
    squares: (customers - 1) * variance + customers * mean * mean,
  });
  const outcome = effectOf(side(900, 12, 25), side(100, 10, 25), 0.1);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { effect } = outcome;
  expect(effect.difference).toBeCloseTo(2, 9);
  expect(effect.high - effect.difference).toBeCloseTo(1.6, 2);
  expect(effect.verdict).toBe("more");
  expect(effect.smallestDetectable).toBeCloseTo(1.6 + 0.8416 * Math.sqrt(277.78 / 1000), 2);
});

test("says when sides are uneven or small", () => {
  expect(sampleRatioProbability(50, 1_000, 0.05)).toBeCloseTo(1, 6);
  expect(sampleRatioProbability(64, 1_000, 0.05)).toBeCloseTo(0.05, 2);
  const even = { customers: 950, sum: 1, squares: 1 };
  expect(effectOf(even, { ...even, customers: 100 }, 0.05)).toMatchObject({
    reason: "sides-out-of-proportion",
  });
  expect(effectOf(even, { ...even, customers: 50 }, 0.05)).toMatchObject({ reason: "few-customers" });
});

test("looked at after every fiftieth customer, it claims an effect where there is none in at most one experiment of twenty", () => {
  const random = seededRandom(4);
  const experiments = 300;
  let falseAlarms = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const treated = none();
    const heldOut = none();
    for (let customer = 1; customer <= 6_000; customer++) {
      // Most spend nothing, some a lot: the shape of revenue.
      const outcome = random() < 0.2 ? -40 * Math.log(1 - random()) : 0;
      add(random() < 0.2 ? heldOut : treated, outcome);
      if (customer % 50 > 0) continue;
      const told = effectOf(treated, heldOut, 0.2);
      if (told.ok && told.effect.verdict !== "too early to tell") {
        falseAlarms++;
        break;
      }
    }
  }
  expect(falseAlarms / experiments).toBeLessThanOrEqual(0.05);
});

test("finds an effect of the size it calls detectable, four times in five or more", () => {
  const random = seededRandom(5);
  const experiments = 200;
  const [share, customers] = [0.2, 4_000];
  const spread = 10;
  const outcomeOf = (shift: number) => shift + spread * drawNormal(random);
  let detectable = 0;
  let found = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const treated = none();
    const heldOut = none();
    for (let customer = 0; customer < customers; customer++) {
      const isOut = random() < share;
      add(isOut ? heldOut : treated, outcomeOf(isOut ? 0 : detectable));
    }
    const told = effectOf(treated, heldOut, share);
    if (!told.ok) throw new Error(told.reason);
    if (experiment === 0) detectable = told.effect.smallestDetectable;
    else if (told.effect.verdict === "more") found++;
  }
  expect(found / (experiments - 1)).toBeGreaterThan(0.72);
  expect(found / (experiments - 1)).toBeLessThan(0.9);
});
