/** The questions that can be asked at the top: single resources by id, collections, counts, the shop, the app. */
import { discountByCode } from "../../state/discounts.ts";
import { accountsOf } from "../../state/store-credit.ts";
import { functionsOf } from "../../functions/deployed.ts";
import { collectionConnection, count, listConnection, type Collection } from "../connection.ts";
import type { Arguments, Context } from "../context.ts";
import { badRequest, notSimulated } from "../errors.ts";
import { parseGid } from "../ids.ts";
import { bulkCollection, bulkSource, findBulkOperation } from "./bulk.ts";
import {
  checkoutCollection,
  collectionsOfProducts,
  customerCollection,
  discountCollection,
  disputeCollection,
  giftCardCollection,
  inventoryCollection,
  orderCollection,
  productCollection,
  variantCollection,
} from "./collections.ts";
import { apiTypeOf } from "./discount.ts";
import { fields } from "./fields.ts";
import { shopSource } from "./shop.ts";
import {
  checkoutSource,
  codeDiscountSource,
  collectionSource,
  customerSource,
  discountNodeSource,
  disputeSource,
  giftCardSource,
  inventoryItemSource,
  lineSource,
  metafieldSource,
  orderSource,
  productSource,
  refundSource,
  storeCreditSource,
  transactionSource,
  variantSource,
  type Typed,
} from "./sources.ts";
import { themes } from "./theme.ts";
import { validationSource } from "./validation.ts";
import { ownSubscriptions, subscriptionCollection, subscriptionSource } from "./webhook.ts";

type Find = (id: number, context: Context) => Typed | null;

function visibleOrders(context: Context) {
  return [...context.shop.orders.values()].filter(({ createdAt }) => createdAt >= context.ordersFrom);
}

/** How each type's resource is found by its id. */
const finders: Readonly<Record<string, Find>> = {
  Order: (id, { shop, ordersFrom }) => {
    const order = shop.orders.get(id);
    return order && order.createdAt >= ordersFrom ? orderSource(order) : null;
  },
  Customer: (id, { shop }) => {
    const customer = shop.customers.get(id);
    return customer ? customerSource(customer) : null;
  },
  Product: (id, { shop }) => {
    const product = shop.products.get(id);
    return product ? productSource(product) : null;
  },
  Collection: (id, { shop }) => {
    const collection = shop.collections.get(id);
    return collection ? collectionSource(collection) : null;
  },
  ProductVariant: (id, { shop }) => {
    const variant = shop.variants.get(id);
    return variant ? variantSource(variant) : null;
  },
  InventoryItem: (id, { shop }) => {
    for (const variant of shop.variants.values()) {
      if (variant.inventoryItemId === id) return inventoryItemSource(variant);
    }
    return null;
  },
  AbandonedCheckout: (id, { shop }) => {
    const checkout = shop.checkouts.get(id);
    return checkout ? checkoutSource(checkout) : null;
  },
  LineItem: (id, context) => {
    for (const order of visibleOrders(context)) {
      const line = order.lines.find((one) => one.id === id);
      if (line) return lineSource(order, line);
    }
    return null;
  },
  OrderTransaction: (id, context) => {
    for (const order of visibleOrders(context)) {
      const transaction = order.transactions.find((one) => one.id === id);
      if (transaction) return transactionSource(order, transaction);
    }
    return null;
  },
  Refund: (id, context) => {
    for (const order of visibleOrders(context)) {
      for (const agreement of order.agreements) {
        if (agreement.refund?.id === id) return refundSource(order, agreement, agreement.refund);
      }
    }
    return null;
  },
  Metafield: (id, { shop }) => {
    for (const [ownerId, metafields] of shop.metafields) {
      for (const metafield of metafields.values()) {
        if (metafield.id === id) return metafieldSource(ownerId, metafield);
      }
    }
    return null;
  },
  DiscountCodeNode: (id, { shop }) => {
    const discount = shop.discounts.get(id);
    return discount ? codeDiscountSource(discount) : null;
  },
  DiscountNode: (id, { shop }) => {
    const discount = shop.discounts.get(id);
    return discount ? discountNodeSource(discount) : null;
  },
  GiftCard: (id, { shop }) => {
    const card = shop.giftCards.get(id);
    return card ? giftCardSource(card) : null;
  },
  StoreCreditAccount: (id, { shop, world }) => {
    const account = shop.storeCreditAccounts.get(id);
    if (account) accountsOf(world, shop, account.customerId);
    return account ? storeCreditSource(account) : null;
  },
  ShopifyPaymentsDispute: (id, { shop }) => {
    const dispute = shop.disputes.get(id);
    return dispute ? disputeSource(dispute) : null;
  },
  WebhookSubscription: (id, context) => {
    const subscription = ownSubscriptions(context).find((one) => one.id === id);
    return subscription ? subscriptionSource(subscription) : null;
  },
  BulkOperation: (id, context) => {
    const operation = findBulkOperation(id, context);
    return operation && bulkSource(operation);
  },
  Shop: (id, { shop }) => (shop.id === id ? shopSource(shop) : null),
  AppInstallation: (id, { shop }) => (shop.id === id ? { __typename: "AppInstallation", shop } : null),
};

