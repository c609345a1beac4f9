/** The shop's whole collections, with the search filters and sort keys that are modelled for each. */
import type {
  CheckoutState,
  CollectionState,
  CustomerState,
  DiscountState,
  DisputeState,
  GiftCardState,
  OrderState,
  ProductState,
  VariantState,
} from "../../state/model.ts";
import type { Collection, SortValue } from "../connection.ts";
import type { Arguments, Context } from "../context.ts";
import { notSimulated } from "../errors.ts";
import {
  compileSearch,
  flagFilter,
  numberFilter,
  textFilter,
  timeFilter,
  timeSpan,
  wordsFilter,
  type Filter,
  type Filters,
} from "../search.ts";
import { classOf, statusOf } from "../../state/discounts.ts";
import { isExpired } from "../../state/gift-cards.ts";
import { financialStatus } from "../../state/totals.ts";
import { madeWithin } from "./by-creation.ts";
import {
  checkoutSource,
  collectionSource,
  customerSource,
  discountNodeSource,
  disputeSource,
  giftCardSource,
  inventoryItemSource,
  orderSource,
  productSource,
  variantSource,
} from "./sources.ts";

const seconds = (ms: number) => Math.floor(ms / 1000);

function collection<T extends { id: number }>(
  resource: string,
  items: Iterable<T>,
  filters: Filters<T>,
  sortKeys: Readonly<Record<string, (item: T) => SortValue>>,
  source: (item: T) => unknown,
  args: Arguments,
  context: Context,
): Collection<T> {
  const sortKey = (args["sortKey"] as string | null | undefined) ?? "ID";
  const sortValue = sortKeys[sortKey];
  if (!sortValue) throw notSimulated(`Sort key ${resource}.${sortKey}`);
  if (args["savedSearchId"] !== null && args["savedSearchId"] !== undefined) {
    throw notSimulated(`Argument ${resource}.savedSearchId`);
  }
  return {
    items,
    matches: compileSearch(
      args["query"] as string | null | undefined,
      resource,
      filters,
      context.shop.timeZone,
    ),
    sortValue,
    id: ({ id }) => id,
    source,
  };
}

const statusOfOrder: Filter<OrderState> = (comparator, text) => {
  if (comparator !== ":") return null;
  switch (text.toLowerCase()) {
    case "any":
      return () => true;
    case "open":
      return (order) => order.closedAt === null && order.cancelledAt === null;
    case "closed":
      return (order) => order.closedAt !== null;
    case "cancelled":
      return (order) => order.cancelledAt !== null;
    case "not_closed":
      return (order) => order.closedAt === null;
    default:
      return null;
  }
};

const not =
  <T>(filter: Filter<T>): Filter<T> =>
  (comparator, value, timeZone) => {
    const predicate = filter(comparator, value, timeZone);
    return predicate && ((item) => !predicate(item));
  };

const orderFilters: Filters<OrderState> = {
  id: numberFilter(({ id }) => id),
  name: textFilter(({ number }) => [`#${number}`, String(number)]),
  created_at: timeFilter(({ createdAt }) => createdAt),
  updated_at: timeFilter(({ updatedAt }) => updatedAt),
  processed_at: timeFilter(({ processedAt }) => processedAt),
  customer_id: numberFilter(({ customerId }) => customerId),
  status: statusOfOrder,
  financial_status: (comparator, text, timeZone) =>
    text.toLowerCase() === "any"
      ? () => true
      : textFilter<OrderState>((order) => financialStatus(order))(comparator, text, timeZone),
  test: flagFilter(({ test }) => test),
  tag: textFilter(({ tags }) => tags),
  tag_not: not(textFilter(({ tags }) => tags)),
  email: textFilter(({ email }) => email),
  source_name: textFilter(({ sourceName }) => sourceName),
  discount_code: textFilter(({ discountCodes }) => discountCodes),
};

