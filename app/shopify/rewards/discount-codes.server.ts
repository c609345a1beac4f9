/**
 * Discounts of one code for one customer, used once: Shopify's own, or behind our function where amounts are named. Shopify takes a code
 * only once, so what may have been asked for before is looked for by its code.
 */
import type { Grant } from "../../core/loyalty/reward.ts";
import { AMOUNTS_KEY, discountAmounts } from "../../core/loyalty/discount-amounts.ts";
import { formatMinor, parseMinor } from "../../core/money.ts";
import { OWN_NAMESPACE } from "../../core/storefront/metafields.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../admin-client.server.ts";
import { gidOf, idOf } from "../gid.ts";
import {
  CREATE_APP_DISCOUNT,
  CREATE_DISCOUNT,
  CREATE_FREE_SHIPPING,
  DEACTIVATE_DISCOUNT,
  DISCOUNT_BY_CODE,
  DISCOUNT_FUNCTIONS,
  VARIANT_PRICE,
} from "../operations/rewards.ts";
import { ShopifyError } from "../shopify-error.ts";
import { codesOf, refusal, type Granted, type PayloadError } from "./answer.ts";

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

export async function grantDiscountCode(
  client: AdminClient,
  grant: Grant,
  isFirst: boolean,
): Promise<Granted> {
  const found = isFirst ? null : await findDiscountCode(client, grant.code);
  if (found) return { ok: true, shopifyId: found.shopifyId };
  failpoint("rewards:before-create-discount");
  const created = await create(client, grant);
  failpoint("rewards:after-create-discount");
  if (created === "no-such-product") return { ok: false, reason: "refused", codes: ["PRODUCT_NOT_FOUND"] };
  if (created.id !== undefined) return { ok: true, shopifyId: idOf(created.id) };
  const errors = created.userErrors ?? [];
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
    const discount = { ...nativeOf(grant), destination: { all: true } };
    return nodeOf((await client.request(CREATE_FREE_SHIPPING, { discount })).created);
  }
  const amounts = discountAmounts(grant);
  if (amounts !== null && (await hasPointsDiscount(client))) {
    const { created } = await client.request(CREATE_APP_DISCOUNT, {
      discount: {
        ...commonOf(grant),
        functionHandle: POINTS_DISCOUNT,
        discountClasses: ["ORDER"],
        metafields: [{ namespace: OWN_NAMESPACE, key: AMOUNTS_KEY, type: "json", value: amounts }],
      },
    });
    return { id: created?.codeAppDiscount?.discountId, userErrors: created?.userErrors };
  }
  const customerGets = await getsOf(client, grant);
  if (!customerGets) return "no-such-product" as const;
  const discount = { ...nativeOf(grant), customerGets };
  return nodeOf((await client.request(CREATE_DISCOUNT, { discount })).created);
}

/** As extensions/points-discount/shopify.extension.toml calls it. */
const POINTS_DISCOUNT = "points-discount";

/** Whether the app was deployed with it; without it Shopify turns the shop's own amount into the market's currency. */
export async function hasPointsDiscount(client: AdminClient): Promise<boolean> {
  const { shopifyFunctions } = await client.request(DISCOUNT_FUNCTIONS);
  return shopifyFunctions.nodes.some(({ handle }) => handle === POINTS_DISCOUNT);
}

function nodeOf(
  created: { codeDiscountNode?: { id: string } | null; userErrors: PayloadError[] } | null | undefined,
) {
  return { id: created?.codeDiscountNode?.id, userErrors: created?.userErrors };
}

function nativeOf(grant: Grant) {
  const { minimumMinor, currency } = grant;
  return {
    ...commonOf(grant),
    ...(minimumMinor !== null && {
      minimumRequirement: {
        subtotal: { greaterThanOrEqualToSubtotal: formatMinor(minimumMinor, currency) },
      },
    }),
  };
}

function commonOf({ name, code, customerId, combinesWith, ...grant }: Grant) {
  return {
    title: name,
    code,
    startsAt: new Date(grant.startsAt).toISOString(),
    endsAt: new Date(grant.expiresAt).toISOString(),
    usageLimit: 1,
    appliesOncePerCustomer: true,
    context: { customers: { add: [gidOf("Customer", customerId)] } },
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
