import { expect, test } from "vitest";
import { dryRunReport, type CustomerChange } from "./dry-run-report.ts";

const change = (points: number, more: Partial<CustomerChange> = {}): CustomerChange => {
  return { points, orders: 1, isMember: true, ...more };
};

test("a change is told by what is given and taken, and how it is spread", () => {
  const small = Array.from({ length: 18 }, (_, index) => change(index + 1));
  const changes = [
    ...small,
    change(-200, { orders: 3 }),
    change(90),
    change(0),
    change(40, { isMember: false }),
  ];
  expect(dryRunReport(changes)).toEqual({
    orders: 24,
    members: 20,
    points: 171 + 90 - 200,
    given: 261,
    taken: 200,
    waitingPoints: 40,
    medianPoints: 10.5,
    largestPoints: 200,
    capped: 0,
    topTenthShare: 290 / 461,
  });
});

test("nothing that changes is no change", () => {
  const nothing = {
    members: 0,
    points: 0,
    given: 0,
    taken: 0,
    medianPoints: 0,
    largestPoints: 0,
    capped: 0,
    topTenthShare: 0,
  };
  expect(dryRunReport([])).toEqual({ ...nothing, orders: 0, waitingPoints: 0 });
});

test("what one customer can get is limited, and those whom it touches are counted", () => {
  const changes = [change(50), change(100), change(101), change(300, { isMember: false })];
  expect(dryRunReport(changes, 100)).toMatchObject({
    ...{ points: 250, largestPoints: 100, waitingPoints: 100, capped: 2 },
  });
});
