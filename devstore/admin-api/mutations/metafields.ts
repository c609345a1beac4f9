/** Writing metafields, by Shopify's limits. */
import { deleteMetafields, setMetafields, type MetafieldInput } from "../../state/shop-actions.ts";
import { accessDenied, userError, type UserError } from "../errors.ts";
import { parseGid } from "../ids.ts";
import { fields } from "../model/fields.ts";
import { namespaceOf } from "../model/metafield.ts";
import { metafieldSource } from "../model/sources.ts";
import type { Context } from "../context.ts";
import { checkMetafieldValue } from "./metafield-values.ts";

const MAX_METAFIELDS = 25;

interface SetInput {
  ownerId: string;
  namespace?: string | null;
  key: string;
  type?: string | null;
  value: string;
  compareDigest?: string | null;
}

/** What the app's toml says of a metafield in its own namespace. */
function definitionOf({ ownerId, key }: SetInput, namespace: string, context: Context) {
  if (namespace !== namespaceOf("$app", context)) return undefined;
  const ownerType = parseGid(ownerId)?.type;
  return context.app.metafieldDefinitions.find((one) => one.ownerType === ownerType && one.key === key);
}

/** A type that is not given is the one that is declared, or that the metafield has. */
function typeOf(input: SetInput, namespace: string, context: Context): string | null {
  const { shop } = context;
  const declared = definitionOf(input, namespace, context)?.type;
  return (
    input.type ??
    declared ??
    shop.metafields.get(input.ownerId)?.get(`${namespace}.${input.key}`)?.type ??
    null
  );
}

function faultOf(input: SetInput, index: number, context: Context): UserError | null {
  const field = (name: string) => ["metafields", String(index), name];
  const namespace = namespaceOf(input.namespace, context);
  if (!/^[\w-]{2,64}$/.test(input.key)) return userError(field("key"), "Key is invalid", "INVALID");
  if (!/^[\w-]{3,255}$/.test(namespace))
    return userError(field("namespace"), "Namespace is invalid", "INVALID");
  const type = typeOf(input, namespace, context);
  if (type === null) return userError(field("type"), "Type can't be blank", "BLANK");
  const declared = definitionOf(input, namespace, context)?.type;
  if (declared !== undefined && declared !== type)
    return userError(
      field("type"),
      `Type '${type}' must be consistent with the definition's type: '${declared}'.`,
      "INVALID_TYPE",
    );
  const fault = checkMetafieldValue(type, input.value);
  return fault && userError(field(fault.about), fault.message, fault.code);
}

/** Whoever may write an owner may write its metafields; the schema names no scope for it. Its own installation is the app's. */
const SCOPES: Readonly<Record<string, string>> = {
  Customer: "write_customers",
  Order: "write_orders",
  Product: "write_products",
  ProductVariant: "write_products",
};

function demandScopes(field: string, owners: readonly { ownerId: string }[], { scopes }: Context): void {
  for (const { ownerId } of owners) {
    const scope = SCOPES[parseGid(ownerId)?.type ?? ""];
    if (scope !== undefined && !scopes.has(scope)) throw accessDenied(field, `\`${scope}\` access scope.`);
  }
}

const CODES = {
  "not-found": "INVALID",
  invalid: "INVALID",
  stale: "STALE_OBJECT",
  taken: "TAKEN",
  exceeds: "INVALID",
  "wrong-state": "INVALID",
} as const;

const indexed = (error: UserError): UserError => ({
  ...error,
  elementIndex: Number(error.field?.[1] ?? 0),
  field: error.field,
});

function set(inputs: readonly SetInput[], context: Context) {
  demandScopes("metafieldsSet", inputs, context);
  const refused = (errors: UserError[]) => ({ metafields: null, userErrors: errors.map(indexed) });
  if (inputs.length > MAX_METAFIELDS) {
    return refused([
      userError(
        ["metafields"],
        `Exceeded the maximum metafields input limit of ${MAX_METAFIELDS}.`,
        "LESS_THAN_OR_EQUAL_TO",
      ),
    ]);
  }
  const faults = inputs.flatMap((input, index) => faultOf(input, index, context) ?? []);
  if (faults.length > 0) return refused(faults);
  const whole = inputs.map((input): MetafieldInput => {
    const namespace = namespaceOf(input.namespace, context);
    const { ownerId, key, value, compareDigest } = input;
    const type = typeOf(input, namespace, context) ?? "";
    return { ownerId, namespace, key, type, value, ...(compareDigest !== undefined && { compareDigest }) };
  });
  const result = setMetafields(context.world, context.shop, whole);
  if (!result.ok) return refused([userError(result.field, result.message, CODES[result.reason])]);
  return {
    metafields: result.value.map((metafield, index) =>
      metafieldSource(whole[index]?.ownerId ?? "", metafield),
    ),
    userErrors: [],
  };
}

interface Identifier {
  ownerId: string;
  namespace: string;
  key: string;
}

export const metafieldMutations = fields<unknown>({
  metafieldsSet: (_source, args, context) => set(args["metafields"] as SetInput[], context),
  metafieldsDelete: (_source, args, context) => {
    const asked = (args["metafields"] as Identifier[]).map((one) => ({
      ...one,
      namespace: namespaceOf(one.namespace, context),
    }));
    demandScopes("metafieldsDelete", asked, context);
    const deleted = deleteMetafields(context.world, context.shop, asked);
    return { deletedMetafields: asked.map((one, index) => (deleted[index] ? one : null)), userErrors: [] };
  },
});