const orderSortKeys = {
  ID: ({ id }: OrderState) => id,
  CREATED_AT: ({ createdAt }: OrderState) => seconds(createdAt),
  UPDATED_AT: ({ updatedAt }: OrderState) => seconds(updatedAt),
  PROCESSED_AT: ({ processedAt }: OrderState) => seconds(processedAt),
  ORDER_NUMBER: ({ number }: OrderState) => number,
};

/** All of a shop's items of a kind, or those alone that the search's times of creation leave. */
function itemsFor<T extends { createdAt: number }>(
  items: ReadonlyMap<number, T>,
  args: Arguments,
  { shop }: Context,
): Iterable<T> {
  const span = timeSpan(args["query"] as string | null | undefined, "created_at", shop.timeZone);
  return span ? madeWithin(shop, items, span) : items.values();
}

/** Orders that the asking app may see; of one customer where `items` are given. */
export function orderCollection(
  args: Arguments,
  context: Context,
  items: Iterable<OrderState> = itemsFor(context.shop.orders, args, context),
): Collection<OrderState> {
  const found = collection("orders", items, orderFilters, orderSortKeys, orderSource, args, context);
  const { ordersFrom } = context;
  if (ordersFrom === -Infinity) return found;
  return { ...found, matches: (order) => order.createdAt >= ordersFrom && found.matches(order) };
}

const customerFilters: Filters<CustomerState> = {
  // Shopify also looks into addresses and notes, which are not kept here.
  default: wordsFilter(({ firstName, lastName, email, phone }) => [
    [firstName, lastName].filter(Boolean).join(" "),
    email,
    phone,
  ]),
  id: numberFilter(({ id }) => id),
  customer_date: timeFilter(({ createdAt }) => createdAt),
  created_at: timeFilter(({ createdAt }) => createdAt),
  updated_at: timeFilter(({ updatedAt }) => updatedAt),
  email: textFilter(({ email }) => email),
  phone: textFilter(({ phone }) => phone),
  first_name: textFilter(({ firstName }) => firstName),
  last_name: textFilter(({ lastName }) => lastName),
  state: textFilter(({ state }) => state),
  tag: textFilter(({ tags }) => tags),
  tag_not: not(textFilter(({ tags }) => tags)),
  country: textFilter(({ countryCode }) => countryCode),
  accepts_marketing: flagFilter(({ acceptsMarketing }) => acceptsMarketing),
};

const customerSortKeys = {
  ID: ({ id }: CustomerState) => id,
  CREATED_AT: ({ createdAt }: CustomerState) => seconds(createdAt),
  UPDATED_AT: ({ updatedAt }: CustomerState) => seconds(updatedAt),
  NAME: ({ lastName, firstName }: CustomerState) => `${lastName ?? ""} ${firstName ?? ""}`.toLowerCase(),
  // How Shopify weighs matches is its own: here all weigh the same and come by id.
  RELEVANCE: () => 0,
};

export function customerCollection(args: Arguments, context: Context): Collection<CustomerState> {
  const items = itemsFor(context.shop.customers, args, context);
  return collection("customers", items, customerFilters, customerSortKeys, customerSource, args, context);
}

const productFilters: Filters<ProductState> = {
  // Shopify also looks into vendors, types and tags.
  default: wordsFilter(({ title }) => [title]),
  id: numberFilter(({ id }) => id),
  title: textFilter(({ title }) => title),
  handle: textFilter(({ handle }) => handle),
  status: textFilter(({ status }) => status),
  product_type: textFilter(({ productType }) => productType),
  vendor: textFilter(({ vendor }) => vendor),
  tag: textFilter(({ tags }) => tags),
  tag_not: not(textFilter(({ tags }) => tags)),
  gift_card: flagFilter(({ isGiftCard }) => isGiftCard),
  created_at: timeFilter(({ createdAt }) => createdAt),
  updated_at: timeFilter(({ updatedAt }) => updatedAt),
};

