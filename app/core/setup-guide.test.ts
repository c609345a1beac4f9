import { expect, test } from "vitest";
import { setupSteps, type SetupFacts } from "./setup-guide.ts";

const NEW: SetupFacts = {
  syncPhase: "history",
  readableFromDay: null,
  unitCostShare: null,
  flatMarginBasisPoints: null,
  settingsSavedAt: null,
};
const done = (facts: Partial<SetupFacts>) =>
  setupSteps({ ...NEW, ...facts })
    .filter((step) => step.done)
    .map(({ name }) => name);

test("a new shop has everything before it", () => {
  expect(setupSteps(NEW)).toEqual([
    { name: "history", done: false },
    { name: "costs", done: false },
    { name: "revenue", done: false },
  ]);
});

test("each step is done by what it asks for", () => {
  expect(done({ syncPhase: "complete" })).toEqual(["history"]);
  expect(done({ unitCostShare: 0.89 })).toEqual([]);
  expect(done({ unitCostShare: 0.9 })).toEqual(["costs"]);
  expect(done({ flatMarginBasisPoints: 0 })).toEqual(["costs"]);
  expect(done({ settingsSavedAt: 1 })).toEqual(["revenue"]);
});

test("a shop whose older orders are hidden is told how to open them", () => {
  expect(setupSteps({ ...NEW, readableFromDay: 5 }).map(({ name }) => name)).toContain("whole-history");
});
