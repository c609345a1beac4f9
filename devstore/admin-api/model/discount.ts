/** Discounts with a code, as far as the state knows them. */
import type { DiscountState } from "../../state/model.ts";
import { classOf, statusOf } from "../../state/discounts.ts";
import type { DeployedFunction } from "../../functions/deployed.ts";
import { listConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { gid } from "../ids.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import { metafieldFields } from "./metafield.ts";
import { customerSource, productSource, variantSource, type DiscountSource } from "./sources.ts";

const ofType = (typename: string, discount: DiscountState): DiscountSource => ({
  __typename: typename,
  discount,
});

const isShipping = ({ gives }: DiscountState) => gives.kind === "shipping";

function discountOf({ discount }: DiscountSource): DiscountSource {
  if (discount.gives.kind === "function") return ofType("DiscountCodeApp", discount);
  return ofType(isShipping(discount) ? "DiscountCodeFreeShipping" : "DiscountCodeBasic", discount);
}

/** What is for all is so by its field; what is for customers names them. */
function contextOf({ discount }: DiscountSource): DiscountSource {
  return ofType(discount.customerIds ? "DiscountCustomers" : "DiscountBuyerSelectionAll", discount);
}

function minimumOf({ discount }: DiscountSource): DiscountSource | null {
  if (!discount.minimum) return null;
  const isQuantity = discount.minimum.kind === "quantity";
  return ofType(isQuantity ? "DiscountMinimumQuantity" : "DiscountMinimumSubtotal", discount);
}

function valueOf(source: DiscountSource): DiscountSource {
  const { gives } = source.discount;
  if (gives.kind === "shipping" || gives.kind === "function")
    throw new Error(`discount ${source.discount.id} has no value`);
  return ofType(gives.kind === "amount" ? "DiscountAmount" : "DiscountPercentage", source.discount);
}

const money = (minor: number, context: Context) => ({ minor, currency: context.shop.currency });

/** The items that are still there. */
function present<T>(ids: readonly number[] | undefined, all: ReadonlyMap<number, T>): T[] {
  return (ids ?? []).flatMap((id) => all.get(id) ?? []);
}

/** What every discount with a code answers. */
const codeDiscount = fields<DiscountSource>({
  title: ({ discount }) => discount.title,
  status: ({ discount }, _args, context) => statusOf(discount, context.now),
  createdAt: ({ discount }) => dateTime(discount.createdAt),
  updatedAt: ({ discount }) => dateTime(discount.updatedAt),
  startsAt: ({ discount }) => dateTime(discount.startsAt),
  endsAt: ({ discount }) => (discount.endsAt === null ? null : dateTime(discount.endsAt)),
  usageLimit: ({ discount }) => discount.usageLimit,
  appliesOncePerCustomer: ({ discount }) => discount.appliesOncePerCustomer,
  // Shopify counts a while later.
  asyncUsageCount: ({ discount }) => discount.uses.length,
  codes: ({ discount }, args) => listConnection([ofType("DiscountRedeemCode", discount)], args),
  codesCount: () => ({ count: 1, precision: "EXACT" }),
  combinesWith: ({ discount }) => ofType("DiscountCombinesWith", discount),
  context: contextOf,
  discountClasses: ({ discount }) => [classOf(discount)],
  minimumRequirement: minimumOf,
  hasTimelineComment: () => false,
  tags: () => [],
});

export function apiTypeOf(target: string): string {
  if (target.includes("validations")) return "cart_checkout_validation";
  return target.includes("discounts") ? "discount" : (target.split(".")[0] ?? target);
}

export const discountTypes: Readonly<Record<string, Fields>> = {
  DiscountCodeNode: fields<DiscountSource>({
    ...metafieldFields(({ discount }: DiscountSource) => gid("DiscountCodeNode", discount.id)),
    id: ({ discount }) => gid("DiscountCodeNode", discount.id),
    codeDiscount: discountOf,
  }),
  DiscountNode: fields<DiscountSource>({
    ...metafieldFields(({ discount }: DiscountSource) => gid("DiscountCodeNode", discount.id)),
    id: ({ discount }) => gid("DiscountNode", discount.id),
    discount: discountOf,
  }),
  DiscountCodeBasic: fields<DiscountSource>({
    ...codeDiscount,
    customerGets: ({ discount }) => ofType("DiscountCustomerGets", discount),
    recurringCycleLimit: () => null,
  }),
  DiscountCodeFreeShipping: fields<DiscountSource>({
    ...codeDiscount,
    appliesOnOneTimePurchase: () => true,
    appliesOnSubscription: () => false,
    destinationSelection: ({ discount }) => ofType("DiscountCountryAll", discount),
    maximumShippingPrice: ({ discount: { gives } }, _args, context) =>
      gives.kind === "shipping" && gives.maximumMinor !== null ? money(gives.maximumMinor, context) : null,
    recurringCycleLimit: () => null,
  }),
  DiscountCodeApp: fields<DiscountSource>({
    ...codeDiscount,
    discountId: ({ discount }) => gid("DiscountCodeNode", discount.id),
    appDiscountType: (source) => ofType("AppDiscountType", source.discount),
    appliesOnOneTimePurchase: () => true,
    appliesOnSubscription: () => false,
    recurringCycleLimit: () => null,
    errorHistory: () => null,
  }),
  AppDiscountType: fields<DiscountSource>({
    app: () => ({ __typename: "App" }),
    appKey: (_source, _args, { app }) => app.clientId,
    discountClasses: () => ["ORDER"],
    functionId: ({ discount: { gives } }) => (gives.kind === "function" ? gives.handle : ""),
    title: ({ discount: { gives } }) => (gives.kind === "function" ? gives.handle : ""),
  }),
  ShopifyFunction: fields<DeployedFunction>({
    // Of functions that are not uploaded the handle is all that tells them apart.
    id: ({ handle }) => handle,
    handle: ({ handle }) => handle,
    title: ({ title }) => title,
    description: ({ description }) => description,
    apiVersion: ({ apiVersion }) => apiVersion,
    apiType: ({ target }) => apiTypeOf(target),
    inputQuery: ({ inputQuery }) => inputQuery,
    app: () => ({ __typename: "App" }),
    appKey: (_source, _args, { app }) => app.clientId,
    useCreationUi: () => false,
  }),
  DiscountRedeemCode: fields<DiscountSource>({
    id: ({ discount }) => gid("DiscountRedeemCode", discount.id),
    code: ({ discount }) => discount.code,
    asyncUsageCount: ({ discount }) => discount.uses.length,
    createdBy: () => ({ __typename: "App" }),
  }),
  DiscountCombinesWith: fields<DiscountSource>({
    orderDiscounts: ({ discount }) => discount.combinesWith.orderDiscounts,
    productDiscounts: ({ discount }) => discount.combinesWith.productDiscounts,
    shippingDiscounts: ({ discount }) => discount.combinesWith.shippingDiscounts,
    productDiscountsWithTagsOnSameCartLine: () => null,
  }),
  DiscountCustomers: fields<DiscountSource>({
    customers: ({ discount }, _args, { shop }) =>
      present(discount.customerIds ?? [], shop.customers).map(customerSource),
  }),
  DiscountBuyerSelectionAll: fields<DiscountSource>({ all: () => "ALL" }),
  DiscountMinimumQuantity: fields<DiscountSource>({
    greaterThanOrEqualToQuantity: ({ discount: { minimum } }) =>
      minimum?.kind === "quantity" ? String(minimum.quantity) : null,
  }),
  DiscountMinimumSubtotal: fields<DiscountSource>({
    greaterThanOrEqualToSubtotal: ({ discount: { minimum } }, _args, context) =>
      minimum?.kind === "subtotal" ? money(minimum.subtotalMinor, context) : null,
  }),
  DiscountCustomerGets: fields<DiscountSource>({
    appliesOnOneTimePurchase: () => true,
    appliesOnSubscription: () => false,
    items: ({ discount }) => ofType(discount.items ? "DiscountProducts" : "AllDiscountItems", discount),
    value: valueOf,
  }),
  AllDiscountItems: fields<DiscountSource>({ allItems: () => true }),
  DiscountProducts: fields<DiscountSource>({
    products: ({ discount }, args, { shop }) =>
      listConnection(present(discount.items?.productIds, shop.products).map(productSource), args),
    productVariants: ({ discount }, args, { shop }) =>
      listConnection(present(discount.items?.variantIds, shop.variants).map(variantSource), args),
  }),
  DiscountAmount: fields<DiscountSource>({
    amount: ({ discount: { gives } }, _args, context) =>
      gives.kind === "amount" ? money(gives.amountMinor, context) : null,
    appliesOnEachItem: ({ discount: { gives } }) => gives.kind === "amount" && gives.onEachItem,
  }),
  DiscountPercentage: fields<DiscountSource>({
    percentage: ({ discount: { gives } }) => (gives.kind === "percentage" ? gives.percentage : null),
  }),
  DiscountCountryAll: fields<DiscountSource>({ allCountries: () => true }),
};
