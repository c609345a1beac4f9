import { expect, test } from "vitest";
import { faultKey, readSpecials, typedSpecials } from "./typed-specials.ts";

const ZONE = "Europe/Berlin";
const RULES = {
  multipliers: [{ factorPercent: 150, match: { productIds: [7], countries: ["DE", "AT"] } }],
  events: [
    {
      ...{ name: "Spring", factorPercent: 200, match: { channels: ["pos"], collectionIds: [3] } },
      // Two days of the shop, the first of which has 23 hours.
      startsAt: Date.parse("2026-03-29T00:00:00+01:00"),
      endsAt: Date.parse("2026-03-31T00:00:00+02:00"),
    },
  ],
  bonusProducts: [{ productId: 9, points: 50 }],
};

test("rules come back from their fields as they went in, days on the shop's own clock", () => {
  const typed = typedSpecials(RULES, ZONE);
  expect(typed.events[0]).toMatchObject({ firstDay: "2026-03-29", lastDay: "2026-03-30", factor: "2" });
  expect(readSpecials(typed, ZONE)).toEqual({ specials: RULES, faults: {} });
});

test("what makes no sense is told at its field", () => {
  const [event] = typedSpecials(RULES, ZONE).events;
  if (!event) throw new Error("no event");
  const match = { ...event.match, countries: "Germany" };
  const { faults } = readSpecials(
    {
      multipliers: [{ key: 4, factor: "101", match }],
      events: [{ ...event, key: 5, name: " ", lastDay: "2026-03-28", factor: "-1" }],
      bonusProducts: [{ productId: 9, points: "0" }],
    },
    ZONE,
  );
  expect(Object.keys(faults).toSorted()).toEqual(
    [
      ...[faultKey.multiplier(4, "factor"), faultKey.multiplier(4, "countries"), faultKey.bonus(9)],
      ...[faultKey.event(5, "name"), faultKey.event(5, "factor"), faultKey.event(5, "lastDay")],
    ].toSorted(),
  );
});
