import { expect, test } from "vitest";
import { makeRules } from "../../../tests/support/loyalty-rules.ts";
import { previewEarning, type ExampleOrder } from "./preview-earning.ts";
import { templateRules, TEMPLATE_NAMES } from "./programme-templates.ts";

const EXAMPLE: ExampleOrder = {
  ...{ productMinor: 10_000, discountMinor: 1_050, taxMinor: 790, shippingMinor: 495, isFirstOrder: true },
};

test.each([
  ["what was paid for products", {}, 89, [["products", 8_950, 8_950]]],
  ["the list price", { basis: "before-discounts" as const }, 100, [["products", 10_000, 10_000]]],
  ["tax, too", { includeTax: true, rounding: "up" as const }, 98, [["products", 9_740, 9_740]]],
  [
    "shipping and the first order, rounded once",
    { includeShipping: true, rounding: "nearest" as const, firstOrderPoints: 50 },
    144,
    [
      ["products", 8_950, 8_950],
      ["shipping", 495, 495],
      ["first-order", null, 5_000],
    ],
  ],
  ["nothing while it is paused", { isAccruing: false, firstOrderPoints: 50 }, 0, [["products", 8_950, 0]]],
])("an example earns on %s", (_, rules, points, parts) => {
  const preview = previewEarning(makeRules(rules), EXAMPLE, 0);
  expect(preview.points).toBe(points);
  expect(preview.parts.map(({ of, minor, hundredths }) => [of, minor, hundredths])).toEqual(parts);
});

test("an example of a product earns by that product's collections", () => {
  const rules = makeRules({ multipliers: [{ match: { collectionIds: [7] }, factorPercent: 200 }] });
  const points = (collectionIds: number[]) =>
    previewEarning(rules, { ...EXAMPLE, product: { id: 3, collectionIds } }, 0).points;
  expect([points([7, 9]), points([9])]).toEqual([179, 89]);
});

test("an example says which rule and which promotion count, and what a bonus adds", () => {
  const double = { match: { channels: ["pos"] }, factorPercent: 200 };
  const abroad = { match: { countries: ["AT"] }, factorPercent: 300 };
  const spring = { name: "Spring", startsAt: 10, endsAt: 20, factorPercent: 150, match: {} };
  const bonusProducts = [{ productId: 3, points: 25 }];
  const rules = makeRules({ multipliers: [double, abroad], events: [spring], bonusProducts });
  const preview = (part: Partial<ExampleOrder>, at: number) => {
    const { points, multiplier, event } = previewEarning(rules, { ...EXAMPLE, ...part }, at);
    return { points, multiplier, event };
  };
  expect(preview({}, 9)).toEqual({ points: 89, multiplier: null, event: null });
  expect(preview({ channel: "pos" }, 10)).toEqual({ points: 268, multiplier: double, event: spring });
  expect(preview({ channel: "pos", country: "AT" }, 20)).toEqual({
    ...{ points: 268, multiplier: abroad, event: null },
  });
  expect(preview({ product: { id: 3, collectionIds: [] } }, 0)).toMatchObject({ points: 114 });
});

test.each([
  ["EUR", 89],
  ["KWD", 8],
  ["JPY", 89],
])("every template gives whole points in %s", (currency, points) => {
  for (const name of TEMPLATE_NAMES) {
    const { base, firstOrderPoints, ...rules } = templateRules(name, currency);
    const preview = previewEarning({ ...rules, base, firstOrderPoints }, EXAMPLE, 0);
    expect(Math.floor((preview.points - firstOrderPoints) / base.points)).toBe(points);
  }
});
