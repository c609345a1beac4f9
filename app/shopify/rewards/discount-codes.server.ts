/** Discounts of one code for one customer, used once. Looked for by code before they are made: Shopify takes a code only once. */
import type { Grant } from "../../core/loyalty/reward.ts";
import { formatMinor, parseMinor } from "../../core/money.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../admin-client.server.ts";
import { gidOf, idOf } from "../gid.ts";
import {
  CREATE_DISCOUNT,
  CREATE_FREE_SHIPPING,
  DEACTIVATE_DISCOUNT,
  DISCOUNT_BY_CODE,
  VARIANT_PRICE,
} from "../operations/rewards.ts";
import { ShopifyError } from "../shopify-error.ts";
import { codesOf, refusal, type Granted } from "./answer.ts";

export interface FoundDiscount {
  shopifyId: number;
  isOver: boolean;
  /** As Shopify has counted so far, which may be less than there is. */
  usageCount: number;
}

/** `null`: there is none of this code (any more). */
export async function findDiscountCode(client: AdminClient, code: string): Promise<FoundDiscount | null> {
  failpoint("rewards:before-find-discount");
  const { codeDiscountNodeByCode: node } = await client.request(DISCOUNT_BY_CODE, { code });
  failpoint("rewards:after-find-discount");
  if (!node) return null;
  const { codeDiscount } = node;
  // Another app's or another kind of discount has taken our code: nothing of ours is there.
  if (!("asyncUsageCount" in codeDiscount)) return null;
  return {
    shopifyId: idOf(node.id),
    isOver: codeDiscount.status === "EXPIRED",
    usageCount: codeDiscount.asyncUsageCount,
  };
}

export async function grantDiscountCode(client: AdminClient, grant: Grant): Promise<Granted> {
  const found = await findDiscountCode(client, grant.code);
  if (found) return { ok: true, shopifyId: found.shopifyId };
  failpoint("rewards:before-create-discount");
  const created = await create(client, grant);
  failpoint("rewards:after-create-discount");
  if (created === "no-such-product") return { ok: false, reason: "refused", codes: ["PRODUCT_NOT_FOUND"] };
  if (created?.codeDiscountNode) return { ok: true, shopifyId: idOf(created.codeDiscountNode.id) };
  const errors = created?.userErrors ?? [];
  if (!codesOf(errors).includes("TAKEN")) return refusal(errors);
  // Somebody was quicker with the same redemption.
  const other = await findDiscountCode(client, grant.code);
  return other ? { ok: true, shopifyId: other.shopifyId } : refusal(errors);
}

/** One that has ended already, or is not there, is as good as ended. */
export async function endDiscountCode(client: AdminClient, shopifyId: number): Promise<void> {
  failpoint("rewards:before-end-discount");
  const { discountCodeDeactivate: ended } = await client.request(DEACTIVATE_DISCOUNT, {
    id: gidOf("DiscountCodeNode", shopifyId),
  });
  failpoint("rewards:after-end-discount");
  if (codesOf(ended?.userErrors ?? []).includes("INTERNAL_ERROR"))
    throw new ShopifyError("server", "Shopify could not end the discount now.");
}

async function create(client: AdminClient, grant: Grant) {
  if (grant.gives.kind === "free-shipping") {
    const discount = { ...commonOf(grant), destination: { all: true } };
    return (await client.request(CREATE_FREE_SHIPPING, { discount })).created;
  }
  const customerGets = await getsOf(client, grant);
  if (!customerGets) return "no-such-product" as const;
  return (await client.request(CREATE_DISCOUNT, { discount: { ...commonOf(grant), customerGets } })).created;
}

function commonOf({ name, code, customerId, currency, minimumMinor, combinesWith, ...grant }: Grant) {
  return {
    title: name,
    code,
    startsAt: new Date(grant.startsAt).toISOString(),
    endsAt: new Date(grant.expiresAt).toISOString(),
    usageLimit: 1,
    appliesOncePerCustomer: true,
    context: { customers: { add: [gidOf("Customer", customerId)] } },
    ...(minimumMinor !== null && {
      minimumRequirement: {
        subtotal: { greaterThanOrEqualToSubtotal: formatMinor(minimumMinor, currency) },
      },
    }),
    combinesWith: {
      orderDiscounts: combinesWith.order,
      productDiscounts: combinesWith.product,
      // Shopify never combines two discounts of shipping.
      shippingDiscounts: combinesWith.shipping && grant.gives.kind !== "free-shipping",
    },
  };
}

async function getsOf(client: AdminClient, { gives, currency }: Grant) {
  const amountOff = (minor: number) => ({
    discountAmount: { amount: formatMinor(minor, currency), appliesOnEachItem: false },
  });
  switch (gives.kind) {
    case "amount-off":
      return { value: amountOff(gives.valueMinor), items: { all: true } };
    case "percentage":
      return { value: { percentage: gives.percent / 100 }, items: { all: true } };
    case "free-product": {
      // 100% would make every unit in the cart free: what is given is the price of one.
      const priceMinor = await variantPrice(client, gives.variantId, currency);
      if (priceMinor === null) return null;
      const productVariantsToAdd = [gidOf("ProductVariant", gives.variantId)];
      return { value: amountOff(priceMinor), items: { products: { productVariantsToAdd } } };
    }
    default:
      throw new Error(`${gives.kind} is no discount of products`);
  }
}

/** `null`: the merchant has deleted it, or gives it away as it is. */
async function variantPrice(
  client: AdminClient,
  variantId: number,
  currency: string,
): Promise<number | null> {
  const { productVariant } = await client.request(VARIANT_PRICE, { id: gidOf("ProductVariant", variantId) });
  const priceMinor = productVariant ? parseMinor(productVariant.price, currency) : 0;
  return priceMinor > 0 ? priceMinor : null;
}
