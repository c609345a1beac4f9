import { expect, test } from "vitest";
import { cohortCurves } from "./cohort-curves.ts";

const cohort = (
  start: string,
  customers: number,
  active: number[],
  repeated: number[],
  wholeAges = active.length,
) => ({
  start,
  customers,
  wholeAges,
  active,
  repeated,
});

test("each point counts the cohorts that are wholly observed at it", () => {
  const curves = cohortCurves(
    [
      cohort("2026-01", 40, [40, 10, 8], [2, 12, 16]),
      cohort("2026-02", 60, [60, 30], [3, 33]),
      cohort("2026-03", 50, [50, 1], [0, 1], 1),
    ],
    10,
  );
  expect(curves).toEqual([
    {
      year: null,
      points: [
        { customers: 150, retention: 1, repeated: 5 / 150 },
        { customers: 100, retention: 0.4, repeated: 0.45 },
        { customers: 40, retention: 0.2, repeated: 0.4 },
      ],
    },
  ]);
});

test("the latest three years have curves of their own, and each ends where few customers are left", () => {
  const curves = cohortCurves(
    [
      cohort("2022-05", 100, [100], [0]),
      cohort("2023-05", 100, [100, 50], [0, 50]),
      cohort("2024-05", 29, [29], [0]),
      cohort("2025-01", 30, [30, 15], [0, 15]),
      cohort("2025-02", 29, [29], [0]),
    ],
    10,
  );
  expect(curves.map(({ year, points }) => [year, points.map(({ customers }) => customers)])).toEqual([
    [null, [288, 130]],
    ["2023", [100, 100]],
    ["2025", [59, 30]],
  ]);
});

test("a curve ends before a tenth of its customers would stand for all", () => {
  const [curve] = cohortCurves(
    [cohort("2026-01", 99, [99, 10, 8], [0, 10, 12]), cohort("2026-02", 901, [901, 100], [0, 100])],
    10,
  );
  expect(curve?.points.map(({ customers }) => customers)).toEqual([1000, 1000]);
});

test("no curve goes beyond the columns asked for", () => {
  const [curve] = cohortCurves([cohort("2026-01", 40, [40, 10, 8], [0, 10, 12])], 2);
  expect(curve?.points).toHaveLength(2);
});
