/** Who left is told apart from who came back by what was said, and chance is not called a reason. */
import { expect, test } from "vitest";
import { LEAST_ANSWERS, leaving, type AnsweredAlike } from "./leaving.ts";

const said = (cameBack: boolean, count: number, delivery: number | null): AnsweredAlike => ({
  ...{ cameBack, count, marks: { quality: 5, delivery, recommend: null } },
});

test("the worked example: bad marks of 8 of 20 who left and 10 of 200 who came back", () => {
  const found = leaving([said(false, 8, 2), said(false, 12, 5), said(true, 10, 1), said(true, 190, 3)]);
  expect(found).toMatchObject({ left: 20, back: 200 });
  const [quality, delivery, recommend] = found.questions;
  expect(delivery).toMatchObject({ left: { answers: 20, bad: 8 }, back: { answers: 200, bad: 10 } });
  expect(delivery?.difference?.value).toBeCloseTo(0.35, 12);
  expect(delivery?.difference?.low).toBeCloseTo(0.1645, 4);
  expect(delivery?.difference?.high).toBeCloseTo(0.5646, 4);
  // All said the same: no difference, and no certainty of that.
  expect(quality?.difference?.value).toBe(0);
  expect(quality?.difference?.low).toBeLessThan(0);
  expect(quality?.difference?.high).toBeGreaterThan(0);
  expect(recommend).toMatchObject({ left: { answers: 0, bad: 0 }, difference: null });
});

test("few answers are counted and compared with nothing", () => {
  const few = leaving([said(false, LEAST_ANSWERS - 1, 1), said(true, 500, 5)]);
  expect(few.questions[1]).toMatchObject({ left: { answers: LEAST_ANSWERS - 1, bad: 9 }, difference: null });
  // A question that was left open is no mark.
  const open = leaving([said(false, 30, null), said(false, 12, 1), said(true, 12, 5)]);
  expect(open.questions[1]).toMatchObject({ left: { answers: 12, bad: 12 } });
  expect(open.questions[1]?.difference?.high).toBeLessThanOrEqual(1);
});

test("where nobody differs the interval leaves 0 out about once in twenty", () => {
  // Of every possible outcome, with its chance: 25 and 40 answers, a fifth bad on either side.
  let wrong = 0;
  for (const [bad, chance] of outcomes(25, 0.2)) {
    for (const [others, chanceOfOthers] of outcomes(40, 0.2)) {
      const found = leaving([
        said(false, bad, 1),
        said(false, 25 - bad, 5),
        said(true, others, 1),
        said(true, 40 - others, 5),
      ]);
      const { low = 0, high = 0 } = found.questions[1]?.difference ?? {};
      if (low > 0 || high < 0) wrong += chance * chanceOfOthers;
    }
  }
  expect(wrong).toBeGreaterThan(0.01);
  expect(wrong).toBeLessThan(0.065);
});

function* outcomes(size: number, share: number): Generator<[count: number, chance: number]> {
  let chance = (1 - share) ** size;
  for (let count = 0; count <= size; count++) {
    yield [count, chance];
    chance *= ((size - count) / (count + 1)) * (share / (1 - share));
  }
}
