/** Mutations of customers and of tags. */
import {
  createCustomer,
  deleteCustomer,
  mergeCustomers,
  updateCustomer,
  updateProduct,
} from "../../state/actions.ts";
import type { CustomerFacts } from "../../state/checks.ts";
import { emit } from "../../state/events.ts";
import { touch } from "../../state/journal.ts";
import type { Failure } from "../../state/result.ts";
import { orderTopic } from "../../state/topics.ts";
import type { Context } from "../context.ts";
import { accessDenied, notSimulated, userError } from "../errors.ts";
import { gid, parseGid } from "../ids.ts";
import { fields } from "../model/fields.ts";
import { findNode } from "../model/query-root.ts";
import { shopSource } from "../model/shop.ts";
import { customerSource } from "../model/sources.ts";
import { idOf, userErrorsOf } from "./results.ts";

/** The schema leaves it to the resource: whoever may write it may tag it. */
const TAGGING_SCOPES: Readonly<Record<string, string>> = {
  Customer: "write_customers",
  Order: "write_orders",
  Product: "write_products",
};

/** Gives the owner new tags, made from its present ones. */
function retag(
  context: Context,
  field: "tagsAdd" | "tagsRemove",
  id: string,
  change: (tags: readonly string[]) => string[],
) {
  const { world, shop } = context;
  const parsed = parseGid(id);
  const scope = TAGGING_SCOPES[parsed?.type ?? ""];
  if (scope !== undefined && !context.scopes.has(scope)) {
    throw accessDenied(field, `\`${scope}\` access scope.`);
  }
  const missing = { node: null, userErrors: [userError(["id"], "Resource does not exist")] };
  switch (parsed?.type) {
    case "Customer": {
      const customer = shop.customers.get(parsed.id);
      if (!customer) return missing;
      updateCustomer(world, shop, { customerId: parsed.id, tags: change(customer.tags) });
      break;
    }
    case "Order": {
      const order = shop.orders.get(parsed.id);
      if (!order || order.createdAt < context.ordersFrom) return missing;
      order.tags = change(order.tags);
      touch(order, context.now);
      emit(world, shop, context.now, [orderTopic(shop, order, "orders/updated")]);
      break;
    }
    case "Product": {
      const product = shop.products.get(parsed.id);
      if (!product) return missing;
      updateProduct(world, shop, { productId: parsed.id, tags: change(product.tags) });
      break;
    }
    default:
      throw notSimulated(`Tags of ${parsed?.type ?? id}`);
  }
  return { node: findNode(id, context), userErrors: [] };
}

const same = (tag: string) => tag.trim().toLowerCase();

function addTags(present: readonly string[], added: readonly string[]): string[] {
  const known = new Set(present.map(same));
  const fresh = added.map((tag) => tag.trim()).filter((tag) => tag !== "" && !known.has(same(tag)));
  return [...present, ...new Set(fresh)].sort();
}

function removeTags(present: readonly string[], removed: readonly string[]): string[] {
  const gone = new Set(removed.map(same));
  return present.filter((tag) => !gone.has(same(tag)));
}

interface CustomerInput {
  id?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  phone?: string | null;
  tags?: string[] | null;
  locale?: string | null;
}

const MODELLED = new Set(["id", "firstName", "lastName", "email", "phone", "tags", "locale"]);

function factsOf(input: CustomerInput): CustomerFacts {
  const unknown = Object.keys(input).find((key) => !MODELLED.has(key));
  if (unknown !== undefined) throw notSimulated(`CustomerInput.${unknown}`);
  const { firstName, lastName, email, phone, tags, locale } = input;
  return {
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(tags && { tags }),
    ...(locale && { locale }),
  };
}

export const customerMutations = fields<unknown>({
  tagsAdd: (_source, args, context) =>
    retag(context, "tagsAdd", String(args["id"]), (tags) => addTags(tags, args["tags"] as string[])),
  tagsRemove: (_source, args, context) =>
    retag(context, "tagsRemove", String(args["id"]), (tags) => removeTags(tags, args["tags"] as string[])),
  customerCreate: (_source, args, { world, shop }) => {
    const result = createCustomer(world, shop, factsOf(args["input"] as CustomerInput));
    return {
      customer: result.ok ? customerSource(result.value) : null,
      userErrors: userErrorsOf(result),
    };
  },
  customerUpdate: (_source, args, { world, shop }) => {
    const input = args["input"] as CustomerInput;
    const result = updateCustomer(world, shop, { ...factsOf(input), customerId: idOf(input.id) });
    return {
      customer: result.ok ? customerSource(result.value) : null,
      userErrors: userErrorsOf(result),
    };
  },
  customerDelete: (_source, args, { world, shop }) => {
    const { id } = args["input"] as { id: string };
    const result = deleteCustomer(world, shop, { customerId: idOf(id) });
    return {
      deletedCustomerId: result.ok ? gid("Customer", result.value) : null,
      shop: shopSource(shop),
      userErrors: userErrorsOf(result, ["id"]),
    };
  },
  customerMerge: (_source, args, { world, shop }) => {
    if (args["overrideFields"]) throw notSimulated("customerMerge(overrideFields:)");
    const result = mergeCustomers(world, shop, {
      customerOneId: idOf(args["customerOneId"]),
      customerTwoId: idOf(args["customerTwoId"]),
    });
    return {
      job: result.ok
        ? { __typename: "Job", id: `gid://shopify/Job/${result.value.jobId}`, done: true }
        : null,
      resultingCustomerId: result.ok ? gid("Customer", result.value.kept.id) : null,
      userErrors: result.ok ? [] : [mergeError(result)],
    };
  },
});

/** Merging has codes of its own, and names which account is in the way. */
function mergeError({ field, message, reason }: Failure) {
  if (field?.[0] === "giftCards") return userError(null, message, "CUSTOMER_HAS_GIFT_CARDS");
  if (field?.[0] === "storeCredit") return userError(null, message, "INVALID_CUSTOMER");
  return userError(field, message, reason === "not-found" ? "INVALID_CUSTOMER_ID" : "INVALID_CUSTOMER");
}
