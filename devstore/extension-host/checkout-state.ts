/** What `shopify` holds in checkout and on the pages after it, read from the cart or the order as a shopper sees them. */
import { createHash } from "node:crypto";
import { presentmentMinor } from "../state/money.ts";
import type { CustomerState, OrderState, ShopState } from "../state/model.ts";
import { orderTotals } from "../state/totals.ts";
import { liquidAmount } from "../storefront/liquid/money.ts";
import { amountOf, shippingOf, shownCart } from "../storefront/objects/cart.ts";
import type { View } from "../storefront/view.ts";
import type { Owners } from "./hosted.ts";

/** What `shopify` holds on the pages of the customer account that belong to no order. */
export function accountState({ locale, market, customer }: View): ApiState {
  const localization = {
    "localization.language": { isoCode: locale },
    "localization.country": { isoCode: market.country },
  };
  return { values: {}, signals: { ...localization, ...authenticated(customer) } };
}

/** By path, as in `shopify.cost.totalAmount`. */
export interface ApiState {
  signals: Record<string, unknown>;
  values: Record<string, unknown>;
}

interface Money {
  amount: number;
  currencyCode: string;
}

/** Amounts of a cart are hundredths, as Liquid has them. */
const hundredths = (amount: number, currencyCode: string): Money => ({ amount: amount / 100, currencyCode });

export function checkoutState(view: View): ApiState {
  const { market, cart } = view;
  const shown = shownCart(view);
  const money = (amount: number) => hundredths(amount, market.currency);
  const shipping = shippingOf(view);
  const freed = shown.priced.uses.some(({ shippingMinor }) => shippingMinor > 0) ? shipping : 0;
  const allocation = ({ use, amount }: { use: { code: string }; amount: number }) => ({
    type: "code",
    code: use.code,
    discountedAmount: money(amount),
  });
  const state = common(view);
  return {
    values: state.values,
    signals: {
      ...state.signals,
      "buyerJourney.activeStep": { handle: "checkout" },
      "buyerJourney.completed": false,
      "buyerJourney.steps": [{ handle: "checkout", label: "Checkout", to: "/checkout", disabled: false }],
      attributes: Object.entries(cart.attributes).map(([key, value]) => ({ key, value })),
      checkoutToken: cart.token,
      "cost.subtotalAmount": money(shown.total),
      "cost.totalShippingAmount": money(shipping - freed),
      "cost.totalTaxAmount": undefined,
      "cost.totalAmount": money(shown.total + shipping - freed),
      discountCodes: cart.codes
        .filter((code) => shown.priced.applicable.get(code) === true)
        .map((code) => ({ code })),
      discountAllocations: [],
      instructions: {
        attributes: { canUpdateAttributes: true },
        delivery: { canSelectCustomAddress: true },
        discounts: { canUpdateDiscountCodes: true },
        lines: { canAddCartLine: true, canRemoveCartLine: true, canUpdateCartLine: true },
        metafields: { canSetCartMetafields: false, canDeleteCartMetafield: false },
        notes: { canUpdateNote: true },
      },
      lines: shown.lines.map(({ line, variant, product, linePrice, productOff, orderOff }) => ({
        id: `gid://shopify/CartLine/${line.key}`,
        quantity: line.quantity,
        merchandise: merchandise(variant.id, variant.title, product.id, product.vendor, !product.isGiftCard),
        cost: { totalAmount: money(linePrice - amountOf(productOff) - amountOf(orderOff)) },
        attributes: Object.entries(line.properties).map(([key, value]) => ({ key, value })),
        discountAllocations: [...productOff, ...orderOff].map(allocation),
        lineComponents: [],
        parentRelationship: null,
      })),
      note: cart.note || undefined,
      shippingAddress: { countryCode: market.country },
    },
  };
}