/** The resource behind a global id, whatever its type. */
export function findNode(globalId: string, context: Context): Typed | null {
  const parsed = parseGid(globalId);
  if (!parsed) throw badRequest(`Invalid global id '${globalId}'`);
  const find = finders[parsed.type];
  if (!find) throw notSimulated(`Node of type ${parsed.type}`);
  return find(parsed.id, context);
}

const byId = (type: string) => (_source: unknown, args: Arguments, context: Context) => {
  const id = String(args["id"]);
  const parsed = parseGid(id) ?? (/^\d+$/.test(id) ? { type, id: Number(id) } : null);
  if (!parsed) throw badRequest(`Invalid global id '${id}'`);
  // Shopify answers null for an id of another type.
  return parsed.type === type ? (finders[type]?.(parsed.id, context) ?? null) : null;
};

type Make<T> = (args: Arguments, context: Context) => Collection<T>;

const connectionOf =
  <T>(make: Make<T>, defaults: Arguments = {}) =>
  (_source: unknown, args: Arguments, context: Context) =>
    collectionConnection(make({ ...defaults, ...args }, context), args);

const countOf =
  <T>(make: Make<T>) =>
  (_source: unknown, args: Arguments, context: Context) =>
    count(make(args, context), args);

export const queryRoot = fields<unknown>({
  shop: (_source, _args, { shop }) => shopSource(shop),
  currentAppInstallation: (_source, _args, { shop }) => ({ __typename: "AppInstallation", shop }),
  app: () => ({ __typename: "App" }),
  node: (_source, args, context) => findNode(String(args["id"]), context),
  nodes: (_source, args, context) => (args["ids"] as string[]).map((id) => findNode(id, context)),
  order: byId("Order"),
  orders: connectionOf(orderCollection, { sortKey: "PROCESSED_AT" }),
  ordersCount: countOf(orderCollection),
  refund: byId("Refund"),
  customer: byId("Customer"),
  customers: connectionOf(customerCollection),
  customersCount: countOf(customerCollection),
  product: byId("Product"),
  products: connectionOf(productCollection),
  productsCount: countOf(productCollection),
  collection: byId("Collection"),
  collections: connectionOf(collectionsOfProducts),
  collectionsCount: countOf(collectionsOfProducts),
  productVariant: byId("ProductVariant"),
  productVariants: connectionOf(variantCollection),
  productVariantsCount: countOf(variantCollection),
  inventoryItem: byId("InventoryItem"),
  inventoryItems: connectionOf(inventoryCollection),
  abandonedCheckouts: connectionOf(checkoutCollection),
  abandonedCheckoutsCount: countOf(checkoutCollection),
  codeDiscountNode: byId("DiscountCodeNode"),
  codeDiscountNodeByCode: (_source, args, { shop }) => {
    const discount = discountByCode(shop, String(args["code"]));
    return discount ? codeDiscountSource(discount) : null;
  },
  shopifyFunctions: (_source, args, { world }) => {
    const type = args["apiType"] as string | null | undefined;
    const found = functionsOf(world).filter(({ target }) => !type || apiTypeOf(target) === type);
    return listConnection(
      found.map((one) => ({ __typename: "ShopifyFunction", ...one })),
      args,
    );
  },
  validations: (_source, args, { shop }) =>
    listConnection((shop.validations ?? []).map(validationSource), args),
  discountNode: byId("DiscountNode"),
  discountNodes: connectionOf(discountCollection),
  discountNodesCount: countOf(discountCollection),
  giftCard: byId("GiftCard"),
  giftCards: connectionOf(giftCardCollection),
  giftCardsCount: countOf(giftCardCollection),
  storeCreditAccount: byId("StoreCreditAccount"),
  dispute: byId("ShopifyPaymentsDispute"),
  disputes: connectionOf(disputeCollection),
  themes,
  webhookSubscription: byId("WebhookSubscription"),
  webhookSubscriptions: connectionOf(subscriptionCollection),
  bulkOperation: byId("BulkOperation"),
  bulkOperations: connectionOf(bulkCollection),
  currentBulkOperation: (_source, args, context) => {
    const type = (args["type"] as string | undefined) ?? "QUERY";
    const operations = [...bulkCollection({}, context).items];
    const latest = operations.filter((one) => one.type === type).at(-1);
    return latest ? bulkSource(latest) : null;
  },
  publicApiVersions: () =>
    ["2026-07", "2026-10"].map((handle) => ({
      __typename: "ApiVersion",
      handle,
      displayName: handle,
      supported: true,
    })),
});
