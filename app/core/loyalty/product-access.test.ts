import { expect, test } from "vitest";
import { accessOn, publishedAccess, readAccess, readTierOn } from "./product-access.ts";

const tier = (id: string) => ({
  ...{ id, name: id.toUpperCase(), threshold: null, factorPercent: 100, entryPoints: 0 },
  ...{ entryRewardId: null, perks: [], sold: [] },
});
const TIERS = { ladder: ["silver", "gold", "ruby"].map(tier) };

test("each tier of a rule lets in those above it, and one that is gone lets in nobody", () => {
  const rule = {
    steps: [
      { tierId: "gold", from: "2026-08-01" },
      { tierId: "gone", from: null },
    ],
    openFrom: "2026-08-05",
  };
  const published = publishedAccess(rule, TIERS);
  expect(published).toEqual({
    v: 1,
    steps: [
      {
        from: "2026-08-01",
        tiers: [
          { id: "gold", name: "GOLD" },
          { id: "ruby", name: "RUBY" },
        ],
      },
    ],
    open: "2026-08-05",
  });
  expect(readAccess(JSON.parse(JSON.stringify(published)))).toEqual(published);
  expect(publishedAccess({ steps: [{ tierId: "gone", from: null }], openFrom: null }, TIERS)).toBeNull();
});

test("whoever may not buy is told the lowest tier that may now, or next, and their own day", () => {
  const access = publishedAccess(
    {
      steps: [
        { tierId: "silver", from: "2026-08-03" },
        { tierId: "ruby", from: "2026-08-01" },
        { tierId: "gold", from: "2026-08-02" },
      ],
      openFrom: null,
    },
    TIERS,
  );
  if (!access) throw new Error("there is a rule");
  const on = (tierId: string | null, today: string) => accessOn(access, tierId, today);
  expect(on("ruby", "2026-07-31")).toEqual({ ok: false, tierName: "RUBY", from: "2026-08-01" });
  expect(on("gold", "2026-08-01")).toEqual({ ok: false, tierName: "RUBY", from: "2026-08-02" });
  expect(on("silver", "2026-08-02")).toEqual({ ok: false, tierName: "GOLD", from: "2026-08-03" });
  expect(on(null, "2026-08-03")).toEqual({ ok: false, tierName: "SILVER", from: null });
  expect(on("silver", "2026-08-03")).toEqual({ ok: true });
});

test("a tier is held to the end of its last day", () => {
  const tierOn = (value: unknown, today: string) => readTierOn(value, today);
  const own = { id: "gold", lastDay: "2026-08-01", then: "silver" };
  expect([tierOn(own, "2026-08-01"), tierOn(own, "2026-08-02")]).toEqual(["gold", "silver"]);
  expect(tierOn({ ...own, then: null }, "2026-08-02")).toBeNull();
  for (const broken of [
    null,
    7,
    "gold",
    [],
    {},
    { id: 7 },
    { ...own, lastDay: "soon" },
    { ...own, then: [] },
  ])
    expect(tierOn(broken, "2026-08-01")).toBeNull();
});