const productSortKeys = {
  ID: ({ id }: ProductState) => id,
  CREATED_AT: ({ createdAt }: ProductState) => seconds(createdAt),
  UPDATED_AT: ({ updatedAt }: ProductState) => seconds(updatedAt),
  TITLE: ({ title }: ProductState) => title.toLowerCase(),
  VENDOR: ({ vendor }: ProductState) => vendor.toLowerCase(),
  PRODUCT_TYPE: ({ productType }: ProductState) => productType.toLowerCase(),
  RELEVANCE: () => 0,
};

export function productCollection(args: Arguments, context: Context): Collection<ProductState> {
  const items = context.shop.products.values();
  return collection("products", items, productFilters, productSortKeys, productSource, args, context);
}

const ofProducts: Filters<CollectionState> = {
  default: wordsFilter(({ title }) => [title]),
  id: numberFilter(({ id }) => id),
  title: textFilter(({ title }) => title),
  updated_at: timeFilter(({ updatedAt }) => updatedAt),
};

const ofProductsSortKeys = {
  ID: ({ id }: CollectionState) => id,
  TITLE: ({ title }: CollectionState) => title.toLowerCase(),
  UPDATED_AT: ({ updatedAt }: CollectionState) => seconds(updatedAt),
  RELEVANCE: () => 0,
};

/** The shop's collections of products. */
export function collectionsOfProducts(args: Arguments, context: Context): Collection<CollectionState> {
  const items = context.shop.collections.values();
  return collection("collections", items, ofProducts, ofProductsSortKeys, collectionSource, args, context);
}

const variantFilters: Filters<VariantState> = {
  id: numberFilter(({ id }) => id),
  product_id: numberFilter(({ productId }) => productId),
  sku: textFilter(({ sku }) => sku),
  title: textFilter(({ title }) => title),
  updated_at: timeFilter(({ updatedAt }) => updatedAt),
};

const variantSortKeys = {
  ID: ({ id }: VariantState) => id,
  SKU: ({ sku }: VariantState) => sku ?? "",
  TITLE: ({ title }: VariantState) => title.toLowerCase(),
};

export function variantCollection(args: Arguments, context: Context): Collection<VariantState> {
  const items = context.shop.variants.values();
  return collection("productVariants", items, variantFilters, variantSortKeys, variantSource, args, context);
}

const inventoryFilters: Filters<VariantState> = {
  id: numberFilter(({ inventoryItemId }) => inventoryItemId),
  sku: textFilter(({ sku }) => sku),
  created_at: timeFilter(({ createdAt }) => createdAt),
  updated_at: timeFilter(({ updatedAt }) => updatedAt),
};

export function inventoryCollection(args: Arguments, context: Context): Collection<VariantState> {
  const sortKeys = { ID: ({ inventoryItemId }: VariantState) => inventoryItemId };
  return {
    ...collection(
      "inventoryItems",
      context.shop.variants.values(),
      inventoryFilters,
      sortKeys,
      inventoryItemSource,
      args,
      context,
    ),
    id: ({ inventoryItemId }) => inventoryItemId,
  };
}

const checkoutFilters: Filters<CheckoutState> = {
  id: numberFilter(({ id }) => id),
  customer_id: numberFilter(({ customerId }) => customerId),
  created_at: timeFilter(({ createdAt }) => createdAt),
  updated_at: timeFilter(({ updatedAt }) => updatedAt),
  recovery_state: (comparator, text) => {
    if (comparator !== ":" || !["recovered", "not_recovered"].includes(text.toLowerCase())) return null;
    return ({ completedAt }) => (completedAt !== null) === (text.toLowerCase() === "recovered");
  },
};

const checkoutSortKeys = {
  ID: ({ id }: CheckoutState) => id,
  CHECKOUT_ID: ({ id }: CheckoutState) => id,
  CREATED_AT: ({ createdAt }: CheckoutState) => seconds(createdAt),
  TOTAL_PRICE: ({ totalMinor }: CheckoutState) => totalMinor,
};

