/** Shopify's filters that this storefront has; an unknown one is refused when the template is read. */
import type { FilterImplOptions } from "liquidjs";
import type { Context } from "liquidjs";
import type { CodeSpace } from "./code-space.ts";
import { localDate } from "./dates.ts";
import { globalsOf } from "./globals.ts";
import { arithmetic, LiquidFloat } from "./number.ts";
import { formatMoney, type MoneyStyle } from "./money.ts";
import { escapedHtml, text } from "./text.ts";
import { StorefrontError, Thing } from "./thing.ts";
import { translated } from "./translation.ts";

/** Those of liquidjs that Shopify has as well, and mean the same. */
const BUILT_IN = [
  ...[
    "capitalize",
    "compact",
    "concat",
    "default",
    "downcase",
    "escape",
    "escape_once",
    "find",
    "find_index",
  ],
  ...["first", "has", "join", "last", "lstrip", "map", "newline_to_br", "reject", "remove", "remove_first"],
  ...[
    "remove_last",
    "replace",
    "replace_first",
    "replace_last",
    "reverse",
    "rstrip",
    "size",
    "slice",
    "sort",
  ],
  ...["sort_natural", "split", "strip", "strip_html", "strip_newlines", "truncate", "truncatewords", "uniq"],
  ...["upcase", "url_decode", "url_encode", "where", "base64_encode", "base64_decode"],
] as const;

const OWN = [
  ...Object.keys(arithmetic),
  ...["append", "prepend", "asset_url", "camelize", "date", "handle", "handleize", "image_tag", "image_url"],
  ...["item_count_for_variant", "json", "line_items_for", "link_to", "money", "money_with_currency"],
  ...["money_without_currency", "money_without_trailing_zeros", "pluralize", "script_tag", "stylesheet_tag"],
  ...["sum", "t", "time_tag", "translate", "within", "default_errors"],
];

export const FILTERS: ReadonlySet<string> = new Set([...BUILT_IN, ...OWN]);

type Named = [string, unknown];

/** Arguments with a name come as pairs. */
function namedArguments(args: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(args.filter(isNamed));
}

function isNamed(argument: unknown): argument is Named {
  return Array.isArray(argument) && argument.length === 2 && typeof argument[0] === "string";
}

function attributes(named: Record<string, unknown>): string {
  return Object.entries(named)
    .filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([name, value]) => ` ${name}="${escapedHtml(value)}"`)
    .join("");
}