/** The thank-you page has `orderConfirmation`, the order status page `order` and the account that is logged in. */
export function orderState(view: View, order: OrderState): ApiState {
  const { shop } = view;
  const { presentmentCurrency: currency, presentmentRate: rate } = order;
  const money = (minor: number) =>
    hundredths(liquidAmount(presentmentMinor(minor, shop.currency, currency, rate), currency), currency);
  const { totalMinor, shippingMinor, discountMinor } = orderTotals(order);
  const state = common(view);
  const id = `gid://shopify/Order/${order.id}`;
  const number = confirmationNumber(order);
  const ofCustomer = [...shop.orders.values()].filter(
    ({ customerId }) => customerId !== null && customerId === order.customerId,
  );
  const codes = order.discountCodes.map((code) => ({ code }));
  const lines = order.lines.map((line) => {
    const product = line.productId === null ? undefined : shop.products.get(line.productId);
    const variant = line.variantId === null ? undefined : shop.variants.get(line.variantId);
    return {
      id: `gid://shopify/CartLine/${line.id}`,
      quantity: line.quantity,
      merchandise: merchandise(
        line.variantId ?? 0,
        variant?.title ?? line.title,
        line.productId ?? 0,
        product?.vendor ?? "",
        product?.isGiftCard !== true,
      ),
      cost: { totalAmount: money(line.unitPriceMinor * line.quantity) },
      attributes: [],
      discountAllocations: [],
      lineComponents: [],
      parentRelationship: null,
    };
  });
  return {
    values: state.values,
    signals: {
      ...state.signals,
      ...account(view.customer),
      "localization.currency": { isoCode: currency },
      "buyerJourney.completed": true,
      attributes: [],
      checkoutToken: number,
      "cost.subtotalAmount": money(totalMinor - shippingMinor),
      "cost.totalShippingAmount": money(shippingMinor),
      "cost.totalTaxAmount": undefined,
      "cost.totalAmount": money(totalMinor),
      discountCodes: codes,
      discountAllocations:
        discountMinor > 0 && codes[0] && codes.length === 1
          ? [{ type: "code", code: codes[0].code, discountedAmount: money(discountMinor) }]
          : [],
      lines,
      note: undefined,
      shippingAddress: { countryCode: order.shippingCountry ?? undefined },
      orderConfirmation: { order: { id }, number, isFirstOrder: ofCustomer.length <= 1 },
      order: {
        id,
        name: `#${order.number}`,
        confirmationNumber: number,
        processedAt: new Date(order.processedAt).toISOString(),
        cancelledAt: order.cancelledAt === null ? undefined : new Date(order.cancelledAt).toISOString(),
      },
    },
  };
}

/** Letters and digits that look random and are always the same for an order. */
function confirmationNumber({ id }: OrderState): string {
  return createHash("sha256").update(String(id)).digest("hex").slice(0, 9).toUpperCase();
}

/** Whose metafields extensions may read on a page: the customer's who is logged in, the shop's, and those of what is in the cart. */
export function ownersOf({ shop, customer, cart }: View, order?: OrderState): Owners {
  const variantIds = order
    ? order.lines.flatMap(({ variantId }) => (variantId === null ? [] : [variantId]))
    : cart.lines.map(({ variantId }) => variantId);
  const productIds = variantIds.flatMap((id) => shop.variants.get(id)?.productId ?? []);
  return [
    ...(customer ? [{ type: "customer", id: customer.id }] : []),
    { type: "shop", id: shop.id },
    ...(order ? [{ type: "order", id: order.id }] : []),
    ...[...new Set(productIds)].map((id) => ({ type: "product", id })),
    ...[...new Set(variantIds)].map((id) => ({ type: "variant", id })),
  ];
}

const merchandise = (
  variantId: number,
  title: string,
  productId: number,
  vendor: string,
  requiresShipping: boolean,
) => ({
  type: "variant",
  id: `gid://shopify/ProductVariant/${variantId}`,
  title,
  selectedOptions: [],
  requiresShipping,
  product: { id: `gid://shopify/Product/${productId}`, vendor, productType: "" },
});

/** On all of these pages. Names, addresses and phones need a level of access to customers' data that is not simulated. */
function common({ shop, market, locale, customer, origin }: View): ApiState {
  return {
    values: { shop: shopValue(shop, origin) },
    signals: {
      appliedGiftCards: [],
      "buyerIdentity.customer": customer ? customerValue(shop, customer) : undefined,
      "buyerIdentity.email": undefined,
      "buyerIdentity.phone": undefined,
      "buyerIdentity.purchasingCompany": undefined,
      "localization.currency": { isoCode: market.currency },
      "localization.timezone": shop.timeZone,
      "localization.language": { isoCode: locale },
      "localization.country": { isoCode: market.country },
      "localization.market": { id: "gid://shopify/Market/1", handle: market.country.toLowerCase() },
    },
  };
}

const account = (customer: CustomerState | null) => ({
  authenticationState: customer ? "fully_authenticated" : "pre_authenticated",
  ...authenticated(customer),
});

const authenticated = (customer: CustomerState | null) => ({
  "authenticatedAccount.customer": customer ? { id: `gid://shopify/Customer/${customer.id}` } : undefined,
  "authenticatedAccount.purchasingCompany": undefined,
});

const shopValue = ({ id, name, domain }: ShopState, origin: string) => ({
  id: `gid://shopify/Shop/${id}`,
  name,
  storefrontUrl: origin,
  myshopifyDomain: domain,
});

function customerValue(shop: ShopState, { id, acceptsMarketing }: CustomerState) {
  return {
    id: `gid://shopify/Customer/${id}`,
    image: { url: "" },
    acceptsMarketing,
    acceptsEmailMarketing: acceptsMarketing,
    acceptsSmsMarketing: false,
    storeCreditAccounts: [],
    ordersCount: [...shop.orders.values()].filter(({ customerId }) => customerId === id).length,
  };
}
