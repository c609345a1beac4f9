/** The worked example of liability.ts, sums of the ledger's own postings, and intervals that hold the truth of simulated programmes. */
import { describe, expect, test } from "vitest";
import { seededRandom } from "../clv/numerics/random.ts";
import { liabilityOf } from "./liability.ts";
import { pointValue } from "./point-value.ts";
import { MEMBER_GROUPS, pointsMonth, type PointsCell, type PointsMonth } from "./points-month.ts";

type Facts = Partial<PointsCell> & Pick<PointsCell, "earned">;

/** The same in each group of members. */
function monthOf(month: number, cells: readonly Facts[], redemptions = 20): PointsMonth {
  const nothing = { expires: null, entered: 0, redeemed: 0, expired: 0, withdrawn: 0 };
  const all = Array.from({ length: MEMBER_GROUPS }, (_, group) =>
    cells.map((cell) => ({ ...nothing, ...cell, group })),
  ).flat();
  const sum = (of: (cell: PointsCell) => number) => all.reduce((total, cell) => total + of(cell), 0);
  const redeemed = sum((cell) => cell.redeemed);
  const available = sum((cell) => cell.entered - cell.redeemed - cell.expired - cell.withdrawn);
  const sums = { issued: sum((cell) => cell.entered), redeemed, expired: sum((cell) => cell.expired) };
  return { month, pending: 0, available, owed: 0, adjusted: 0, redemptions, cells: all, ...sums };
}

describe("what is expected of outstanding points", () => {
  const [january, february, march, may] = [0, 1, 2, 4];
  const months = [
    monthOf(january, [{ earned: january, expires: may, entered: 1_000, redeemed: 100 }]),
    monthOf(february, [{ earned: january, expires: may, redeemed: 180 }]),
    monthOf(march, [
      { earned: january, expires: may, redeemed: 72 },
      { earned: march, expires: may, entered: 100 },
    ]),
  ];

  test("is the worked example's", () => {
    const told = liabilityOf(months, { month: march, shareToCome: 0 });
    const r = (100 + 180 + 72) / (1_100 + 900 + 720);
    const [old, young] = [648 * (1 - (1 - r) ** 1.5), 100 * (1 - 0.8 * 0.9 ** 0.5)];
    expect(told.outstanding).toBe(748 * MEMBER_GROUPS);
    expect(told.expected?.mean).toBeCloseTo((old + young) * MEMBER_GROUPS, 6);
    expect(told.breakage?.mean).toBeCloseTo(1 - (old + young) / 748, 9);
    // Whichever group is left out, the others say the same.
    expect(told.breakage?.high).toBeCloseTo(told.breakage?.low ?? 0, 9);
    expect(told.byMonth.map(({ month, outstanding }) => [month, outstanding / MEMBER_GROUPS])).toEqual([
      [january, 648],
      [march, 100],
    ]);
    expect(told.expectedByMonth.slice(0, 3).map(({ month, mean }) => [month, mean > 0])).toEqual([
      [3, true],
      [4, true],
      [5, false],
    ]);
    const inApril = (648 * r + 100 * 0.2) * MEMBER_GROUPS;
    expect(told.expectedByMonth[0]?.mean).toBeCloseTo(inApril, 6);
  });

  test("counts the month that is not over as not watched, and expects the rest of it", () => {
    const april = monthOf(3, [{ earned: january, expires: may, redeemed: 1 }]);
    const told = liabilityOf([...months, april], { month: 3, shareToCome: 0.5 });
    const r = (100 + 180 + 72) / (1_100 + 900 + 720);
    expect(told.expectedByMonth[0]).toMatchObject({ month: 3 });
    const rest = 647 * (1 - (1 - r) ** 0.5) + 100 * (1 - 0.8 ** 0.5);
    expect(told.expectedByMonth[0]?.mean).toBeCloseTo(rest * MEMBER_GROUPS, 6);
    // As of an earlier day nothing later is known.
    expect(liabilityOf([...months, april], { month: march, shareToCome: 0 })).toEqual(
      liabilityOf(months, { month: march, shareToCome: 0 }),
    );
  });

  test("is not told before there is enough to tell it by", () => {
    const quiet = months.map((month) => ({ ...month, redemptions: 5 }));
    expect(liabilityOf(quiet, { month: march, shareToCome: 0 })).toMatchObject({
      ...{ breakage: null, expected: null, expectedByMonth: [], outstanding: 748 * MEMBER_GROUPS },
      tooEarly: { redemptions: 15, months: 3, monthsWanted: 3 },
    });
    const never = months.map((month) => ({
      ...month,
      cells: month.cells.map((cell) => ({ ...cell, expires: null })),
    }));
    expect(liabilityOf(never, { month: march, shareToCome: 0 }).tooEarly?.monthsWanted).toBe(12);
    const one = months.map((month) => ({ ...month, cells: month.cells.filter(({ group }) => group === 0) }));
    expect(liabilityOf(one, { month: march, shareToCome: 0 }).breakage).toBeNull();
    expect(liabilityOf([], { month: march, shareToCome: 0 })).toMatchObject({ outstanding: 0, byMonth: [] });
  });

  test("has intervals that hold the truth of simulated programmes about as often as they say", () => {
    const truth = 1 - share(simulatedProgramme(0, 20_000));
    const runs = 120;
    let held = 0;
    for (let run = 1; run <= runs; run++) {
      const { months, asOf } = simulatedProgramme(run, 400);
      const { breakage } = liabilityOf(months, asOf);
      if (breakage && breakage.low <= truth && truth <= breakage.high) held++;
    }
    expect(truth).toBeGreaterThan(0.2);
    // Of 120 intervals that each hold it with a chance of 95%, fewer than 105 do in less than 1 of 1,000 trials.
    expect(held).toBeGreaterThanOrEqual(105);
  });
});

