/** Metafields, and the two fields by which their owners give them. */
import type { MetafieldState, ShopState } from "../../state/model.ts";
import { listConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { notSimulated } from "../errors.ts";
import { gid, parseGid } from "../ids.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields, type Resolve } from "./fields.ts";
import {
  customerSource,
  metafieldSource,
  orderSource,
  productSource,
  variantSource,
  type MetafieldSource,
  type Typed,
} from "./sources.ts";

/** `$app` and `$app:name` stand for a namespace of the asking app's own. */
export function namespaceOf(namespace: string | null | undefined, context: Context): string {
  const own = `app--${context.app.numericId}`;
  if (namespace === null || namespace === undefined || namespace === "$app") return own;
  return namespace.startsWith("$app:") ? `${own}--${namespace.slice(5)}` : namespace;
}

/** The fields `metafield` and `metafields` of an owner. */
export function metafieldFields<S>(ownerOf: (source: S) => string): Record<string, Resolve> {
  return {
    metafield: (source, args, context) => {
      const owner = ownerOf(source as S);
      const key = `${namespaceOf(args["namespace"] as string | undefined, context)}.${String(args["key"])}`;
      const metafield = context.shop.metafields.get(owner)?.get(key);
      return metafield ? metafieldSource(owner, metafield) : null;
    },
    metafields: (source, args, context) => {
      const owner = ownerOf(source as S);
      const namespace = args["namespace"] as string | null | undefined;
      const keys = args["keys"] as string[] | null | undefined;
      const wanted = namespace ? namespaceOf(namespace, context) : null;
      const found = [...(context.shop.metafields.get(owner)?.values() ?? [])].filter(
        (one) =>
          (wanted === null || one.namespace === wanted) &&
          (!keys || keys.includes(`${one.namespace}.${one.key}`) || keys.includes(one.key)),
      );
      return listConnection(
        found.map((one) => metafieldSource(owner, one)),
        args,
      );
    },
  };
}

const OWNER_TYPES: Readonly<Record<string, string>> = {
  Order: "ORDER",
  Customer: "CUSTOMER",
  Product: "PRODUCT",
  ProductVariant: "PRODUCTVARIANT",
  Shop: "SHOP",
  AppInstallation: "API_PERMISSION",
};

function ownerTypeOf(ownerId: string): string | null {
  return OWNER_TYPES[parseGid(ownerId)?.type ?? ""] ?? null;
}

function ownerOf(ownerId: string, { shop }: Context): Typed | null {
  const { type, id } = parseGid(ownerId) ?? { type: "", id: 0 };
  const made = <T>(found: T | undefined, source: (found: T) => Typed) => (found ? source(found) : null);
  switch (type) {
    case "Customer":
      return made(shop.customers.get(id), customerSource);
    case "Order":
      return made(shop.orders.get(id), orderSource);
    case "Product":
      return made(shop.products.get(id), productSource);
    case "ProductVariant":
      return made(shop.variants.get(id), variantSource);
    case "Shop":
    case "AppInstallation": {
      const source: Typed & { shop: ShopState } = { __typename: type, shop };
      return source;
    }
    default:
      throw notSimulated(`Owner of type ${type}`);
  }
}

export function jsonValue({ type, value }: MetafieldState): unknown {
  if (type === "json" || type.startsWith("list.") || type === "boolean") return JSON.parse(value);
  if (type === "number_integer") return Number(value);
  if (["dimension", "money", "rating", "volume", "weight", "link", "rich_text_field"].includes(type)) {
    return JSON.parse(value);
  }
  return value;
}

export const metafieldTypes: Readonly<Record<string, Fields>> = {
  Metafield: fields<MetafieldSource>({
    id: ({ metafield }) => gid("Metafield", metafield.id),
    legacyResourceId: ({ metafield }) => String(metafield.id),
    namespace: ({ metafield }) => metafield.namespace,
    key: ({ metafield }) => metafield.key,
    type: ({ metafield }) => metafield.type,
    value: ({ metafield }) => metafield.value,
    jsonValue: ({ metafield }) => jsonValue(metafield),
    compareDigest: ({ metafield }) => metafield.compareDigest,
    createdAt: ({ metafield }) => dateTime(metafield.updatedAt),
    updatedAt: ({ metafield }) => dateTime(metafield.updatedAt),
    owner: ({ ownerId }, _args, context) => ownerOf(ownerId, context),
    ownerType: ({ ownerId }) => ownerTypeOf(ownerId),
    sizeInBytes: ({ metafield }) => Buffer.byteLength(metafield.value),
  }),
  MetafieldIdentifier: fields<{ ownerId: string; namespace: string; key: string }>({
    ownerId: ({ ownerId }) => ownerId,
    namespace: ({ namespace }) => namespace,
    key: ({ key }) => key,
  }),
};
