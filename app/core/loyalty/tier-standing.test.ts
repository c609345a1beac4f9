import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { addMonths, dayFromIso, isoDate, shopCalendar, startOfDay } from "../calendar.ts";
import { standingAt, tierAt, type TierFacts } from "./tier-standing.ts";
import type { Tier, TierRules } from "./tiers.ts";

const DAY = 86_400_000;
const UTC = shopCalendar("UTC");
const noon = (date: string) => dayFromIso(date) * DAY + DAY / 2;

function tier(id: string, threshold: number | null, facts: Partial<Tier> = {}): Tier {
  return {
    ...{
      id,
      name: id,
      threshold,
      factorPercent: 100,
      entryPoints: 0,
      entryRewardId: null,
      perks: [],
      sold: [],
    },
    ...facts,
  };
}

const LADDER = [tier("bronze", 0), tier("silver", 100), tier("gold", 300), tier("club", null)];
const rules = (facts: Partial<TierRules> = {}): TierRules => ({
  ...{ by: "spend", period: "rolling-year", graceDays: 0, ladder: LADDER },
  ...facts,
});
const facts = (some: Partial<TierFacts>): TierFacts => ({ amounts: [], purchases: [], grants: [], ...some });

/** The rules once more, in words: every hour of the days of grace is looked at by itself, and every amount is added up anew. */
function byTheHour({ period, graceDays, ladder }: TierRules, own: TierFacts, at: number): string | null {
  const reached = (moment: number) => {
    const today = Math.floor(moment / DAY);
    const counted = own.amounts.filter((each) => {
      const day = Math.floor(each.at / DAY);
      if (each.at > moment) return false;
      if (period === "rolling-year") return day > addMonths(today, -12);
      return period === "lifetime" || isoDate(day).slice(0, 4) === isoDate(today).slice(0, 4);
    });
    const sum = counted.reduce((total, { amount }) => total + amount, 0);
    return ladder.flatMap(({ threshold }, rank) => (threshold !== null && threshold <= sum ? [rank] : []));
  };
  const ranks = reached(at);
  const begin = (Math.floor(at / DAY) - graceDays) * DAY;
  // Without an end nothing is lost by time.
  for (let moment = begin; moment <= at && period !== "lifetime"; moment += DAY / 24)
    ranks.push(...reached(moment));
  for (const { tierId, from, until } of own.grants)
    if (from <= at && (until === null || at < until)) ranks.push(ladder.findIndex(({ id }) => id === tierId));
  for (const [rank, { sold }] of ladder.entries()) {
    let last = -Infinity;
    for (const bought of own.purchases.toSorted((a, b) => a.at - b.at)) {
      const product = sold.find(({ productId }) => productId === bought.productId);
      if (!product) continue;
      last = addMonths(Math.max(last, Math.floor(bought.at / DAY)), product.months * bought.units);
      if (bought.at <= at && at < (last + 1) * DAY) ranks.push(rank);
    }
  }
  return ladder[Math.max(-1, ...ranks)]?.id ?? null;
}

const START = dayFromIso("2023-06-01") * DAY;
const hours = (days: number) => integer({ min: 0, max: days * 24 }).map((hour) => START + hour * (DAY / 24));
const SOLD = [
  ...LADDER.slice(0, 3),
  tier("club", null, {
    sold: [
      { productId: 1, months: 1 },
      { productId: 2, months: 12 },
    ],
  }),
];
const lives = record({
  rules: record({
    by: constantFrom("spend" as const),
    period: constantFrom("rolling-year" as const, "calendar-year" as const, "lifetime" as const),
    graceDays: constantFrom(0, 1, 30, 200),
    ladder: constantFrom(LADDER, SOLD, LADDER.slice(1), []),
  }),
  facts: record({
    amounts: array(record({ at: hours(900), amount: integer({ min: 1, max: 200 }) }), { maxLength: 12 }),
    purchases: array(
      record({ at: hours(900), productId: constantFrom(1, 2, 3), units: integer({ min: 1, max: 2 }) }),
      {
        maxLength: 3,
      },
    ),
    grants: array(
      record({
        tierId: constantFrom("gold", "club", "none"),
        from: hours(900),
        until: constantFrom(null, START + 800 * DAY),
      }),
      {
        maxLength: 1,
      },
    ),
  }),
  at: hours(1_500),
});