export function checkoutCollection(args: Arguments, context: Context): Collection<CheckoutState> {
  return collection(
    "abandonedCheckouts",
    itemsFor(context.shop.checkouts, args, context),
    checkoutFilters,
    checkoutSortKeys,
    checkoutSource,
    args,
    context,
  );
}

function discountFilters({ now }: Context): Filters<DiscountState> {
  return {
    id: numberFilter(({ id }) => id),
    code: textFilter(({ code }) => code),
    title: textFilter(({ title }) => title),
    // None here comes by itself.
    method: textFilter(() => "code"),
    status: textFilter((discount) => statusOf(discount, now)),
    discount_class: textFilter(classOf),
    customer_ids: numberFilterOfMany(({ customerIds }) => customerIds ?? []),
    times_used: numberFilter(({ uses }) => uses.length),
    created_at: timeFilter(({ createdAt }) => createdAt),
    updated_at: timeFilter(({ updatedAt }) => updatedAt),
    starts_at: timeFilter(({ startsAt }) => startsAt),
    ends_at: timeFilter(({ endsAt }) => endsAt),
  };
}

/** One of the numbers is the one asked for. */
function numberFilterOfMany<T>(read: (item: T) => readonly number[]): Filter<T> {
  return (comparator, text) => {
    const value = Number(text.replace(/^gid:\/\/shopify\/\w+\//, ""));
    return comparator === ":" && Number.isSafeInteger(value) ? (item) => read(item).includes(value) : null;
  };
}

const discountSortKeys = {
  ID: ({ id }: DiscountState) => id,
  CREATED_AT: ({ createdAt }: DiscountState) => seconds(createdAt),
  UPDATED_AT: ({ updatedAt }: DiscountState) => seconds(updatedAt),
  STARTS_AT: ({ startsAt }: DiscountState) => seconds(startsAt),
  ENDS_AT: ({ endsAt }: DiscountState) => (endsAt === null ? Infinity : seconds(endsAt)),
  TITLE: ({ title }: DiscountState) => title.toLowerCase(),
};

export function discountCollection(args: Arguments, context: Context): Collection<DiscountState> {
  const items = context.shop.discounts.values();
  const filters = discountFilters(context);
  return collection("discountNodes", items, filters, discountSortKeys, discountNodeSource, args, context);
}

function giftCardFilters({ now, shop }: Context): Filters<GiftCardState> {
  const status = (card: GiftCardState) => {
    if (card.deactivatedAt !== null) return "disabled";
    return isExpired(card, now, shop.timeZone) ? "expired" : "enabled";
  };
  return {
    // Shopify also looks for who has it.
    default: wordsFilter(({ code }) => [code]),
    id: numberFilter(({ id }) => id),
    customer_id: numberFilter(({ customerId }) => customerId),
    created_at: timeFilter(({ createdAt }) => createdAt),
    status: textFilter(status),
  };
}

const giftCardSortKeys = {
  ID: ({ id }: GiftCardState) => id,
  CREATED_AT: ({ createdAt }: GiftCardState) => seconds(createdAt),
  BALANCE: ({ balanceMinor }: GiftCardState) => balanceMinor,
};

export function giftCardCollection(args: Arguments, context: Context): Collection<GiftCardState> {
  const items = context.shop.giftCards.values();
  return collection(
    "giftCards",
    items,
    giftCardFilters(context),
    giftCardSortKeys,
    giftCardSource,
    args,
    context,
  );
}

const disputeFilters: Filters<DisputeState> = {
  id: numberFilter(({ id }) => id),
  status: textFilter(({ status }) => status),
  initiated_at: timeFilter(({ createdAt }) => createdAt),
};

export function disputeCollection(args: Arguments, context: Context): Collection<DisputeState> {
  const items = context.shop.disputes.values();
  const sortKeys = { ID: ({ id }: DisputeState) => id };
  return collection("disputes", items, disputeFilters, sortKeys, disputeSource, args, context);
}
