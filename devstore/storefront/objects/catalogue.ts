/**
 * What a shop sells as Liquid has it: products with their variants and pictures at the prices of the shopper's market, collections, and
 * the metafields of anything, which in turn may name products.
 */
import type { AppSettings } from "../../auth/app-settings.ts";
import { handleOf } from "../../state/checks.ts";
import type { CollectionState, MetafieldState, ProductState, VariantState } from "../../state/model.ts";
import { presentmentMinor } from "../../state/money.ts";
import { liquidAmount } from "../liquid/money.ts";
import { LiquidFloat, parseLiquidJson } from "../liquid/number.ts";
import { escapedHtml } from "../liquid/text.ts";
import { listOf, Lookup, makePaged, StorefrontError, Thing } from "../liquid/thing.ts";
import { localUrl, once, type View } from "../view.ts";

/** Minor units of the shop's currency as Liquid has them in the shopper's. */
export function shopperAmount({ shop, market }: View, minor: number): number {
  return liquidAmount(presentmentMinor(minor, shop.currency, market.currency, market.rate), market.currency);
}

/** `null` where there is none, or it is not published. */
function productOfId(view: View, id: number): Thing | null {
  const product = view.shop.products.get(id);
  return product?.status === "ACTIVE" ? productThing(view, product) : null;
}

export function productOfHandle(view: View, handle: string): Thing | null {
  const product = publishedProducts(view).find((each) => each.handle === handle);
  return product ? productThing(view, product) : null;
}

export function publishedProducts({ shop }: View): ProductState[] {
  return [...shop.products.values()].filter(({ status }) => status === "ACTIVE");
}

export function productThing(view: View, product: ProductState): Thing {
  return once(view, `product ${product.id}`, () => makeProduct(view, product));
}

function makeProduct(view: View, product: ProductState): Thing {
  const variants = product.variantIds.flatMap((id) => view.shop.variants.get(id) ?? []);
  const things = () => variants.map((variant) => variantThing(view, variant));
  const prices = variants.map(({ priceMinor }) => shopperAmount(view, priceMinor));
  const available = variants.find(({ soldOut }) => soldOut !== true);
  const chosenId = view.subject.product?.product === product ? view.subject.product.variantId : null;
  const chosen = variants.find(({ id }) => id === chosenId);
  const only = (variant: VariantState | undefined) => variant && variantThing(view, variant);
  const image = () => productImage(view, product);
  const hasOneVariant = variants.length === 1 && variants[0]?.title === "Default Title";
  const description = () => `<p>${escapedHtml(`${product.title}, by ${product.vendor}.`)}</p>`;
  return new Thing("product", {
    available: () => available !== undefined,
    collections: () => collectionsOfProduct(view, product),
    compare_at_price: () => null,
    compare_at_price_max: () => 0,
    compare_at_price_min: () => 0,
    compare_at_price_varies: () => false,
    content: description,
    created_at: () => new Date(product.createdAt).toISOString(),
    description,
    featured_image: image,
    featured_media: image,
    first_available_variant: () => only(available),
    "gift_card?": () => product.isGiftCard,
    handle: () => product.handle,
    has_only_default_variant: () => hasOneVariant,
    id: () => product.id,
    images: () => [image()],
    media: () => [image()],
    metafields: () => metafieldsOf(view, `gid://shopify/Product/${product.id}`),
    options: () => [hasOneVariant ? "Title" : "Option"],
    options_with_values: () => [
      optionThing(view, variants, chosen ?? available ?? variants[0], hasOneVariant),
    ],
    price: () => Math.min(...prices),
    price_max: () => Math.max(...prices),
    price_min: () => Math.min(...prices),
    price_varies: () => new Set(prices).size > 1,
    published_at: () => new Date(product.createdAt).toISOString(),
    requires_selling_plan: () => false,
    selected_or_first_available_variant: () => only(chosen ?? available ?? variants[0]),
    selected_selling_plan: () => null,
    selected_variant: () => only(chosen),
    selling_plan_groups: () => [],
    tags: () => product.tags,
    template_suffix: () => null,
    title: () => product.title,
    type: () => product.productType,
    url: () => localUrl(view, `/products/${product.handle}`),
    variants: things,
    variants_count: () => variants.length,
    vendor: () => product.vendor,
  });
}

