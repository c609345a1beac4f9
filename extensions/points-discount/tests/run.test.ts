/** The function by its fixtures, each of which the real schema of Shopify's discount functions takes. */
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { currencyDecimals, formatMinor, parseMinor } from "../../../app/core/money.ts";
import { discountFunctionSchema } from "../../../scripts/shopify-schema.ts";
import { describeFixtures } from "../../testing/function-fixtures.ts";
import { cartLinesDiscountsGenerateRun } from "../src/cart_lines_discounts_generate_run.ts";

describeFixtures({
  folder: path.join(import.meta.dirname, ".."),
  query: "cart_lines_discounts_generate_run.graphql",
  schema: discountFunctionSchema,
  run: cartLinesDiscountsGenerateRun,
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
