/** Mutations of discounts with a code. What Shopify could do and the state cannot carry is refused loudly. */
import {
  createDiscount,
  deactivateDiscount,
  deleteDiscount,
  type NewDiscount,
} from "../../state/discounts.ts";
import type { DiscountState } from "../../state/model.ts";
import type { FailureReason, Result } from "../../state/result.ts";
import type { Context } from "../context.ts";
import { notSimulated, userError, type UserError } from "../errors.ts";
import { gid, parseGid } from "../ids.ts";
import { parseDecimal } from "../money.ts";
import { fields } from "../model/fields.ts";
import { codeDiscountSource } from "../model/sources.ts";
import { idOf, onlyKnows } from "./results.ts";

const CODES: Record<FailureReason, string> = {
  invalid: "INVALID",
  "not-found": "INVALID",
  taken: "TAKEN",
  "wrong-state": "INVALID",
  exceeds: "VALUE_OUTSIDE_RANGE",
  stale: "INVALID",
};

interface CodeInput {
  title?: string | null;
  code?: string | null;
  startsAt?: string | null;
  endsAt?: string | null;
  usageLimit?: number | null;
  appliesOncePerCustomer?: boolean | null;
  context?: ContextInput | null;
  minimumRequirement?: MinimumInput | null;
  combinesWith?: CombinesInput | null;
}

interface ContextInput {
  all?: string | null;
  customers?: { add?: string[] | null; remove?: string[] | null } | null;
}

interface MinimumInput {
  quantity?: { greaterThanOrEqualToQuantity?: string | null } | null;
  subtotal?: { greaterThanOrEqualToSubtotal?: string | null } | null;
}

interface CombinesInput {
  orderDiscounts?: boolean | null;
  productDiscounts?: boolean | null;
  shippingDiscounts?: boolean | null;
}

interface BasicInput extends CodeInput {
  customerGets?: {
    value?: {
      percentage?: number | null;
      discountAmount?: { amount?: string | null; appliesOnEachItem?: boolean | null } | null;
      discountOnQuantity?: unknown;
    } | null;
    items?: {
      all?: boolean | null;
      products?: { productsToAdd?: string[] | null; productVariantsToAdd?: string[] | null } | null;
    } | null;
  } | null;
}

interface ShippingInput extends CodeInput {
  destination?: object | null;
  maximumShippingPrice?: string | null;
}

const COMMON = [
  "title", "code", "startsAt", "endsAt", "usageLimit", "appliesOncePerCustomer", "context", "minimumRequirement", "combinesWith",
]; // prettier-ignore

type Read<T> = { ok: true; value: T } | { ok: false; error: UserError };

/** What both kinds share, with the argument's name in front of every field that is wrong. */
function readCommon(
  input: CodeInput,
  argument: string,
  context: Context,
): Read<Omit<NewDiscount, "gives" | "items">> {
  const refuse = (field: string[], message: string, code: string): Read<never> => ({
    ok: false,
    error: userError([argument, ...field], message, code),
  });
  for (const key of ["title", "code", "startsAt"] as const)
    if (!input[key]) return refuse([key], `${key} can't be blank`, "BLANK");
  if (!input.context) return refuse(["context"], "Context can't be blank", "BLANK");
  onlyKnows(input.context, "DiscountContextInput", ["all", "customers"]);
  onlyKnows(input.context.customers ?? {}, "DiscountCustomersInput", ["add"]);
  const minimum = minimumOf(input.minimumRequirement ?? {}, context);
  if (minimum === "both")
    return refuse(
      ["minimumRequirement"],
      "Specify a minimum subtotal or a quantity, but not both.",
      "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT",
    );
  if (minimum === "invalid") return refuse(["minimumRequirement"], "Minimum is invalid", "INVALID");
  const combinesWith = input.combinesWith ?? {};
  onlyKnows(combinesWith, "DiscountCombinesWithInput", [
    "orderDiscounts",
    "productDiscounts",
    "shippingDiscounts",
  ]);
  return {
    ok: true,
    value: {
      title: input.title ?? "",
      code: input.code ?? "",
      startsAt: Date.parse(input.startsAt ?? ""),
      endsAt: input.endsAt ? Date.parse(input.endsAt) : null,
      usageLimit: input.usageLimit ?? null,
      appliesOncePerCustomer: input.appliesOncePerCustomer ?? false,
      customerIds: input.context.customers ? (input.context.customers.add ?? []).map(idOf) : null,
      minimum,
      combinesWith: {
        orderDiscounts: combinesWith.orderDiscounts ?? false,
        productDiscounts: combinesWith.productDiscounts ?? false,
        shippingDiscounts: combinesWith.shippingDiscounts ?? false,
      },
    },
  };
}

function minimumOf(
  { quantity, subtotal }: MinimumInput,
  { shop }: Context,
): DiscountState["minimum"] | "both" | "invalid" {
  const units = quantity?.greaterThanOrEqualToQuantity;
  const amount = subtotal?.greaterThanOrEqualToSubtotal;
  if (units && amount) return "both";
  if (units) return { kind: "quantity", quantity: Number(units) };
  if (!amount) return null;
  const subtotalMinor = parseDecimal(String(amount), shop.currency);
  return subtotalMinor === null ? "invalid" : { kind: "subtotal", subtotalMinor };
}

