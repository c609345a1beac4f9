/** The objects at the top of a template, and the page that they are about. */
import { Drop, type Context } from "liquidjs";
import type { View } from "../view.ts";

/** Objects that a template may name anywhere: nil where the page has none. */
export const GLOBAL_OBJECTS: ReadonlySet<string> = new Set([
  ...["all_products", "canonical_url", "cart", "collection", "collections", "content_for_header"],
  ...["content_for_layout", "customer", "form", "handle", "linklists", "localization", "page"],
  ...[
    "page_description",
    "page_title",
    "paginate",
    "powered_by_link",
    "product",
    "request",
    "routes",
    "search",
  ],
  ...["section", "settings", "shop", "template", "theme", "block", "app", "forloop"],
]);

/** What blocks of apps do not see, and what only they see. */
export const NOT_FOR_APPS: ReadonlySet<string> = new Set([
  "content_for_header",
  "content_for_layout",
  "settings",
  "theme",
]);
export const ONLY_FOR_APPS: ReadonlySet<string> = new Set(["app"]);

/** The names at the top of a template, with the page that they are about. */
export class Globals extends Drop {
  readonly view_: View;
  readonly #properties: Readonly<Record<string, () => unknown>>;
  readonly #known = new Map<string, unknown>();

  constructor(view: View, properties: Readonly<Record<string, () => unknown>>) {
    super();
    this.view_ = view;
    this.#properties = properties;
  }

  override liquidMethodMissing(key: string | number): unknown {
    const name = String(key);
    if (!this.#known.has(name)) this.#known.set(name, this.#properties[name]?.() ?? null);
    return this.#known.get(name);
  }

  /** The same page with other objects of its own, such as a section's. */
  with_(properties: Readonly<Record<string, () => unknown>>): Globals {
    return new Globals(this.view_, { ...this.#properties, ...properties });
  }
}

export function globalsOf(context: Context): Globals {
  if (!(context.globals instanceof Globals)) throw new Error("the template was rendered without a page");
  return context.globals;
}
