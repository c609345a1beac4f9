/** The checkout's cart as the rule table's evaluator takes it, which is the one that storefront and ledger agree with. */
import { tierShownAt, type PublishedTier } from "../../../app/core/loyalty/published-tier.ts";
import { pointsForCart, type CartPoints, type RuleTable } from "../../../app/core/loyalty/rule-table.ts";

interface Money {
  amount: number;
  currencyCode: string;
}

interface Allocation {
  discountedAmount: Money;
}

export interface CheckoutLine {
  merchandise: { product: { id: string } };
  quantity: number;
  /** After the line's own discounts. */
  cost: { totalAmount: Money };
  discountAllocations: readonly Allocation[];
}

export interface CheckoutCart {
  lines: readonly CheckoutLine[];
  discountAllocations: readonly Allocation[];
  shipping: Money | undefined;
  tax: Money | undefined;
  total: Money;
  country: string;
  /** `undefined`: a guest. */
  ordersCount: number | undefined;
  /** Of the customer, as it is published. */
  tier: PublishedTier | null;
}

/** What Shopify says of a product; checkout's own lines do not. */
export interface Goods {
  isGiftCard: boolean;
  collectionIds: readonly number[];
}

/** Only in the shop's own currency: nobody knows yet at which rate the order will be turned into it. */
export function pointsOfCheckout(
  table: RuleTable,
  cart: CheckoutCart,
  goods: ReadonlyMap<number, Goods> | null,
  at: number,
): CartPoints | null {
  if (cart.total.currencyCode !== table.currency) return null;
  const found = pointsForCart(table, {
    lines: cart.lines.map((line) => lineOf(line, goods)),
    discount: sumOf(cart.discountAllocations),
    taxesIncluded: includesTax(cart),
    country: cart.country,
    at: Math.floor(at / 1000),
    isFirstOrder: cart.ordersCount === 0,
    tierId: tierShownAt(cart.tier, Math.floor(at / 1000)),
  });
  // Collections and gift cards are not known: nothing is promised exactly.
  if (!goods && found.points > 0) return { ...found, certainty: "about" };
  if (cart.ordersCount === undefined && table.first > 0 && found.certainty === "exact")
    return { ...found, certainty: "at-least" };
  return found;
}

export const productIdOf = ({ merchandise }: CheckoutLine) => Number(merchandise.product.id.split("/").pop());

function lineOf(line: CheckoutLine, goods: ReadonlyMap<number, Goods> | null) {
  const productId = productIdOf(line);
  const known = goods?.get(productId);
  const final = hundredths(line.cost.totalAmount.amount);
  return {
    productId,
    collectionIds: known?.collectionIds ?? [],
    quantity: line.quantity,
    original: final + sumOf(line.discountAllocations),
    final,
    isGiftCard: known?.isGiftCard ?? false,
  };
}

/** Of the currency's unit, whatever its minor unit is. */
const hundredths = (amount: number) => Math.round(amount * 100);

function sumOf(allocations: readonly Allocation[]): number {
  return allocations.reduce((sum, { discountedAmount }) => sum + hundredths(discountedAmount.amount), 0);
}

/** Checkout does not say whether prices include tax: where they do, the total is what lines and shipping come to. */
function includesTax({ lines, discountAllocations, shipping, tax, total }: CheckoutCart): boolean {
  if (!tax || tax.amount === 0) return false;
  const goods = lines.reduce((sum, { cost }) => sum + hundredths(cost.totalAmount.amount), 0);
  const without = goods - sumOf(discountAllocations) + hundredths(shipping?.amount ?? 0);
  return hundredths(total.amount) - without < hundredths(tax.amount) / 2;
}
