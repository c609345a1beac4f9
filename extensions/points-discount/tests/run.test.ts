/** The function by its fixtures, each of which the real schema of Shopify's discount functions takes. */
import { readdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  loadFixture,
  loadInputQuery,
  loadSchema,
  validateTestAssets,
} from "@shopify/shopify-function-test-helpers";
import fc from "fast-check";
import { printSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { currencyDecimals, formatMinor, parseMinor } from "../../../app/core/money.ts";
import { discountFunctionSchema } from "../../../scripts/shopify-schema.ts";
import { cartLinesDiscountsGenerateRun, type RunInput } from "../src/cart_lines_discounts_generate_run.ts";

const FIXTURES = path.join(import.meta.dirname, "fixtures");
const QUERY = path.join(import.meta.dirname, "../src/cart_lines_discounts_generate_run.graphql");

let schema: Awaited<ReturnType<typeof loadSchema>>;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "discount-schema-"));
  const file = path.join(folder, "schema.graphql");
  writeFileSync(file, printSchema(discountFunctionSchema()));
  schema = await loadSchema(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(readdirSync(FIXTURES))("%s", (name) => {
  test("is what Shopify sends and takes, and what the function answers", async () => {
    const fixture = await loadFixture(path.join(FIXTURES, name));
    const checked = await validateTestAssets({ schema, fixture, inputQueryAST: await loadInputQuery(QUERY) });
    expect(checked.inputQuery.errors).toEqual([]);
    expect(checked.inputFixture.errors).toEqual([]);
    expect(checked.outputFixture.errors).toEqual([]);
    expect(cartLinesDiscountsGenerateRun(fixture.input as RunInput)).toEqual(fixture.expectedOutput);
  });
});

test("the schema refuses what Shopify would", async () => {
  const fixture = await loadFixture(path.join(FIXTURES, "minimum.json"));
  const wrong = { operations: [{ orderDiscountsAdd: { candidates: [] } }] };
  const inputQueryAST = await loadInputQuery(QUERY);
  const checked = await validateTestAssets({
    schema,
    fixture: { ...fixture, expectedOutput: wrong },
    inputQueryAST,
  });
  expect(checked.outputFixture.errors).not.toEqual([]);
});

test("takes off what is named, never more than the goods cost, and in the currency's own decimals", () => {
  const currency = fc.constantFrom("EUR", "JPY", "KWD");
  const lines = fc.array(fc.record({ minor: fc.nat(1_000_000), isGiftCard: fc.boolean() }), { maxLength: 8 });
  fc.assert(
    fc.property(currency, lines, fc.nat(2_000_000), (currencyCode, cart, amountMinor) => {
      const { operations } = cartLinesDiscountsGenerateRun({
        cart: {
          lines: cart.map(({ minor, isGiftCard }, index) => ({
            id: `gid://shopify/CartLine/${index}`,
            cost: { subtotalAmount: { amount: formatMinor(minor, currencyCode), currencyCode } },
            merchandise: { __typename: "ProductVariant", product: { isGiftCard } },
          })),
        },
        discount: {
          discountClasses: ["ORDER"],
          metafield: { jsonValue: { amounts: { [currencyCode]: amountMinor }, minimum: null } },
        },
      });
      const amount = operations[0]?.orderDiscountsAdd.candidates[0]?.value.fixedAmount.amount;
      const goods = cart.reduce((sum, { minor, isGiftCard }) => sum + (isGiftCard ? 0 : minor), 0);
      expect(amount === undefined ? 0 : parseMinor(amount, currencyCode)).toBe(Math.min(goods, amountMinor));
      expect((amount?.split(".")[1] ?? "").length).toBe(
        amount === undefined ? 0 : currencyDecimals(currencyCode),
      );
    }),
  );
});