function optionThing(
  view: View,
  variants: readonly VariantState[],
  selected: VariantState | undefined,
  hasOneVariant: boolean,
): Thing {
  return new Thing("product_option", {
    name: () => (hasOneVariant ? "Title" : "Option"),
    position: () => 1,
    selected_value: () => selected?.title,
    values: () =>
      variants.map(
        (variant) =>
          new Thing(
            "product_option_value",
            {
              available: () => variant.soldOut !== true,
              id: () => variant.id,
              name: () => variant.title,
              product_url: () => null,
              selected: () => variant === selected,
              swatch: () => null,
              variant: () => variantThing(view, variant),
            },
            variant.title,
          ),
      ),
  });
}

export function variantThing(view: View, variant: VariantState): Thing {
  return once(view, `variant ${variant.id}`, () => makeVariant(view, variant));
}

function makeVariant(view: View, variant: VariantState): Thing {
  const product = view.shop.products.get(variant.productId);
  if (!product) throw new Error(`variant ${variant.id} has no product`);
  const image = () => productImage(view, product);
  return new Thing("variant", {
    available: () => variant.soldOut !== true,
    barcode: () => null,
    compare_at_price: () => null,
    featured_image: image,
    featured_media: image,
    id: () => variant.id,
    image,
    incoming: () => false,
    inventory_management: () => null,
    inventory_policy: () => "deny",
    metafields: () => metafieldsOf(view, `gid://shopify/ProductVariant/${variant.id}`),
    option1: () => variant.title,
    option2: () => null,
    option3: () => null,
    options: () => [variant.title],
    price: () => shopperAmount(view, variant.priceMinor),
    product: () => productThing(view, product),
    requires_selling_plan: () => false,
    requires_shipping: () => !product.isGiftCard,
    selected: () => view.subject.product?.variantId === variant.id,
    sku: () => variant.sku,
    taxable: () => true,
    title: () => variant.title,
    url: () => localUrl(view, `/products/${product.handle}?variant=${variant.id}`),
    weight: () => 0,
  });
}

/** A drawing of its own for each product. */
export function productImage(view: View, product: ProductState): Thing {
  return once(
    view,
    `image ${product.id}`,
    () =>
      new Thing("image", {
        alt: () => product.title,
        aspect_ratio: () => 1,
        height: () => 1200,
        id: () => product.id,
        media_type: () => "image",
        position: () => 1,
        product_id: () => product.id,
        src: () => `/cdn/shop/products/${product.id}.svg?v=1`,
        width: () => 1200,
      }),
  );
}

const MOST_WITHOUT_PAGES = 50;

export function collectionOfHandle(view: View, handle: string): Thing | null {
  if (handle === "all") return collectionThing(view, "all");
  const found = [...view.shop.collections.values()].find(({ title }) => handleOf(title) === handle);
  return found ? collectionThing(view, found) : null;
}

export function allCollections(view: View): Thing[] {
  return [...view.shop.collections.values()].map((collection) => collectionThing(view, collection));
}

function collectionsOfProduct(view: View, { id }: ProductState): Thing[] {
  return [...view.shop.collections.values()]
    .filter(({ productIds }) => productIds.includes(id))
    .map((collection) => collectionThing(view, collection));
}

export function collectionThing(view: View, collection: CollectionState | "all"): Thing {
  const key = collection === "all" ? "all" : collection.id;
  return once(view, `collection ${key}`, () => makeCollection(view, collection));
}