/** Points in the last watched month that were redeemed later, of all that were open. */
function share({ openThen, redeemedLater }: { openThen: number; redeemedLater: number }): number {
  return redeemedLater / openThen;
}

/**
 * Members who differ: some never redeem, the others once in a few months, and then all they have. They earn every month for two years; points expire
 * after twelve.
 */
function simulatedProgramme(seed: number, members: number) {
  const random = seededRandom(77, seed);
  const [last, life, end] = [23, 12, 36];
  const cells = Array.from({ length: end + 1 }, () => new Map<string, PointsCell>());
  let openThen = 0;
  let redeemedLater = 0;
  const change = (month: number, earned: number, group: number, facts: Partial<PointsCell>) => {
    const key = `${earned}/${group}`;
    const nothing = { entered: 0, redeemed: 0, expired: 0, withdrawn: 0 };
    const cell = cells[month]?.get(key) ?? { earned, expires: earned + life, group, ...nothing };
    cells[month]?.set(key, cell);
    for (const name of ["entered", "redeemed", "expired"] as const) cell[name] += facts[name] ?? 0;
  };
  for (let member = 0; member < members; member++) {
    const group = member % MEMBER_GROUPS;
    const chance = random() < 0.3 ? 0 : 0.03 + 0.25 * random();
    const lots = new Map<number, number>();
    for (let month = 0; month <= end; month++) {
      if (month <= last && random() < 0.4) {
        const points = 10 + Math.floor(200 * random());
        lots.set(month, points);
        change(month, month, group, { entered: points });
      }
      // Points expire in the middle of the month, as far as anybody who redeems in it is concerned.
      const expires = () => {
        const old = lots.get(month - life);
        if (old !== undefined) change(month, month - life, group, { expired: old });
        lots.delete(month - life);
      };
      const isAfterwards = random() < 0.5;
      if (isAfterwards) expires();
      if (random() < chance) {
        for (const [earned, points] of lots) {
          change(month, earned, group, { redeemed: points });
          if (month > last && earned <= last) redeemedLater += points;
        }
        lots.clear();
      }
      if (!isAfterwards) expires();
      if (month === last) openThen += [...lots.values()].reduce((total, points) => total + points, 0);
    }
  }
  const months = cells.slice(0, last + 1).map((each, month): PointsMonth => {
    const sums = [...each.values()];
    const of = (name: "entered" | "redeemed" | "expired") =>
      sums.reduce((total, cell) => total + cell[name], 0);
    const [issued, redeemed, expired] = [of("entered"), of("redeemed"), of("expired")];
    const accounts = { pending: 0, available: issued - redeemed - expired, owed: 0, adjusted: 0 };
    return { month, ...accounts, issued, redeemed, expired, redemptions: 50, cells: sums };
  });
  return { months, asOf: { month: last, shareToCome: 0 }, openThen, redeemedLater };
}

