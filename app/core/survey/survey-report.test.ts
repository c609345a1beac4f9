/** What buyers say, summed up; the interval holds the truth about as often as it says. */
import { expect, test } from "vitest";
import { surveyReport } from "./survey-report.ts";

const none = new Map<number, number>();
const counts = (recommend: [number, number][]) => ({
  ...{ answers: 0, quality: none, delivery: none },
  recommend: new Map(recommend),
});

test("means of those who answered, and the score of those who said whether they would recommend", () => {
  const report = surveyReport({
    answers: 4,
    quality: new Map([[5, 2], [2, 1]]), // prettier-ignore
    delivery: none,
    recommend: new Map([[10, 1], [9, 1], [8, 1], [6, 1]]), // prettier-ignore
  });
  expect(report).toMatchObject({
    answers: 4,
    quality: { answers: 3, mean: 4 },
    delivery: { answers: 0, mean: null },
    recommend: { answers: 4, promoters: 2, detractors: 1, score: { value: 25 } },
  });
  expect(surveyReport(counts([])).recommend.score).toBeNull();
});

test("few and equal answers are no certainty, and no interval leaves the scale or its own value", () => {
  const one = surveyReport(counts([[10, 1]])).recommend.score;
  expect(one).toMatchObject({ value: 100, high: 100 });
  expect(one?.low).toBeLessThan(0);
  const many = surveyReport(counts([[0, 10_000]])).recommend.score;
  expect(many).toMatchObject({ value: -100, low: -100 });
  expect(many?.high).toBeLessThan(-99);
});

test("the interval holds the shop's own score in about 95 of 100 samples", () => {
  // Of a shop where half promote and a fifth detract: the score is 30.
  for (const size of [10, 40, 200]) {
    let held = 0;
    for (const [promoters, detractors, chance] of samples(size, 0.5, 0.2)) {
      const passive = size - promoters - detractors;
      const { score } = surveyReport(counts([[9, promoters], [7, passive], [3, detractors]])).recommend; // prettier-ignore
      if (score && score.low <= 30 && score.high >= 30) held += chance;
    }
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.985);
  }
});

/** Every outcome of so many answers, with its chance. */
function* samples(size: number, p: number, d: number): Generator<[number, number, number]> {
  const logs = [0];
  for (let n = 1; n <= size; n++) logs.push((logs[n - 1] ?? 0) + Math.log(n));
  const of = (n: number) => logs[n] ?? 0;
  for (let promoters = 0; promoters <= size; promoters++) {
    for (let detractors = 0; promoters + detractors <= size; detractors++) {
      const passive = size - promoters - detractors;
      const ways = of(size) - of(promoters) - of(detractors) - of(passive);
      const chance = promoters * Math.log(p) + detractors * Math.log(d) + passive * Math.log(1 - p - d);
      yield [promoters, detractors, Math.exp(ways + chance)];
    }
  }
}
