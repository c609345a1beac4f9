/**
 * A shopper's order with discount codes: each code must be good for this customer and cart, and what it takes off its lines or the
 * shipping is worked out as a checkout does: product discounts first, then discounts of the order on what is left, shipping last.
 */
import { functionsOf } from "../functions/deployed.ts";
import { runOrderDiscount } from "../functions/run-discount.ts";
import { createOrder, type OrderInput } from "./actions.ts";
import { prepareLines, type LineInput } from "./checks.ts";
import { classOf, discountByCode, unusable, type DiscountClass } from "./discounts.ts";
import type { NewLine } from "./journal.ts";
import type { DiscountState, DiscountUseState, OrderState, ShopState, World } from "./model.ts";
import { fail, succeed, type Failure, type Result } from "./result.ts";
import { now } from "./world.ts";

/** Shopify takes no more in one cart. */
const MOST_CODES = 5;
const RANK: Record<DiscountClass, number> = { PRODUCT: 0, ORDER: 1, SHIPPING: 2 };
const COMBINES = {
  ORDER: "orderDiscounts",
  PRODUCT: "productDiscounts",
  SHIPPING: "shippingDiscounts",
} as const;

export interface PlacedOrderInput extends Omit<
  OrderInput,
  "discountCodes" | "discounts" | "lines" | "shippingDiscountMinor"
> {
  lines: Omit<LineInput, "discountMinor">[];
  codes: string[];
}

export function placeOrder(world: World, shop: ShopState, input: PlacedOrderInput): Result<OrderState> {
  const { codes, lines, ...rest } = input;
  const at = input.at ?? now(world);
  const customerId = input.customerId ?? null;
  const priced = priceOrder(world, shop, {
    ...{ lines, codes, customerId, at, shippingMinor: input.shippingMinor ?? 0 },
    presentment: {
      currency: input.presentmentCurrency ?? shop.currency,
      rate: input.presentmentRate ?? 1,
    },
  });
  if (!priced.ok) return priced;
  const { uses, discounts } = priced.value;
  const ofLine = (index: number) => uses.reduce((sum, { lineMinor }) => sum + (lineMinor[index] ?? 0), 0);
  const order = createOrder(world, shop, {
    ...rest,
    at,
    lines: lines.map((line, index) => ({ ...line, discountMinor: ofLine(index) })),
    shippingDiscountMinor: uses.reduce((sum, { shippingMinor }) => sum + shippingMinor, 0),
    discountCodes: uses.map(({ code }) => code),
    discounts: uses,
  });
  if (!order.ok) return order;
  for (const discount of discounts)
    discount.uses.push({ orderId: order.value.id, customerId, usedAt: order.value.createdAt });
  return order;
}

/** What codes would take off, with nothing changed: a cart asks before there is an order. */
export function priceOrder(
  world: World,
  shop: ShopState,
  input: {
    lines: PlacedOrderInput["lines"];
    codes: readonly string[];
    customerId: number | null;
    shippingMinor: number;
    at: number;
    /** In which money the shopper sees it, and its units per unit of the shop's; the shop's own where it is missing. */
    presentment?: Presentment;
  },
): Result<{ discounts: DiscountState[]; uses: DiscountUseState[] }> {
  const cart = prepareLines(shop, input.lines, 0, shop.taxesIncluded);
  if (!cart.ok) return cart;
  const found = discountsOf(shop, input.codes, input.customerId, input.at);
  if (!found.ok) return found;
  const wrong = combinationFault(found.value);
  if (wrong) return wrong;
  const { shippingMinor, presentment = { currency: shop.currency, rate: 1 } } = input;
  const functions = (discount: DiscountState, lines: readonly NewLine[], left: readonly number[]) =>
    byFunction(world, shop, discount, { lines, left, presentment });
  const uses = takeOff(cart.value, shippingMinor, found.value, functions);
  return uses.ok ? succeed({ discounts: found.value, uses: uses.value }) : uses;
}

