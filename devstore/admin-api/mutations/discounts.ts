/** Mutations of discounts with a code. What Shopify could do and the state cannot carry is refused loudly. */
import {
  createDiscount,
  deactivateDiscount,
  deleteDiscount,
  type NewDiscount,
} from "../../state/discounts.ts";
import type { DiscountState } from "../../state/model.ts";
import type { FailureReason, Result } from "../../state/result.ts";
import { functionsOf } from "../../functions/deployed.ts";
import { setMetafields } from "../../state/shop-actions.ts";
import type { Context } from "../context.ts";
import { notSimulated, userError, type UserError } from "../errors.ts";
import { gid, parseGid } from "../ids.ts";
import { parseDecimal } from "../money.ts";
import { fields } from "../model/fields.ts";
import { namespaceOf } from "../model/metafield.ts";
import { codeDiscountSource } from "../model/sources.ts";
import { checkMetafieldValue } from "./metafield-values.ts";
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

interface AppInput extends CodeInput {
  functionHandle?: string | null;
  functionId?: string | null;
  discountClasses?: string[] | null;
  metafields?:
    { namespace?: string | null; key?: string | null; type?: string | null; value?: string | null }[] | null;
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

const appRefused = (error: UserError) => ({ codeAppDiscount: null, userErrors: [error] });

/** Which of the app's functions it is for, in Shopify's words where it is none. */
function readFunction({ functionHandle, functionId }: AppInput, { world, app }: Context): Read<string> {
  const refuse = (field: string[], message: string, code: string): Read<never> => ({
    ok: false,
    error: userError(["codeAppDiscount", ...field], message, code),
  });
  if (functionHandle && functionId)
    return refuse(
      [],
      "Only one of functionId or functionHandle can be provided.",
      "MULTIPLE_FUNCTION_IDENTIFIERS",
    );
  const asked = functionHandle ?? functionId;
  if (!asked)
    return refuse([], "Either functionId or functionHandle must be provided.", "MISSING_FUNCTION_IDENTIFIER");
  if (!functionsOf(world).some(({ handle }) => handle === asked))
    return refuse(
      [functionHandle ? "functionHandle" : "functionId"],
      `Function ${asked} not found. Ensure that it is released in the current app (${app.numericId}), and that the app is installed.`,
      "INVALID",
    );
  return { ok: true, value: asked };
}

const APP_INPUT = [
  ...COMMON.filter((name) => name !== "minimumRequirement"), "functionHandle", "functionId", "discountClasses",
  "metafields", "appliesOnOneTimePurchase", "appliesOnSubscription", "recurringCycleLimit",
]; // prettier-ignore

function createAppDiscount(input: AppInput, context: Context) {
  const { world, shop } = context;
  onlyKnows(input, "DiscountCodeAppInput", APP_INPUT);
  const handle = readFunction(input, context);
  if (!handle.ok) return appRefused(handle.error);
  const common = readCommon(input, "codeAppDiscount", context);
  if (!common.ok) return appRefused(common.error);
  if (input.discountClasses?.join() !== "ORDER")
    throw notSimulated("An app discount that is not of the order");
  const wrong = (input.metafields ?? []).flatMap(({ key, type, value }, index) => {
    const fault = checkMetafieldValue(type ?? "", value ?? "");
    const at = ["codeAppDiscount", "metafields", String(index)];
    if (!/^[\w-]{2,64}$/.test(key ?? "")) return [userError([...at, "key"], "Key is invalid", "INVALID")];
    return fault ? [userError([...at, fault.about], fault.message, "INVALID")] : [];
  });
  if (wrong[0]) return appRefused(wrong[0]);
  const namespace = namespaceOf("$app", context);
  const result = createDiscount(world, shop, {
    ...common.value,
    gives: { kind: "function", handle: handle.value, namespace },
    items: null,
  });
  if (!result.ok) {
    const field = ["codeAppDiscount", ...(result.field ?? [])];
    return appRefused(userError(field, result.message, CODES[result.reason]));
  }
  const ownerId = gid("DiscountCodeNode", result.value.id);
  const metafields = (input.metafields ?? []).map((one) => ({
    ...{ ownerId, namespace: namespaceOf(one.namespace, context), key: one.key ?? "" },
    ...{ type: one.type ?? "", value: one.value ?? "" },
  }));
  setMetafields(world, shop, metafields);
  return { codeAppDiscount: { __typename: "DiscountCodeApp", discount: result.value }, userErrors: [] };
}

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
  discountCodeAppCreate: (_source, args, context) =>
    createAppDiscount(args["codeAppDiscount"] as AppInput, context),
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
