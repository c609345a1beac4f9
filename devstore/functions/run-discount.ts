/** Runs a discount function on a cart: its own input query over Shopify's schema, and its answer read as that schema's. */
import { coerceInputValue, graphqlSync, isInputType, type GraphQLSchema } from "graphql";
import { discountFunctionSchema } from "../../scripts/shopify-schema.ts";
import type { DiscountState, ShopState } from "../state/model.ts";
import { currencyDecimals, decimalAmount, presentmentMinor } from "../state/money.ts";
import type { DeployedFunction } from "./deployed.ts";

export interface FunctionCart {
  lines: readonly {
    productId: number | null;
    variantId: number | null;
    quantity: number;
    isGiftCard: boolean;
  }[];
  /** Of each line before discounts, in the shop's currency. */
  minor: readonly number[];
  presentment: { currency: string; rate: number };
}

export interface OrderAmount {
  /** In the shop's currency. */
  offMinor: number;
  /** Which lines it is taken off. */
  lines: number[];
}

interface Answer {
  operations: { orderDiscountsAdd?: { candidates: Candidate[] } | null }[];
}

interface Candidate {
  targets: { orderSubtotal: { excludedCartLineIds: string[] } }[];
  value: { fixedAmount?: { amount: string | number } | null; percentage?: { value: string | number } | null };
  conditions?:
    | { orderMinimumSubtotal?: { minimumAmount: string | number; excludedCartLineIds: string[] } | null }[]
    | null;
}

const RESULT = "CartLinesDiscountsGenerateRunResult";
let known: GraphQLSchema | undefined;

/** `null`: it takes nothing off this cart. Amounts off the order are what this Shopify knows. */
export function runOrderDiscount(
  shop: ShopState,
  discount: DiscountState,
  deployed: DeployedFunction,
  cart: FunctionCart,
): OrderAmount | null {
  const schema = (known ??= discountFunctionSchema());
  const { data, errors } = graphqlSync({
    schema,
    source: deployed.inputQuery,
    rootValue: inputOf(shop, discount, cart),
  });
  if (errors) throw new Error(`${deployed.handle}: ${errors.map(({ message }) => message).join("; ")}`);
  // The function gets JSON, as across the border of a Wasm module.
  const answer = JSON.parse(JSON.stringify(deployed.run(JSON.parse(JSON.stringify(data))))) as unknown;
  const type = schema.getType(RESULT);
  if (!isInputType(type)) throw new Error(`Shopify's schema has no ${RESULT}`);
  const { operations } = coerceInputValue(answer, type) as Answer;
  for (const { orderDiscountsAdd } of operations) {
    if (!orderDiscountsAdd) throw new Error(`${deployed.handle} answers what is not modelled here`);
    for (const candidate of orderDiscountsAdd.candidates) {
      const amount = amountOf(shop, candidate, cart);
      if (amount) return amount;
    }
  }
  return null;
}

const lineId = (index: number) => `gid://shopify/CartLine/${index}`;

function inputOf(shop: ShopState, discount: DiscountState, { lines, minor, presentment }: FunctionCart) {
  const { currency, rate } = presentment;
  const money = (amount: number) => ({
    amount: decimalAmount(presentmentMinor(amount, shop.currency, currency, rate), currency),
    currencyCode: currency,
  });
  const own = discount.gives.kind === "function" ? discount.gives.namespace : "";
  return {
    cart: {
      lines: lines.map(({ productId, variantId, quantity, isGiftCard }, index) => ({
        id: lineId(index),
        quantity,
        cost: { subtotalAmount: money(minor[index] ?? 0), totalAmount: money(minor[index] ?? 0) },
        merchandise:
          variantId === null
            ? { __typename: "CustomProduct" }
            : {
                __typename: "ProductVariant",
                id: `gid://shopify/ProductVariant/${variantId}`,
                product: { id: `gid://shopify/Product/${productId}`, isGiftCard },
              },
      })),
    },
    discount: {
      discountClasses: ["ORDER"],
      metafield: ({ namespace, key }: { namespace?: string | null; key: string }) => {
        const full = namespace === undefined || namespace === null || namespace === "$app" ? own : namespace;
        const metafield = shop.metafields
          .get(`gid://shopify/DiscountCodeNode/${discount.id}`)
          ?.get(`${full}.${key}`);
        return metafield && { ...metafield, jsonValue: JSON.parse(metafield.value) as unknown };
      },
    },
    presentmentCurrencyRate: String(rate),
    triggeringDiscountCode: discount.code,
  };
}

function amountOf(shop: ShopState, candidate: Candidate, cart: FunctionCart): OrderAmount | null {
  const { value, targets, conditions } = candidate;
  const without = (ids: readonly string[]) =>
    cart.lines.flatMap((_, index) => (ids.includes(lineId(index)) ? [] : [index]));
  const sum = (indices: readonly number[]) =>
    indices.reduce((total, index) => total + (cart.minor[index] ?? 0), 0);
  for (const { orderMinimumSubtotal: minimum } of conditions ?? []) {
    if (!minimum) throw new Error("a condition that is not modelled here");
    // Shopify takes it in the shop's currency.
    const leastMinor = Math.round(Number(minimum.minimumAmount) * 10 ** currencyDecimals(shop.currency));
    if (sum(without(minimum.excludedCartLineIds)) < leastMinor) return null;
  }
  const lines = without(targets.flatMap(({ orderSubtotal }) => orderSubtotal.excludedCartLineIds));
  if (value.percentage) throw new Error("a percentage of a function is not modelled here");
  const wanted = Number(value.fixedAmount?.amount ?? 0) / cart.presentment.rate;
  const offMinor = Math.min(Math.round(wanted * 10 ** currencyDecimals(shop.currency)), sum(lines));
  return offMinor > 0 ? { offMinor, lines } : null;
}
