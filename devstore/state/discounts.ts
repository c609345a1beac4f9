/** Discounts with a code: made, ended and deleted as merchants and apps do, and tried by an order. Completely or not at all. */
import { emit } from "./events.ts";
import { touch } from "./journal.ts";
import type { DiscountState, ShopState, World } from "./model.ts";
import { fail, succeed, type Failure, type Result } from "./result.ts";
import { discountTopic } from "./topics.ts";
import { newId, now, wholeSecond } from "./world.ts";

/** As Shopify names the classes of discounts. */
export type DiscountClass = "ORDER" | "PRODUCT" | "SHIPPING";

export type NewDiscount = Omit<DiscountState, "id" | "createdAt" | "updatedAt" | "uses">;

export function createDiscount(world: World, shop: ShopState, input: NewDiscount): Result<DiscountState> {
  const at = now(world);
  const wrong = discountFault(shop, input);
  if (wrong) return wrong;
  const discount: DiscountState = {
    id: newId(world, "discount"),
    ...input,
    startsAt: wholeSecond(input.startsAt),
    endsAt: input.endsAt === null ? null : wholeSecond(input.endsAt),
    createdAt: wholeSecond(at),
    updatedAt: wholeSecond(at),
    uses: [],
  };
  shop.discounts.set(discount.id, discount);
  emit(world, shop, at, [discountTopic(discount, statusOf(discount, at), "discounts/create")]);
  return succeed(discount);
}

/** Ends it now; one that has ended stays as it is. */
export function deactivateDiscount(
  world: World,
  shop: ShopState,
  input: { discountId: number },
): Result<DiscountState> {
  const at = now(world);
  const discount = shop.discounts.get(input.discountId);
  if (!discount) return fail("not-found", "Discount does not exist.", ["id"]);
  if (statusOf(discount, at) === "EXPIRED") return succeed(discount);
  discount.endsAt = wholeSecond(at);
  discount.startsAt = Math.min(discount.startsAt, discount.endsAt);
  touch(discount, at);
  emit(world, shop, at, [discountTopic(discount, "EXPIRED", "discounts/update")]);
  return succeed(discount);
}

/** Its code is free again. */
export function deleteDiscount(world: World, shop: ShopState, input: { discountId: number }): Result<number> {
  const at = now(world);
  const discount = shop.discounts.get(input.discountId);
  if (!discount) return fail("not-found", "Discount does not exist.", ["id"]);
  shop.discounts.delete(discount.id);
  shop.metafields.delete(`gid://shopify/DiscountCodeNode/${discount.id}`);
  emit(world, shop, at, [discountTopic(discount, statusOf(discount, at), "discounts/delete")]);
  return succeed(discount.id);
}

export function statusOf(
  { startsAt, endsAt }: DiscountState,
  at: number,
): "ACTIVE" | "EXPIRED" | "SCHEDULED" {
  if (endsAt !== null && endsAt <= at) return "EXPIRED";
  return startsAt > at ? "SCHEDULED" : "ACTIVE";
}

export function classOf({ gives, items }: Pick<DiscountState, "gives" | "items">): DiscountClass {
  if (gives.kind === "shipping") return "SHIPPING";
  return items ? "PRODUCT" : "ORDER";
}

/** Whatever the case it is written in. */
export function discountByCode(shop: ShopState, code: string): DiscountState | undefined {
  const wanted = sameCode(code);
  for (const discount of shop.discounts.values()) if (sameCode(discount.code) === wanted) return discount;
  return undefined;
}

const sameCode = (code: string) => code.trim().toLowerCase();

/** Why this customer cannot use the discount now, whatever is in the cart. */
export function unusable(discount: DiscountState, customerId: number | null, at: number): Failure | null {
  const refuse = (why: string) => fail("wrong-state", `${discount.code} ${why}`, ["codes"]);
  const { uses, usageLimit, customerIds, appliesOncePerCustomer } = discount;
  if (statusOf(discount, at) === "SCHEDULED") return refuse("is not valid yet.");
  if (statusOf(discount, at) === "EXPIRED") return refuse("is not valid any more.");
  if (usageLimit !== null && uses.length >= usageLimit) return refuse("has been used.");
  if (customerIds && (customerId === null || !customerIds.includes(customerId)))
    return refuse("is for another customer.");
  if (appliesOncePerCustomer && customerId !== null && uses.some((use) => use.customerId === customerId))
    return refuse("has been used by this customer.");
  return null;
}

/** Two customers became one: what was for the one is for the other. */
export function moveDiscounts(shop: ShopState, fromCustomerId: number, toCustomerId: number): void {
  const moved = (id: number | null) => (id === fromCustomerId ? toCustomerId : id);
  for (const discount of shop.discounts.values()) {
    if (discount.customerIds?.includes(fromCustomerId)) {
      const rest = discount.customerIds.filter((id) => id !== fromCustomerId && id !== toCustomerId);
      discount.customerIds = [...rest, toCustomerId];
    }
    for (const use of discount.uses) use.customerId = moved(use.customerId);
  }
}

function discountFault(shop: ShopState, input: NewDiscount): Failure | null {
  const { gives, customerIds, items, minimum, usageLimit, endsAt, startsAt } = input;
  if (input.title.trim() === "") return fail("invalid", "Title can't be blank", ["title"]);
  if (input.code.trim() === "") return fail("invalid", "Code can't be blank", ["code"]);
  if (discountByCode(shop, input.code))
    return fail("taken", "Code must be unique. Please try a different code.", ["code"]);
  if (endsAt !== null && endsAt <= startsAt)
    return fail("invalid", "Ends at needs to be after starts_at", ["endsAt"]);
  if (usageLimit !== null && usageLimit < 1)
    return fail("invalid", "Usage limit must be greater than 0", ["usageLimit"]);
  if (gives.kind === "percentage" && !(gives.percentage > 0 && gives.percentage <= 1))
    return fail("exceeds", "Value must be between 0.0 and 1.0", ["customerGets", "value", "percentage"]);
  if (gives.kind === "amount" && !(Number.isSafeInteger(gives.amountMinor) && gives.amountMinor > 0))
    return fail("exceeds", "Value must be greater than 0", [
      "customerGets",
      "value",
      "discountAmount",
      "amount",
    ]);
  if (minimum?.kind === "quantity" && minimum.quantity < 1)
    return fail("invalid", "Quantity must be greater than 0", ["minimumRequirement", "quantity"]);
  if (gives.kind === "shipping" && input.combinesWith.shippingDiscounts)
    return fail("invalid", "Shipping discounts do not combine with each other", ["combinesWith"]);
  if (customerIds?.some((id) => !shop.customers.has(id)) || customerIds?.length === 0)
    return fail("invalid", "Customer does not exist", ["context", "customers", "add"]);
  if (items?.productIds.some((id) => !shop.products.has(id)))
    return fail("invalid", "Product does not exist", ["customerGets", "items", "products", "productsToAdd"]);
  if (items?.variantIds.some((id) => !shop.variants.has(id)))
    return fail("invalid", "Variant does not exist", [
      "customerGets",
      "items",
      "products",
      "productVariantsToAdd",
    ]);
  return null;
}
