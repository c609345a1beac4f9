import { expect, test } from "vitest";
import { acquisitionReturn, cumulativePath, type AcquiredCohort } from "./acquisition-cost.ts";

const sure = (value: number) => ({ mean: value, low: value, high: value });
const COHORT: AcquiredCohort = {
  month: "2026-03",
  customers: 100,
  spentMinor: 5000,
  broughtMinor: 3000,
  expectedMinor: { mean: 4500, low: 2000, high: 8000 },
  pathMinor: [sure(2000), { mean: 4000, low: 3000, high: 5000 }, { mean: 5500, low: 4000, high: 7000 }],
};

test("the worked example", () => {
  const result = acquisitionReturn(COHORT);
  expect(result.costMinor).toBe(50);
  expect(result.valueMinor).toEqual({ mean: 75, low: 50, high: 110 });
  expect(result.ratio).toEqual({ mean: 1.5, low: 1, high: 2.2 });
  expect(result.payback).toEqual({ month: 3, early: 2, late: null });
});

test("without a cost there is a value and no ratio; for nothing, all is back at once", () => {
  const unknown = acquisitionReturn({ ...COHORT, spentMinor: null });
  expect(unknown).toMatchObject({ costMinor: null, ratio: null, payback: null, valueMinor: { mean: 75 } });
  const free = acquisitionReturn({ ...COHORT, spentMinor: 0 });
  expect(free).toMatchObject({ costMinor: 0, ratio: null, payback: { month: 1, late: 1 } });
});

test("a cohort of nobody has no figures, and no NaN", () => {
  const nobody = acquisitionReturn({
    ...COHORT,
    customers: 0,
    broughtMinor: 0,
    expectedMinor: sure(0),
    pathMinor: [],
  });
  expect(nobody).toMatchObject({ costMinor: null, ratio: null, payback: null, valueMinor: sure(0) });
});

test("a path goes on from what was brought, as wide as its end", () => {
  // 5 of the current month are in already.
  const path = cumulativePath([20, 30], 35, [10, 40], { mean: 40, low: 20, high: 60 });
  expect(path).toEqual([
    sure(20),
    sure(30),
    { mean: 45, low: 40, high: 50 },
    { mean: 75, low: 55, high: 95 },
  ]);
  expect(cumulativePath([], 0, [0], sure(0))).toEqual([sure(0)]);
});

test("without a model there is a cost, and a payback only where it has come", () => {
  const path = [sure(2000), sure(5500)];
  const back = acquisitionReturn({ ...COHORT, expectedMinor: null, pathMinor: path });
  expect(back).toEqual({
    ...{ month: "2026-03", customers: 100, spentMinor: 5000, costMinor: 50 },
    ...{ valueMinor: null, ratio: null, payback: { month: 2, early: 2, late: 2 } },
  });
  const open = acquisitionReturn({ ...COHORT, expectedMinor: null, pathMinor: path.slice(0, 1) });
  expect(open.payback).toEqual({ month: null, early: null, late: null });
});