function readGets(
  gets: NonNullable<BasicInput["customerGets"]>,
  { shop }: Context,
): Read<Pick<NewDiscount, "gives" | "items">> {
  const refuse = (field: string[], message: string, code: string): Read<never> => ({
    ok: false,
    error: userError(["basicCodeDiscount", "customerGets", ...field], message, code),
  });
  onlyKnows(gets, "DiscountCustomerGetsInput", ["value", "items", "appliesOnOneTimePurchase"]);
  const { percentage, discountAmount, discountOnQuantity } = gets.value ?? {};
  if (discountOnQuantity)
    return refuse(
      ["value", "discountOnQuantity"],
      "The discountOnQuantity field is only permitted with bxgy discounts.",
      "INVALID",
    );
  const amountMinor = discountAmount?.amount
    ? parseDecimal(String(discountAmount.amount), shop.currency)
    : null;
  if ((percentage ?? null) === null && amountMinor === null)
    return refuse(["value"], "Value can't be blank", "BLANK");
  const items = itemsOf(gets.items ?? {});
  if (items === "none") return refuse(["items"], "Items can't be blank", "BLANK");
  return {
    ok: true,
    value: {
      gives:
        amountMinor === null
          ? { kind: "percentage", percentage: percentage ?? 0 }
          : { kind: "amount", amountMinor, onEachItem: discountAmount?.appliesOnEachItem ?? false },
      items,
    },
  };
}

function itemsOf(
  items: NonNullable<NonNullable<BasicInput["customerGets"]>["items"]>,
): DiscountState["items"] | "none" {
  onlyKnows(items, "DiscountItemsInput", ["all", "products"]);
  if (items.all) return null;
  const products = items.products ?? {};
  onlyKnows(products, "DiscountProductsInput", ["productsToAdd", "productVariantsToAdd"]);
  const productIds = (products.productsToAdd ?? []).map(idOf);
  const variantIds = (products.productVariantsToAdd ?? []).map(idOf);
  return productIds.length + variantIds.length === 0 ? "none" : { productIds, variantIds };
}

function payload(result: Result<DiscountState>, argument?: string) {
  if (result.ok) return { codeDiscountNode: codeDiscountSource(result.value), userErrors: [] };
  const field = argument === undefined ? result.field : [argument, ...(result.field ?? [])];
  return {
    codeDiscountNode: null,
    userErrors: [userError(field, result.message, CODES[result.reason])],
  };
}

const refused = (error: UserError) => ({ codeDiscountNode: null, userErrors: [error] });

/** Ids of other nodes might be good at Shopify as well. */
const discountId = (id: unknown) => {
  const parsed = parseGid(String(id));
  if (parsed && parsed.type !== "DiscountCodeNode") throw notSimulated(`A code discount by ${parsed.type}`);
  return parsed?.id ?? 0;
};

export const discountMutations = fields<unknown>({
  discountCodeBasicCreate: (_source, args, context) => {
    const input = args["basicCodeDiscount"] as BasicInput;
    onlyKnows(input, "DiscountCodeBasicInput", [...COMMON, "customerGets"]);
    const common = readCommon(input, "basicCodeDiscount", context);
    if (!common.ok) return refused(common.error);
    const gets = readGets(input.customerGets ?? {}, context);
    if (!gets.ok) return refused(gets.error);
    const result = createDiscount(context.world, context.shop, { ...common.value, ...gets.value });
    return payload(result, "basicCodeDiscount");
  },
  discountCodeFreeShippingCreate: (_source, args, context) => {
    const input = args["freeShippingCodeDiscount"] as ShippingInput;
    onlyKnows(input, "DiscountCodeFreeShippingInput", [
      ...COMMON, "destination", "maximumShippingPrice", "appliesOnOneTimePurchase",
    ]); // prettier-ignore
    onlyKnows(input.destination ?? {}, "DiscountShippingDestinationSelectionInput", ["all"]);
    const common = readCommon(input, "freeShippingCodeDiscount", context);
    if (!common.ok) return refused(common.error);
    const maximumMinor = input.maximumShippingPrice
      ? parseDecimal(String(input.maximumShippingPrice), context.shop.currency)
      : null;
    const result = createDiscount(context.world, context.shop, {
      ...common.value,
      gives: { kind: "shipping", maximumMinor },
      items: null,
    });
    return payload(result, "freeShippingCodeDiscount");
  },
  discountCodeDeactivate: (_source, args, { world, shop }) =>
    payload(deactivateDiscount(world, shop, { discountId: discountId(args["id"]) })),
  discountCodeDelete: (_source, args, { world, shop }) => {
    const result = deleteDiscount(world, shop, { discountId: discountId(args["id"]) });
    return {
      deletedCodeDiscountId: result.ok ? gid("DiscountCodeNode", result.value) : null,
      userErrors: result.ok ? [] : [userError(["id"], result.message, "INVALID")],
    };
  },
});
