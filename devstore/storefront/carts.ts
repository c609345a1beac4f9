/** Shoppers' carts: kept in memory, named by a cookie. */
import { randomBytes } from "node:crypto";
import type { DiscountState, DiscountUseState, ShopState, World } from "../state/model.ts";
import { priceOrder } from "../state/place-order.ts";
import { fail, succeed, type Result } from "../state/result.ts";
import { now } from "../state/world.ts";

export interface CartLine {
  /** `variant:hash`, as Shopify's keys: the same variant with other properties is another line. */
  key: string;
  variantId: number;
  quantity: number;
  properties: Record<string, string>;
}

export interface CartState {
  token: string;
  lines: CartLine[];
  note: string;
  attributes: Record<string, string>;
  /** As typed, whether or not they apply. */
  codes: string[];
}

/** Shopify takes no more. */
export const MOST_CODES = 5;
/** What sending costs in this Shopify, in minor units of the shop's currency. */
export const SHIPPING_MINOR = 500;

export function newCart(): CartState {
  return { token: randomBytes(16).toString("hex"), lines: [], note: "", attributes: {}, codes: [] };
}

export function addToCart(
  shop: ShopState,
  cart: CartState,
  input: { variantId: number; quantity: number; properties?: Record<string, string> },
): Result<CartLine> {
  const variant = shop.variants.get(input.variantId);
  const product = variant && shop.products.get(variant.productId);
  if (!variant || product?.status !== "ACTIVE") return fail("not-found", "Cannot find variant", ["id"]);
  if (variant.soldOut === true)
    return fail("wrong-state", `The product '${product.title}' is already sold out.`, ["id"]);
  if (!isQuantity(input.quantity) || input.quantity < 1)
    return fail("invalid", "The quantity must be at least one.", ["quantity"]);
  const properties = input.properties ?? {};
  const key = lineKey(variant.id, properties);
  const present = cart.lines.find((line) => line.key === key);
  if (present) {
    present.quantity += input.quantity;
    return succeed(present);
  }
  const line = { key, variantId: variant.id, quantity: input.quantity, properties };
  cart.lines.unshift(line);
  return succeed(line);
}

function lineKey(variantId: number, properties: Record<string, string>): string {
  const text = JSON.stringify(Object.entries(properties).sort());
  let hash = 7;
  for (const character of text) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return `${variantId}:${hash.toString(16).padStart(8, "0")}`;
}

/** Nought takes the line out. */
export function setQuantity(cart: CartState, key: string, quantity: number): Result<CartState> {
  const line = cart.lines.find((each) => each.key === key || String(each.variantId) === key);
  if (!line) return fail("not-found", "The line does not exist.", ["id"]);
  if (!isQuantity(quantity)) return fail("invalid", "The quantity is a number.", ["quantity"]);
  if (quantity === 0) cart.lines = cart.lines.filter((each) => each !== line);
  else line.quantity = quantity;
  return succeed(cart);
}

const isQuantity = (value: number) => Number.isSafeInteger(value) && value >= 0 && value <= 1_000_000;

export interface PricedCart {
  /** Codes that take something off this cart, for this customer, together. */
  uses: DiscountUseState[];
  discounts: ReadonlyMap<number, DiscountState>;
  /** Whether each of the cart's codes is among them. */
  applicable: ReadonlyMap<string, boolean>;
  /** Why the others are not. */
  refusals: ReadonlyMap<string, string>;
}

/** Takes the codes in their order, each that can be added to those before. */
export function priceCart(
  world: World,
  shop: ShopState,
  cart: CartState,
  customerId: number | null,
  presentment?: { currency: string; rate: number },
): PricedCart {
  const at = now(world);
  const lines = cart.lines
    .filter(({ variantId }) => shop.variants.has(variantId))
    .map(({ variantId, quantity }) => ({ variantId, quantity }));
  let priced: Pick<PricedCart, "discounts" | "uses"> = { uses: [], discounts: new Map() };
  const good: string[] = [];
  const applicable = new Map<string, boolean>();
  const refusals = new Map<string, string>();
  for (const code of cart.codes) {
    const tried =
      lines.length === 0
        ? null
        : priceOrder(world, shop, {
            ...{ lines, codes: [...good, code], customerId, shippingMinor: SHIPPING_MINOR, at },
            ...(presentment && { presentment }),
          });
    applicable.set(code, tried?.ok === true);
    if (!tried?.ok) {
      refusals.set(code, tried?.message ?? "The cart is empty.");
      continue;
    }
    good.push(code);
    const { uses, discounts } = tried.value;
    priced = { uses, discounts: new Map(discounts.map((each) => [each.id, each])) };
  }
  return { ...priced, applicable, refusals };
}