function makeCollection(view: View, collection: CollectionState | "all"): Thing {
  const published = () => publishedProducts(view);
  const members = (): ProductState[] =>
    collection === "all" ? published() : published().filter(({ id }) => collection.productIds.includes(id));
  const all = () => listOf(members(), (product) => productThing(view, product));
  const handle = collection === "all" ? "all" : handleOf(collection.title);
  const image = () => {
    const [first] = members();
    return first && productImage(view, first);
  };
  const distinct = (read: (product: ProductState) => string) =>
    [...new Set(members().map(read))].filter(Boolean);
  const thing = new Thing("collection", {
    all_products_count: () => members().length,
    all_types: () => distinct(({ productType }) => productType),
    all_vendors: () => distinct(({ vendor }) => vendor),
    description: () => "",
    featured_image: image,
    handle: () => handle,
    id: () => (collection === "all" ? 0 : collection.id),
    image,
    metafields: () =>
      metafieldsOf(view, `gid://shopify/Collection/${collection === "all" ? 0 : collection.id}`),
    products: () => all().slice(0, MOST_WITHOUT_PAGES),
    products_count: () => members().length,
    template_suffix: () => null,
    title: () => (collection === "all" ? "Products" : collection.title),
    url: () => localUrl(view, `/collections/${handle}`),
  });
  return makePaged(thing, "products", all);
}

/** What of an app matters to metafields. */
type AskingApp = Pick<AppSettings, "metafieldDefinitions" | "numericId">;

/** Whose block is rendered now: objects are made once for a page, their metafields are asked by whoever asks. */
let askingApp: AskingApp | null = null;

/** Metafields' `$app` means this app while `work` runs; in a theme it means nobody. */
export function askedByApp<T>(app: AskingApp, work: () => T): T {
  const before = askingApp;
  askingApp = app;
  try {
    return work();
  } finally {
    askingApp = before;
  }
}

export function metafieldsOf(view: View, ownerId: string): Lookup {
  const ownerType = ownerId.split("/").at(-2) ?? "";
  return new Lookup("metafields", (namespace) => {
    const own = fullNamespace(namespace);
    return new Lookup("metafield namespace", (key) => {
      if (namespace === "$app" && !isShown(ownerType, key)) return null;
      const metafield = view.shop.metafields.get(ownerId)?.get(`${own}.${key}`);
      return metafield && once(view, `metafield ${metafield.id}`, () => metafieldThing(view, metafield));
    });
  });
}

function fullNamespace(namespace: string): string {
  if (!namespace.startsWith("$app")) return namespace;
  if (!askingApp) throw new StorefrontError("only an app's own blocks can ask for $app");
  const own = `app--${askingApp.numericId}`;
  return namespace === "$app" ? own : `${own}--${namespace.slice("$app:".length)}`;
}

/** What the toml keeps from the storefront is nil; where it declares any for the owner, one that is not among them is a mistake. */
function isShown(ownerType: string, key: string): boolean {
  const declared = (askingApp?.metafieldDefinitions ?? []).filter((each) => each.ownerType === ownerType);
  if (declared.length === 0) return true;
  const definition = declared.find((each) => each.key === key);
  if (!definition)
    throw new StorefrontError(`the app's toml declares no metafield ${key} of ${ownerType.toLowerCase()}s`);
  return definition.storefront === "public_read";
}

function metafieldThing(view: View, metafield: MetafieldState): Thing {
  return new Thing("metafield", {
    "list?": () => metafield.type.startsWith("list."),
    type: () => metafield.type,
    value: () => valueOf(view, metafield),
  });
}

function valueOf(view: View, { type, value }: MetafieldState): unknown {
  if (!type.startsWith("list.")) return single(view, type, value);
  const items = JSON.parse(value) as unknown[];
  const values = items
    .map((item) =>
      single(view, type.slice("list.".length), typeof item === "string" ? item : JSON.stringify(item)),
    )
    .filter((item) => item !== null);
  return Object.assign(values, { count: values.length });
}

/** Types whose value is their text. */
const TEXTS = new Set([
  "color",
  "date",
  "date_time",
  "id",
  "multi_line_text_field",
  "single_line_text_field",
  "url",
]);

function single(view: View, type: string, value: string): unknown {
  if (TEXTS.has(type)) return value;
  switch (type) {
    case "boolean":
      return value === "true";
    case "json":
      return parseLiquidJson(value);
    case "number_integer":
      return Number(value);
    case "number_decimal":
      return new LiquidFloat(Number(value));
    case "product_reference":
      // What is not published is not there for shoppers.
      return productOfId(view, Number(/\d+$/.exec(value)?.[0]));
    default:
      throw new StorefrontError(`the value of a metafield of type ${type} is not simulated`);
  }
}