test("a month's sums follow from its postings", () => {
  const lot = { earned: 5, expires: 17, group: 3, opens: false, transactions: 0 };
  const month = pointsMonth(6, [
    { ...lot, earned: 6, opens: true, from: "issued", to: "pending", points: 100, transactions: 2 },
    { ...lot, from: "pending", to: "available", points: 40 },
    { ...lot, from: "available", to: "redeemed", points: 30, transactions: 4 },
    { ...lot, from: "redeemed", to: "available", points: 10, transactions: 1 },
    { ...lot, from: "available", to: "expired", points: 5 },
    { ...lot, from: "expired", to: "issued", points: 2 },
    { ...lot, from: "available", to: "issued", points: 7 },
    { ...lot, from: "available", to: "moved", points: 9 },
    { ...lot, from: "moved", to: "available", points: 9 },
    { ...lot, from: "available", to: "debt", points: 3 },
    { ...lot, earned: null, expires: null, from: "debt", to: "issued", points: 8, transactions: 1 },
    // What had expired comes back as a new lot.
    { ...lot, earned: 6, expires: 7, opens: true, from: "redeemed", to: "available", points: 6 },
  ]);
  expect(month).toEqual({
    ...{ month: 6, pending: 60, available: 40 - 30 + 10 - 5 - 7 - 3 + 6, owed: 5 },
    ...{ issued: 100 - 2 - 7 - 8, adjusted: 0, redeemed: 30 - 10 - 6, expired: 3, redemptions: 4 },
    cells: [
      { earned: 6, expires: 17, group: 3, entered: 100, redeemed: 0, expired: 0, withdrawn: 0 },
      { earned: 5, expires: 17, group: 3, entered: 0, redeemed: 20, expired: 3, withdrawn: 12 },
      { earned: 6, expires: 7, group: 3, entered: 6, redeemed: 0, expired: 0, withdrawn: 0 },
    ],
  });
});

test("a point is worth what the best reward gives, what points were redeemed for, or what was entered", () => {
  const reward = { costPoints: 200, isActive: true };
  const rewards = [
    { ...reward, gives: { kind: "amount-off", valueMinor: 500 } as const },
    { ...reward, gives: { kind: "gift-card", valueMinor: 800 } as const },
    { ...reward, gives: { kind: "percentage", percent: 90 } as const },
    { ...reward, gives: { kind: "store-credit", valueMinor: 9_000 } as const, isActive: false },
  ];
  const redeemed = [
    { valueMinor: 500, points: 200 },
    { valueMinor: 1_000, points: 600 },
  ];
  const by = (rule: "best" | "redeemed" | "entered", thousandMinor: number | null = null) =>
    pointValue({ rule, thousandMinor }, rewards, redeemed);
  expect(by("best")).toEqual({ minor: 4, by: "best" });
  expect(by("redeemed")).toEqual({ minor: 1_500 / 800, by: "redeemed" });
  expect(by("entered", 2_500)).toEqual({ minor: 2.5, by: "entered" });
  expect(by("entered")).toEqual({ minor: 4, by: "best" });
  expect(pointValue({ rule: "redeemed", thousandMinor: null }, [], [])).toBeNull();
});
