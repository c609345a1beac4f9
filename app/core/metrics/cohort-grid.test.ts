import { describe, expect, test } from "vitest";
import { SHADES, cohortGrid, type ShownCohort } from "./cohort-grid.ts";

const cohort = (more: Partial<ShownCohort>): ShownCohort => ({
  start: "2026-01",
  firstDay: 0,
  customers: 10,
  wholeAges: 2,
  active: [10, 5],
  orders: [12, 6],
  netMinor: [1000, 400],
  marginMinor: [300, null],
  cumulativeNetPerCustomerMinor: [100, 140],
  ...more,
});

/** Twice as large, half as loyal, and its last column is still filling up. */
const LARGE = cohort({
  start: "2026-02",
  customers: 20,
  wholeAges: 1,
  active: [20, 5],
  orders: [20, 6],
  netMinor: [2000, -400],
  cumulativeNetPerCustomerMinor: [100, 80],
});

describe("the cohort grid", () => {
  test("has a cell for every column observed, and says which of them is not whole", () => {
    const grid = cohortGrid(
      [cohort({ active: [10, 5, 2], wholeAges: 3, customers: 10 }), LARGE],
      "customers",
    );
    expect(grid.ages).toBe(3);
    expect(grid.rows.map(({ cells }) => cells.map(({ value, whole }) => [value, whole]))).toEqual([
      [
        [1, true],
        [0.5, true],
        [0.2, true],
      ],
      [
        [1, true],
        [0.25, false],
      ],
    ]);
  });

  test("pools what is a share or a mean over the cohorts that are wholly observed", () => {
    const third = cohort({ customers: 30, active: [30, 3] });
    expect(cohortGrid([cohort({}), third, LARGE], "customers").pooled).toEqual([1, 8 / 40]);
    expect(cohortGrid([cohort({}), LARGE], "cumulative").pooled).toEqual([100, 140]);
    expect(cohortGrid([cohort({}), LARGE], "orders").pooled).toBeNull();
  });

  test("colours by what a customer of the cohort brought, so that size does not matter", () => {
    const [small, large] = cohortGrid(
      [cohort({}), cohort({ customers: 20, orders: [30, 6] })],
      "orders",
    ).rows;
    expect(small?.cells.map(({ value }) => value)).toEqual([12, 6]);
    expect(large?.cells.map(({ value }) => value)).toEqual([30, 6]);
    expect(small?.cells[1]?.shade).toBe(SHADES);
    expect(large?.cells[1]?.shade).toBe(Math.ceil(SHADES / 2));
  });

  test("leaves the first column uncoloured, except where it is a part of the sum", () => {
    expect(cohortGrid([cohort({})], "revenue").rows[0]?.cells.map(({ shade }) => shade)).toEqual([0, 7]);
    expect(cohortGrid([cohort({})], "cumulative").rows[0]?.cells.map(({ shade }) => shade)).toEqual([5, 7]);
  });

  test("marks what is below zero, and colours nothing for what is zero or unknown", () => {
    const { rows } = cohortGrid([cohort({}), LARGE, cohort({ netMinor: [1, 0] })], "revenue");
    expect(rows.map(({ cells }) => cells[1]?.shade)).toEqual([7, -1, 0]);
    expect(cohortGrid([cohort({})], "margin").rows[0]?.cells[1]).toEqual({
      value: null,
      shade: 0,
      whole: true,
    });
  });

  test("one wild cell does not make the others pale", () => {
    const many = Array.from({ length: 39 }, () => cohort({}));
    const wild = cohort({ netMinor: [0, 1_000_000] });
    const grid = cohortGrid([...many, wild], "revenue");
    expect(grid.darkestPerCustomer).toBe(40);
    expect(grid.rows.at(-1)?.cells[1]?.shade).toBe(SHADES);
  });

  test("of no cohorts is empty", () => {
    expect(cohortGrid([], "customers")).toEqual({ rows: [], ages: 0, pooled: [], darkestPerCustomer: null });
  });
});
