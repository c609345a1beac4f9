/** Abandoned checkouts. */
import { listConnection } from "../connection.ts";
import { gid } from "../ids.ts";
import { shopBag } from "../money.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import { customerSource, productSource, variantSource, type CheckoutSource } from "./sources.ts";

interface CheckoutLineSource extends CheckoutSource {
  index: number;
  variantId: number;
  quantity: number;
}

/** What the types around abandoned checkouts answer. */
export const checkoutTypes: Readonly<Record<string, Fields>> = {
  AbandonedCheckout: fields<CheckoutSource>({
    id: ({ checkout }) => gid("AbandonedCheckout", checkout.id),
    name: ({ checkout }) => `#${checkout.id}`,
    note: () => "",
    createdAt: ({ checkout }) => dateTime(checkout.createdAt),
    updatedAt: ({ checkout }) => dateTime(checkout.updatedAt),
    completedAt: ({ checkout }) => (checkout.completedAt === null ? null : dateTime(checkout.completedAt)),
    discountCodes: () => [],
    customAttributes: () => [],
    abandonedCheckoutUrl: ({ checkout }, _args, { shop }) =>
      `https://${shop.domain}/checkouts/${checkout.id}/recover`,
    customer: ({ checkout }, _args, { shop }) => {
      const customer = checkout.customerId === null ? undefined : shop.customers.get(checkout.customerId);
      return customer ? customerSource(customer) : null;
    },
    lineItems: ({ checkout }, args) =>
      listConnection(
        checkout.lines.map((line, index) => ({
          __typename: "AbandonedCheckoutLineItem",
          checkout,
          index,
          ...line,
        })),
        args,
      ),
    totalPriceSet: ({ checkout }, _args, { shop }) => shopBag(checkout.totalMinor, shop.currency),
    subtotalPriceSet: ({ checkout }, _args, { shop }) => shopBag(checkout.totalMinor, shop.currency),
    totalLineItemsPriceSet: ({ checkout }, _args, { shop }) => shopBag(checkout.totalMinor, shop.currency),
    totalDiscountSet: (_source, _args, { shop }) => shopBag(0, shop.currency),
    taxesIncluded: (_source, _args, { shop }) => shop.taxesIncluded,
  }),
  AbandonedCheckoutLineItem: fields<CheckoutLineSource>({
    id: ({ checkout, index }) => gid("AbandonedCheckoutLineItem", `${checkout.id}-${index}`),
    quantity: ({ quantity }) => quantity,
    title: ({ variantId }, _args, { shop }) =>
      shop.products.get(shop.variants.get(variantId)?.productId ?? 0)?.title ?? null,
    variantTitle: ({ variantId }, _args, { shop }) => shop.variants.get(variantId)?.title ?? null,
    sku: ({ variantId }, _args, { shop }) => shop.variants.get(variantId)?.sku ?? null,
    variant: ({ variantId }, _args, { shop }) => {
      const variant = shop.variants.get(variantId);
      return variant ? variantSource(variant) : null;
    },
    product: ({ variantId }, _args, { shop }) => {
      const product = shop.products.get(shop.variants.get(variantId)?.productId ?? 0);
      return product ? productSource(product) : null;
    },
    originalUnitPriceSet: ({ variantId }, _args, { shop }) =>
      shopBag(shop.variants.get(variantId)?.priceMinor ?? 0, shop.currency),
  }),
};