function discountsOf(
  shop: ShopState,
  codes: readonly string[],
  customerId: number | null,
  at: number,
): Result<DiscountState[]> {
  if (codes.length > MOST_CODES)
    return fail("exceeds", `An order takes at most ${MOST_CODES} codes.`, ["codes"]);
  const found: DiscountState[] = [];
  for (const code of codes) {
    const discount = discountByCode(shop, code);
    if (!discount) return fail("not-found", `There is no discount ${code}.`, ["codes"]);
    if (found.includes(discount)) return fail("invalid", `${code} is named twice.`, ["codes"]);
    const wrong = unusable(discount, customerId, at);
    if (wrong) return wrong;
    found.push(discount);
  }
  return succeed(found.sort((a, b) => RANK[classOf(a)] - RANK[classOf(b)]));
}

/** Both must allow it. */
function combinationFault(discounts: readonly DiscountState[]): Failure | null {
  for (const [index, one] of discounts.entries())
    for (const other of discounts.slice(index + 1))
      if (!one.combinesWith[COMBINES[classOf(other)]] || !other.combinesWith[COMBINES[classOf(one)]])
        return fail("wrong-state", `${one.code} and ${other.code} do not combine.`, ["codes"]);
  return null;
}

interface Presentment {
  currency: string;
  rate: number;
}

type ByFunction = (
  discount: DiscountState,
  lines: readonly NewLine[],
  left: readonly number[],
) => DiscountUseState;

/** What the app's function says; nothing where the app is no longer deployed with it. */
function byFunction(
  world: World,
  shop: ShopState,
  discount: DiscountState,
  {
    lines,
    left,
    presentment,
  }: { lines: readonly NewLine[]; left: readonly number[]; presentment: Presentment },
): DiscountUseState {
  const { gives, code } = discount;
  const handle = gives.kind === "function" ? gives.handle : "";
  const deployed = functionsOf(world).find((one) => one.handle === handle);
  const minor = lines.map(({ unitPriceMinor, quantity }) => unitPriceMinor * quantity);
  const amount = deployed ? runOrderDiscount(shop, discount, deployed, { lines, minor, presentment }) : null;
  const weights = lines.map((_, index) => (amount?.lines.includes(index) ? (left[index] ?? 0) : 0));
  const most = weights.reduce((sum, weight) => sum + weight, 0);
  const amountMinor = Math.min(amount?.offMinor ?? 0, most);
  return {
    ...{ discountId: discount.id, code, value: { kind: "amount", amountMinor } },
    ...{ target: "LINE_ITEM", selection: "ALL", allocation: "ACROSS" },
    ...{ lineMinor: spread(amountMinor, weights), shippingMinor: 0 },
  };
}

function takeOff(
  lines: readonly NewLine[],
  shippingMinor: number,
  discounts: readonly DiscountState[],
  functions: ByFunction,
): Result<DiscountUseState[]> {
  const left = lines.map(({ unitPriceMinor, quantity }) => unitPriceMinor * quantity);
  const uses: DiscountUseState[] = [];
  // One product discount at most takes from a line.
  const taken = new Set<number>();
  for (const discount of discounts) {
    const entitled = lines.flatMap((line, index) => (isEntitled(discount, line) ? [index] : []));
    const wrong = minimumFault(discount, lines, entitled);
    if (wrong) return wrong;
    const isProduct = classOf(discount) === "PRODUCT";
    const open = isProduct ? entitled.filter((index) => !taken.has(index)) : entitled;
    const use =
      discount.gives.kind === "function"
        ? functions(discount, lines, left)
        : takenOff(discount, discount.gives, lines, open, left, shippingMinor);
    if (use.shippingMinor === 0 && use.lineMinor.every((minor) => minor === 0))
      return fail("wrong-state", `${discount.code} takes nothing off this order.`, ["codes"]);
    for (const [index, minor] of use.lineMinor.entries()) {
      left[index] = (left[index] ?? 0) - minor;
      if (isProduct && minor > 0) taken.add(index);
    }
    uses.push(use);
  }
  return succeed(uses);
}