test("random lives stand where the rules put them, and stay there until the moment that is told", () => {
  const seen = new Set<string>();
  assert(
    property(lives, ({ rules: some, facts: own, at }) => {
      const standing = standingAt(some, own, at, UTC);
      expect(standing.tierId).toBe(byTheHour(some, own, at));
      expect(tierAt(some, own, at, UTC)).toBe(standing.tierId);
      seen.add(`${standing.because} ${standing.next !== null}`);
      const past = { ...own, amounts: own.amounts.filter((each) => each.at <= at) };
      const { next } = standingAt(some, { ...past, purchases: [], grants: [] }, at, UTC);
      const alone = { ...past, purchases: [], grants: [] };
      const before = byTheHour(some, alone, at);
      if (next) {
        expect(byTheHour(some, alone, next.at)).toBe(next.tierId);
        expect(next.tierId).not.toBe(before);
      }
      // Somewhere on the way, and long after everything.
      for (const days of [1, 40, 200]) {
        const later = Math.min(at + days * DAY, (next?.at ?? Infinity) - DAY / 24);
        if (later > at) expect(byTheHour(some, alone, later)).toBe(before);
      }
    }),
    { numRuns: 400 },
  );
  for (const because of ["amount", "grace", "bought", "given"])
    expect(
      [...seen].some((each) => each.startsWith(because)),
      because,
    ).toBe(true);
});

describe("by hand", () => {
  test("twelve months end a year later to the day, and grace is added", () => {
    const own = facts({ amounts: [{ at: noon("2024-02-29"), amount: 120 }] });
    const held = (at: string, graceDays = 0) => tierAt(rules({ graceDays }), own, noon(at), UTC);
    expect(held("2024-02-28")).toBe("bronze");
    expect(held("2024-02-29")).toBe("silver");
    expect(held("2025-02-28")).toBe("silver");
    expect(held("2025-03-01")).toBe("bronze");
    expect(held("2025-03-30", 30)).toBe("silver");
    expect(held("2025-03-31", 30)).toBe("bronze");
    const { next, goal } = standingAt(rules(), own, noon("2024-06-01"), UTC);
    expect(next).toEqual({ at: startOfDay(dayFromIso("2025-03-01"), UTC), tierId: "bronze" });
    expect(goal).toEqual({ tierId: "gold", missing: 180 });
  });

  test("a calendar year begins anew, in the shop's own days", () => {
    const warsaw = shopCalendar("Europe/Warsaw");
    const own = facts({ amounts: [{ at: Date.parse("2024-12-31T23:30:00Z"), amount: 120 }] });
    const at = (time: string) => tierAt(rules({ period: "calendar-year" }), own, Date.parse(time), warsaw);
    expect(at("2025-12-31T22:30:00Z")).toBe("silver");
    expect(at("2025-12-31T23:30:00Z")).toBe("bronze");
  });

  test("a tier that is bought twice lasts twice, a refund ends it", () => {
    const ladder = [tier("silver", 100), tier("club", null, { sold: [{ productId: 7, months: 1 }] })];
    const bought = (units: number) => ({ at: noon("2024-01-31"), productId: 7, units });
    const held = (at: string, units: number) =>
      tierAt(rules({ ladder }), facts({ purchases: units > 0 ? [bought(units)] : [] }), noon(at), UTC);
    expect(held("2024-02-29", 1)).toBe("club");
    expect(held("2024-03-01", 1)).toBeNull();
    expect(held("2024-03-31", 2)).toBe("club");
    expect(held("2024-02-01", 0)).toBeNull();
    const { because, next } = standingAt(
      rules({ ladder }),
      facts({ purchases: [bought(1)] }),
      noon("2024-02-01"),
      UTC,
    );
    expect(because).toBe("bought");
    expect(next).toEqual({ at: startOfDay(dayFromIso("2024-03-01"), UTC), tierId: null });
  });

  test("what is given is a floor, not a ceiling", () => {
    const grants = [{ tierId: "silver", from: noon("2024-01-01"), until: null }];
    const own = facts({ grants, amounts: [{ at: noon("2024-01-02"), amount: 500 }] });
    expect(tierAt(rules(), own, noon("2024-01-01"), UTC)).toBe("silver");
    expect(tierAt(rules(), own, noon("2024-01-03"), UTC)).toBe("gold");
    expect(tierAt(rules(), own, noon("2025-06-01"), UTC)).toBe("silver");
  });

  test("nobody climbs to what is only sold", () => {
    const own = facts({ amounts: [{ at: noon("2024-01-02"), amount: 1_000_000 }] });
    const { tierId, goal } = standingAt(rules(), own, noon("2024-01-03"), UTC);
    expect([tierId, goal]).toEqual(["gold", null]);
  });
});
