/** The function by its fixtures, each of which the real schema of Shopify's validation functions takes, and by what holds of every cart. */
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { validationFunctionSchema } from "../../../scripts/shopify-schema.ts";
import { describeFixtures } from "../../testing/function-fixtures.ts";
import { cartValidationsGenerateRun, type RunInput } from "../src/cart_validations_generate_run.ts";
import { SENTENCES } from "../src/messages.ts";

describeFixtures({
  folder: path.join(import.meta.dirname, ".."),
  query: "cart_validations_generate_run.graphql",
  schema: validationFunctionSchema,
  run: cartValidationsGenerateRun,
});

const LADDER = ["bronze", "silver", "gold"] as const;
const DAYS = ["2026-07-30", "2026-07-31", "2026-08-01", "2026-08-02", "2026-08-03"] as const;
const day = fc.constantFrom(...DAYS);
const dayOrNull = fc.option(day, { nil: null });
const tierId = fc.option(fc.constantFrom(...LADDER), { nil: null });

const access = fc.record({
  v: fc.constant(1 as const),
  steps: fc.array(fc.record({ from: dayOrNull, tierId: fc.constantFrom(...LADDER) }), {
    minLength: 1,
    maxLength: 3,
  }),
  open: dayOrNull,
});
type Access = typeof access extends fc.Arbitrary<infer Value> ? Value : never;

const published = ({ steps, open }: Access) => ({
  ...{ v: 1, open },
  steps: steps.map(({ from, tierId: lowest }) => ({
    from,
    tiers: LADDER.slice(LADDER.indexOf(lowest)).map((id) => ({ id, name: id.toUpperCase() })),
  })),
});

const anything = fc.oneof(
  fc.anything(),
  fc.constantFrom(null, "", "{}", { v: 1 }, { v: 1, steps: [{}], open: null }),
);

function inputOf(facts: {
  today: string;
  isAuthenticated: boolean;
  tier: unknown;
  products: readonly unknown[];
  language?: string;
}): RunInput {
  return {
    buyerJourney: { step: "CHECKOUT_COMPLETION" },
    localization: { language: { isoCode: facts.language ?? "EN" } },
    shop: { localTime: { date: facts.today } },
    cart: {
      buyerIdentity: {
        isAuthenticated: facts.isAuthenticated,
        customer: { metafield: { jsonValue: facts.tier } },
      },
      lines: facts.products.map((jsonValue, index) => ({
        merchandise: {
          __typename: "ProductVariant",
          product: { id: String(index), title: `Product ${index}.`, metafield: { jsonValue } },
        },
      })),
    },
  };
}

const refusalsOf = (input: RunInput) =>
  cartValidationsGenerateRun(input).operations.flatMap(({ validationAdd }) => validationAdd.errors);

/** The rule itself: a day that has come for somebody as high as them, or for everybody. */
function mayBuy({ steps, open }: Access, tier: string | null, today: string): boolean {
  const rank = LADDER.findIndex((id) => id === tier);
  const hasCome = (from: string | null) =>
    from === null || DAYS.indexOf(from as never) <= DAYS.indexOf(today as never);
  if (open !== null && hasCome(open)) return true;
  return steps.some(({ from, tierId: lowest }) => rank >= LADDER.indexOf(lowest) && hasCome(from));
}

test("refuses each product that the rule refuses, once, and no other", () => {
  fc.assert(
    fc.property(
      fc.record({ id: tierId, lastDay: dayOrNull, then: tierId }),
      fc.boolean(),
      day,
      fc.array(access, { maxLength: 5 }),
      (tier, isAuthenticated, today, rules) => {
        const isOver = tier.lastDay !== null && DAYS.indexOf(tier.lastDay) < DAYS.indexOf(today);
        const held = !isAuthenticated ? null : isOver ? tier.then : tier.id;
        const input = inputOf({ today, isAuthenticated, tier, products: rules.map(published) });
        // The same product in two lines.
        const { lines } = input.cart;
        const said = refusalsOf({ ...input, cart: { ...input.cart, lines: [...lines, ...lines] } });
        expect(said.map(({ message }) => /Product \d+\./.exec(message)?.[0])).toEqual(
          rules.flatMap((rule, index) => (mayBuy(rule, held, today) ? [] : [`Product ${index}.`])),
        );
      },
    ),
  );
});

test("whoever waits for the day that they are told may buy on it, and not before", () => {
  fc.assert(
    fc.property(access, tierId, day, (rule, id, today) => {
      const ask = (on: string) =>
        refusalsOf(
          inputOf({
            ...{ today: on, isAuthenticated: true, tier: { id, lastDay: null, then: null } },
            products: [published(rule)],
          }),
        );
      const [refusal] = ask(today);
      const told = refusal && /from (\S+) on/.exec(refusal.message)?.[1];
      const later = DAYS.filter((each) => each > today);
      const first = refusal && later.find((each) => ask(each).length === 0);
      expect(told).toBe(first);
    }),
  );
});

test("what stands in the metafields by accident or by malice lets products through and nobody into a tier", () => {
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 4 }), anything, (products, tier) => {
      const broken = products.filter(
        (value) => !(typeof value === "object" && value !== null && "steps" in value),
      );
      expect(refusalsOf(inputOf({ today: DAYS[0], isAuthenticated: true, tier, products: broken }))).toEqual(
        [],
      );
      const gold = published({ v: 1, steps: [{ from: null, tierId: "gold" }], open: null });
      const isGold = JSON.stringify(tier)?.includes("gold") === true;
      fc.pre(!isGold);
      expect(
        refusalsOf(inputOf({ today: DAYS[0], isAuthenticated: true, tier, products: [gold] })),
      ).toHaveLength(1);
    }),
  );
});

test("every language names product, tier and day, and what they hold is no template", () => {
  const rule = published({ v: 1, steps: [{ from: null, tierId: "gold" }], open: "2026-08-03" });
  for (const language of Object.keys(SENTENCES)) {
    const input = inputOf({
      today: DAYS[0],
      isAuthenticated: false,
      tier: null,
      products: [rule],
      language: language.toUpperCase(),
    });
    const [line] = input.cart.lines;
    if (line?.merchandise.product) line.merchandise.product.title = "{tier} $& {day}";
    const message = refusalsOf(input)[0]?.message ?? "";
    for (const named of ["{tier} $& {day}", "GOLD", "2026-08-03"]) expect(message).toContain(named);
    expect(message.replace("{tier} $& {day}", "")).not.toMatch(/[{}]/);
  }
});