/** Gift cards are never discounted. */
function isEntitled({ items }: DiscountState, line: NewLine): boolean {
  if (line.isGiftCard) return false;
  if (!items) return true;
  const { productIds, variantIds } = items;
  return (
    (line.productId !== null && productIds.includes(line.productId)) ||
    (line.variantId !== null && variantIds.includes(line.variantId))
  );
}

function minimumFault(
  { minimum, code }: DiscountState,
  lines: readonly NewLine[],
  entitled: readonly number[],
): Failure | null {
  if (!minimum) return null;
  const of = (read: (line: NewLine) => number) =>
    entitled.reduce((sum, index) => sum + (lines[index] ? read(lines[index]) : 0), 0);
  const reached =
    minimum.kind === "quantity"
      ? of(({ quantity }) => quantity) >= minimum.quantity
      : of(({ unitPriceMinor, quantity }) => unitPriceMinor * quantity) >= minimum.subtotalMinor;
  return reached ? null : fail("wrong-state", `The order does not reach the minimum of ${code}.`, ["codes"]);
}

type NativeGives = Exclude<DiscountState["gives"], { kind: "function" }>;

function takenOff(
  { id, code, items }: DiscountState,
  gives: NativeGives,
  lines: readonly NewLine[],
  entitled: readonly number[],
  left: readonly number[],
  shippingMinor: number,
): DiscountUseState {
  const isShipping = gives.kind === "shipping";
  const freesShipping = isShipping && (gives.maximumMinor === null || shippingMinor <= gives.maximumMinor);
  return {
    discountId: id,
    code,
    value:
      gives.kind === "amount"
        ? { kind: "amount", amountMinor: gives.amountMinor }
        : { kind: "percentage", percentage: isShipping ? 100 : gives.percentage * 100 },
    target: isShipping ? "SHIPPING_LINE" : "LINE_ITEM",
    selection: items ? "ENTITLED" : "ALL",
    allocation: isShipping || (gives.kind === "amount" && gives.onEachItem) ? "EACH" : "ACROSS",
    lineMinor: isShipping ? lines.map(() => 0) : offLines(gives, lines, entitled, left),
    shippingMinor: freesShipping ? shippingMinor : 0,
  };
}

function offLines(
  gives: Exclude<NativeGives, { kind: "shipping" }>,
  lines: readonly NewLine[],
  entitled: readonly number[],
  left: readonly number[],
): number[] {
  const leftOf = (index: number) => left[index] ?? 0;
  if (gives.kind === "amount" && gives.onEachItem)
    return lines.map(({ quantity }, index) =>
      entitled.includes(index) ? Math.min(gives.amountMinor * quantity, leftOf(index)) : 0,
    );
  const sum = entitled.reduce((total, index) => total + leftOf(index), 0);
  const wanted = gives.kind === "amount" ? gives.amountMinor : Math.round(sum * gives.percentage);
  return spread(
    Math.min(wanted, sum),
    lines.map((_, index) => (entitled.includes(index) ? leftOf(index) : 0)),
  );
}

/** In proportion to the weights, rounded down; what is left over goes, unit by unit, to those with room from the first on. */
function spread(totalMinor: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return weights.map(() => 0);
  const parts = weights.map((weight) => Number((BigInt(totalMinor) * BigInt(weight)) / BigInt(sum)));
  let over = totalMinor - parts.reduce((total, part) => total + part, 0);
  for (const [index, part] of parts.entries()) {
    if (over === 0) break;
    if (part >= (weights[index] ?? 0)) continue;
    parts[index] = part + 1;
    over -= 1;
  }
  return parts;
}