function handleize(value: unknown): string {
  return text(value)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

interface Called {
  context: Context;
}

export function filterTable(space: CodeSpace, locale: string): Record<string, FilterImplOptions> {
  const money = (style: MoneyStyle) =>
    function (this: Called, value: unknown) {
      return formatMoney(value, globalsOf(this.context).view_.market.currency, style);
    };
  const translate = function (this: Called, key: unknown, ...args: unknown[]) {
    return translated(space, text(key), globalsOf(this.context).view_.locale, namedArguments(args));
  };
  const date = function (this: Called, value: unknown, ...args: unknown[]) {
    const [format] = args.filter((each) => !isNamed(each));
    const named = namedArguments(args);
    const { shop } = globalsOf(this.context).view_;
    const style = named["format"] === undefined ? null : text(named["format"]);
    return localDate(value, { locale, timeZone: shop.timeZone, format: text(format), style });
  };
  return {
    ...arithmetic,
    append: (value, other) => text(value) + text(other),
    prepend: (value, other) => text(other) + text(value),
    asset_url: (file) => space.assetUrl(text(file)),
    camelize: (value) =>
      text(value).replace(/(^|[-_\s]+)(\w)/g, (_all, _gap, letter: string) => letter.toUpperCase()),
    handle: handleize,
    handleize,
    json: (value) => safeJson(value),
    sum(this: Called, list: unknown, property?: unknown) {
      const items = Array.isArray(list) ? list : [];
      const read = (item: unknown): unknown =>
        property === undefined ? item : this.context.readProperty(item as never, text(property));
      return items.reduce<unknown>((total, item) => arithmetic.plus(total, read(item)), 0);
    },
    t: translate,
    translate,
    date,
    time_tag(this: Called, value: unknown, ...args: unknown[]) {
      const shown = date.call(this, value, ...args);
      const machine = localDate(value, {
        locale: "en",
        timeZone: "UTC",
        format: "%Y-%m-%dT%H:%M:%SZ",
        style: null,
      });
      return `<time datetime="${escapedHtml(machine)}">${escapedHtml(shown)}</time>`;
    },
    money: money("plain"),
    money_with_currency: money("with-currency"),
    money_without_currency: money("without-currency"),
    money_without_trailing_zeros: money("without-trailing-zeros"),
    pluralize: (count, one, many) => (Number(count) === 1 ? text(one) : text(many)),
    image_url(value: unknown, ...args: unknown[]) {
      const { width, height } = namedArguments(args);
      if (width === undefined && height === undefined)
        throw new StorefrontError("image_url needs a width or a height");
      const source = imageSource(value);
      if (source === null) return null;
      const url = new URL(source, "http://shop");
      if (width !== undefined) url.searchParams.set("width", text(width));
      if (height !== undefined) url.searchParams.set("height", text(height));
      return url.pathname + url.search;
    },
    image_tag(url: unknown, ...args: unknown[]) {
      const { widths, sizes, ...rest } = namedArguments(args);
      const width = Number(new URL(text(url), "http://shop").searchParams.get("width")) || undefined;
      const at = (each: string) => `${text(url).replace(/width=\d+/, `width=${each}`)} ${each}w`;
      const srcset =
        widths === undefined
          ? undefined
          : text(widths)
              .split(",")
              .map((each) => at(each.trim()))
              .join(", ");
      // The pictures are square.
      return `<img${attributes({ src: url, alt: "", srcset, width, height: width, sizes, ...rest })}>`;
    },
    item_count_for_variant(this: Called, _cart: unknown, variantId: unknown) {
      const { cart } = globalsOf(this.context).view_;
      return cart.lines
        .filter((line) => line.variantId === Number(variantId))
        .reduce((sum, { quantity }) => sum + quantity, 0);
    },
    line_items_for(this: Called, cart: unknown, what: unknown) {
      const items = this.context.readProperty(cart as never, "items") as Thing[];
      const id: unknown = what instanceof Thing ? what.liquidMethodMissing("id") : null;
      const property = what instanceof Thing && what.kind_ === "variant" ? "variant_id" : "product_id";
      return items.filter((item) => item.liquidMethodMissing(property) === id);
    },
    link_to: (label, url, ...args) =>
      `<a${attributes({ href: url, ...namedArguments(args) })}>${text(label)}</a>`,
    stylesheet_tag: (url) =>
      `<link href="${escapedHtml(url)}" rel="stylesheet" type="text/css" media="all" />`,
    script_tag: (url) => `<script src="${escapedHtml(url)}" type="text/javascript"></script>`,
    within: (url) => text(url),
    default_errors: (errors) =>
      Array.isArray(errors)
        ? `<ul>${errors.map((each) => `<li>${escapedHtml(each)}</li>`).join("")}</ul>`
        : "",
  };
}

function imageSource(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (!(value instanceof Thing)) throw new StorefrontError("image_url needs an image or what has one");
  if (value.kind_ === "image") return text(value.liquidMethodMissing("src"));
  if (["product", "variant", "collection"].includes(value.kind_))
    return imageSource(value.liquidMethodMissing("featured_image"));
  if (value.kind_ === "line_item") return imageSource(value.liquidMethodMissing("image"));
  throw new StorefrontError(`image_url of a ${value.kind_} is not simulated`);
}

/** JSON that is safe inside of a script. */
function safeJson(value: unknown): string {
  const plain = (each: unknown): unknown => {
    if (each instanceof LiquidFloat) return each.value;
    if (each instanceof Thing) {
      if (each.valueOf() !== each) return each.valueOf();
      throw new StorefrontError(`json of a whole ${each.kind_} is not simulated`);
    }
    if (Array.isArray(each)) return each.map(plain);
    if (typeof each === "object" && each !== null)
      return Object.fromEntries(Object.entries(each).map(([key, one]) => [key, plain(one)]));
    return each ?? null;
  };
  return JSON.stringify(plain(value)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
