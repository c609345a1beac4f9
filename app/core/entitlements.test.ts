import { expect, test } from "vitest";
import { planIncludes } from "./entitlements.ts";

test("everything is included unless a plan leaves it out by name", () => {
  const leftOut = new Map([["Starter", ["figures"] as const]]);
  expect(planIncludes("Starter", "figures", leftOut)).toBe(false);
  expect(planIncludes("Growth", "figures", leftOut)).toBe(true);
  expect(planIncludes("", "figures", leftOut)).toBe(true);
  expect(planIncludes("Starter", "figures")).toBe(true);
});
