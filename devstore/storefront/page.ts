/** Renders a page: the template's sections with their blocks, apps' blocks among them, inside of the theme's layout. */
import type { Engine } from "./liquid/code-space.ts";
import { createEngine } from "./liquid/engine.ts";
import { Globals } from "./liquid/globals.ts";
import { allowedAt, settingValues, type Setting } from "./liquid/schema.ts";
import { Lookup, StorefrontError, Thing } from "./liquid/thing.ts";
import type { Extension } from "./extension.ts";
import { languageOf } from "./markets.ts";
import { moneyFormat } from "./liquid/money.ts";
import { cartThing } from "./objects/cart.ts";
import {
  allCollections,
  askedByApp,
  collectionOfHandle,
  collectionThing,
  metafieldsOf,
  productOfHandle,
  productThing,
} from "./objects/catalogue.ts";
import { customerThing } from "./objects/customer.ts";
import { localizationThing } from "./objects/localization.ts";
import {
  linkList,
  linkLists,
  pageThing,
  requestThing,
  routesThing,
  searchThing,
  shopThing,
  templateThing,
} from "./objects/shop.ts";
import {
  sectionsData,
  settingsData,
  themeNamed,
  type BlockData,
  type SectionData,
  type SectionsData,
  type Theme,
} from "./theme.ts";
import { once, type View } from "./view.ts";

/** Stands for the styles and scripts of blocks until all blocks are rendered. */
const ASSETS_MARK = "<!--assets of blocks-->";

export interface Renderer {
  /** The whole page, or what the layout would hold of it. */
  page(): string;
  /** A section by its id on this page, or by its file's name; `null` where there is none. */
  section(id: string): string | null;
}

const engines = new WeakMap<object, Map<string, Engine>>();

function engineOf(space: Engine["space"], locale: string): Engine {
  const ofSpace = engines.get(space) ?? new Map<string, Engine>();
  engines.set(space, ofSpace);
  const engine = ofSpace.get(locale) ?? createEngine(space, locale);
  ofSpace.set(locale, engine);
  return engine;
}

type Place = { template: string; group: string | null };

/** Prepares a view's templates; `extensions` are of the apps that the shop has installed. */
export function createRenderer(view: View, extensions: readonly Extension[]): Renderer {
  const theme = themeNamed(view.themeName);
  const engine = engineOf(theme.space, view.locale);
  const globals = new Globals(view, { ...sharedObjects(view), ...themeObjects(view, theme) });
  const appBlocks = new Map<Thing, () => string>();

  view.renderBlock = (block) => {
    const render = appBlocks.get(block);
    if (!render) throw new StorefrontError("only blocks of apps are rendered by their own code");
    return render();
  };
  view.renderSection = (name) => {
    const data = settingsData(view.shop, theme).current.sections?.[name] ?? { type: name };
    return renderSection(name, data, { template: view.template.name, group: null }, 0);
  };
  view.renderGroup = (name) => {
    const data = sectionsData(view.shop, theme, `sections/${name}.json`);
    return renderAll(`sections--${theme.id}`, data, groupOf(data));
  };

  const templateFile = () => {
    const { name, suffix } = view.template;
    return sectionsData(view.shop, theme, `templates/${name}${suffix === null ? "" : `.${suffix}`}.json`);
  };

  function renderAll(prefix: string, data: SectionsData, group: string | null): string {
    return data.order
      .map((key, index) => {
        const section = data.sections[key];
        if (!section) throw new StorefrontError(`the order names a section ${key} that is not there`);
        return section.disabled === true
          ? ""
          : renderSection(`${prefix}__${key}`, section, { template: view.template.name, group }, index);
      })
      .join("\n");
  }

  function renderSection(id: string, data: SectionData, place: Place, index: number): string {
    const isWrapper = data.type === "apps" && !theme.sections.has("apps");
    const file = isWrapper ? null : theme.sections.get(data.type);
    if (file === undefined) throw new StorefrontError(`themes/${theme.name} has no section ${data.type}`);
    const name = `sections/${data.type}.liquid`;
    const schema = file?.schema ?? { name: "Apps", settings: [], blocks: [{ type: "@app", settings: [] }] };
    if (!allowedAt(schema, place))
      throw new StorefrontError(`${name} is not for ${place.group ?? place.template}`);
    const settings = settingsThing(view, name, schema.settings, data.settings ?? {});
    const blocks: Thing[] = [];
    const section = new Thing("section", {
      blocks: () => blocks,
      id: () => id,
      index: () => index + 1,
      index0: () => index,
      location: () => place.group ?? "template",
      settings: () => settings,
    });
    for (const [blockId, block] of orderedBlocks(data)) {
      const isApp = block.type.startsWith("shopify://apps/");
      // What an app left behind when it was taken off is not shown.
      if (isApp && !view.shop.installation) continue;
      const own = schema.blocks.find(({ type }) => type === (isApp ? "@app" : block.type));
      if (!own) throw new StorefrontError(`${name} takes no block ${block.type}`);
      const thing = isApp
        ? appBlockThing(blockId, block)
        : blockThing(view, blockId, block, own.settings, `${name}, block ${block.type}`);
      if (isApp) appBlocks.set(thing, () => renderAppBlock(blockId, block, thing, place, section));
      blocks.push(thing);
    }
    const inner = file
      ? engine.render(engine.template(name, file.source), globals.with_({ section: () => section }))
      : blocks.map((block) => view.renderBlock(block)).join("");
    const tag = schema.tag ?? "div";
    const classes = ["shopify-section", schema.class].filter(Boolean).join(" ");
    return `<${tag} id="shopify-section-${id}" class="${classes}">${inner}</${tag}>`;
  }

  function found(reference: string): { extension: Extension; handle: string } {
    const [, app, handle, uuid] =
      /^shopify:\/\/apps\/([\w-]+)\/blocks\/([\w-]+)\/([\w-]+)$/.exec(reference) ?? [];
    const extension = extensions.find((each) => each.app.handle === app && each.uuid === uuid);
    if (!extension || handle === undefined)
      throw new StorefrontError(`there is no ${reference}: has an app this extension?`);
    return { extension, handle };
  }

  function appBlockThing(id: string, block: BlockData): Thing {
    const { extension, handle } = found(block.type);
    const where = `${extension.space.name}/blocks/${handle}.liquid`;
    const schema = extension.blocks.get(handle)?.schema;
    if (!schema) throw new StorefrontError(`there is no ${where}`);
    return blockThing(view, id, { ...block, type: "@app" }, schema.settings, where);
  }

  function renderAppBlock(
    id: string,
    data: BlockData,
    block: Thing,
    place: Place,
    section: Thing | null,
  ): string {
    const { extension, handle } = found(data.type);
    const { source, schema } = extension.blocks.get(handle) ?? {};
    if (source === undefined || !schema) throw new StorefrontError(`there is no block ${handle}`);
    const target = schema.target ?? "section";
    if ((target === "section") !== (section !== null))
      throw new StorefrontError(`the block ${handle} has the target ${target}, and stands elsewhere`);
    if (!allowedAt(schema, place))
      throw new StorefrontError(`the block ${handle} is not for ${place.group ?? place.template}`);
    const app = new Thing("app", {
      metafields: () => metafieldsOf(view, `gid://shopify/AppInstallation/${view.shop.id}`),
    });
    return askedByApp(extension.app, () => {
      if (schema.available_if !== undefined && !isAvailable(schema.available_if, app)) return "";
      if (schema.stylesheet !== undefined)
        view.assets.styles.add(extension.space.assetUrl(schema.stylesheet));
      if (schema.javascript !== undefined)
        view.assets.scripts.add(extension.space.assetUrl(schema.javascript));
      const code = engineOf(extension.space, view.locale);
      const own = new Globals(view, {
        ...sharedObjects(view),
        app: () => app,
        block: () => block,
        // Of the section around them, blocks of apps see which it is.
        section: () => section && new Thing("section", { id: () => section.liquidMethodMissing("id") }),
      });
      const inner = code.render(code.template(`blocks/${handle}.liquid`, source), own);
      if (target === "head" || target === "compliance_head") return inner;
      const tag = schema.tag ?? "div";
      const classes = ["shopify-block", "shopify-app-block", schema.class].filter(Boolean).join(" ");
      return `<${tag} id="shopify-block-${id}" class="${classes}">${inner}</${tag}>`;
    });
  }

  /** The app embeds that are on. */
  function embeds(where: "body" | "head"): string {
    const blocks = Object.entries(settingsData(view.shop, theme).current.blocks ?? {});
    if (!view.shop.installation) return "";
    return blocks
      .filter(([, { disabled }]) => disabled !== true)
      .map(([id, data]) => {
        const { extension, handle } = found(data.type);
        const target = extension.blocks.get(handle)?.schema.target;
        if ((target === "body" ? "body" : "head") !== where) return "";
        const place = { template: view.template.name, group: null };
        return renderAppBlock(id, data, appBlockThing(id, data), place, null);
      })
      .join("\n");
  }

  return {
    page() {
      const content = renderAll(`template--${theme.id}`, templateFile(), null);
      const layout = theme.files.get("layout/theme.liquid");
      if (layout === undefined) throw new StorefrontError(`themes/${theme.name} has no layout`);
      const head = `${platformHead(view, theme)}${embeds("head")}${ASSETS_MARK}`;
      const html = engine.render(
        engine.template("layout/theme.liquid", layout),
        globals.with_({ content_for_header: () => head, content_for_layout: () => content }),
      );
      for (const [needed, output] of [
        ["content_for_header", ASSETS_MARK],
        ["</body>", "</body>"],
      ] as const)
        if (!html.includes(output))
          throw new StorefrontError(`the layout of themes/${theme.name} has no ${needed}`);
      const body = embeds("body");
      return html.replace("</body>", () => `${body}</body>`).replace(ASSETS_MARK, () => assetTags(view));
    },
    section(id) {
      const [, prefix, key = ""] = /^(template--\d+|sections--\d+)__(.+)$/.exec(id) ?? [];
      if (prefix === undefined) return theme.sections.has(id) ? view.renderSection(id) : null;
      const files = prefix.startsWith("template")
        ? [templateFile()]
        : [...theme.files.keys()]
            .filter((file) => /^sections\/[\w-]+\.json$/.test(file))
            .map((file) => sectionsData(view.shop, theme, file));
      for (const data of files) {
        const section = data.sections[key];
        const place = {
          template: view.template.name,
          group: prefix.startsWith("template") ? null : groupOf(data),
        };
        if (section) return renderSection(id, section, place, data.order.indexOf(key));
      }
      return null;
    },
  };
}

const groupOf = ({ type = "custom.group" }: SectionsData) => type;

function orderedBlocks(data: SectionData): [string, BlockData][] {
  const blocks = data.blocks ?? {};
  return (data.block_order ?? Object.keys(blocks)).flatMap((id) => {
    const block = blocks[id];
    if (!block) throw new StorefrontError(`the order names a block ${id} that is not there`);
    return block.disabled === true ? [] : [[id, block] as [string, BlockData]];
  });
}

function blockThing(
  view: View,
  id: string,
  { type, settings = {} }: BlockData,
  known: readonly Setting[],
  where: string,
): Thing {
  const values = settingsThing(view, where, known, settings);
  return new Thing("block", {
    id: () => id,
    settings: () => values,
    shopify_attributes: () => "",
    type: () => type,
  });
}

function settingsThing(
  view: View,
  where: string,
  known: readonly Setting[],
  stored: Readonly<Record<string, unknown>>,
): Thing {
  const values = settingValues(known, stored, where);
  const types = new Map(known.map(({ id, type }) => [id, type]));
  return new Thing(
    `the settings of ${where}`,
    Object.fromEntries(
      Object.entries(values).map(([id, value]) => [
        id,
        () => settingValue(view, types.get(id) ?? "text", value),
      ]),
    ),
  );
}

function settingValue(view: View, type: string, value: unknown): unknown {
  if (value === null) return type === "product_list" || type === "collection_list" ? [] : null;
  const text = typeof value === "string" ? value : "";
  switch (type) {
    case "product":
      return text === "{{ product }}" ? subjectProduct(view) : productOfHandle(view, text);
    case "collection":
      return text === "{{ collection }}" ? subjectCollection(view) : collectionOfHandle(view, text);
    case "product_list":
      return (value as string[]).flatMap((handle) => productOfHandle(view, handle) ?? []);
    case "collection_list":
      return (value as string[]).flatMap((handle) => collectionOfHandle(view, handle) ?? []);
    case "link_list":
      return linkList(view, text);
    case "article":
    case "article_list":
    case "blog":
    case "font_picker":
    case "image_picker":
    case "page":
    case "video":
    case "video_url":
      throw new StorefrontError(`values of settings of type ${type} are not simulated`);
    default:
      return value;
  }
}

function isAvailable(condition: string, app: Thing): boolean {
  const [, namespace, key] = /^\{\{\s*app\.metafields\.([\w-]+)\.([\w-]+)\s*\}\}$/.exec(condition) ?? [];
  if (namespace === undefined || key === undefined)
    throw new StorefrontError(`available_if names a metafield of the app: ${condition}`);
  const metafields = app.liquidMethodMissing("metafields") as Lookup;
  const metafield = (metafields.liquidMethodMissing(namespace) as Lookup).liquidMethodMissing(key);
  return metafield instanceof Thing && metafield.liquidMethodMissing("value") === true;
}

const subjectProduct = (view: View) => {
  const product = view.subject.product?.product;
  return product ? productThing(view, product) : null;
};
const subjectCollection = (view: View) => {
  const { collection } = view.subject;
  return collection === undefined ? null : collectionThing(view, collection);
};

/** What themes and apps both see. */
export function sharedObjects(view: View): Record<string, () => unknown> {
  const shared =
    <T>(name: string, make: () => T) =>
    () =>
      once(view, `object ${name}`, make);
  return {
    all_products: shared("all_products", () => allProducts(view)),
    canonical_url: () => view.origin + (view.rootUrl === "/" ? "" : view.rootUrl) + view.path,
    cart: shared("cart", () => cartThing(view)),
    collection: () => subjectCollection(view),
    collections: shared("collections", () => collectionsLookup(view)),
    customer: () => customerThing(view),
    handle: () => view.path.split("/").at(-1),
    linklists: shared("linklists", () => linkLists(view)),
    localization: shared("localization", () => localizationThing(view)),
    page: shared("page", () => pageThing(view)),
    product: () => subjectProduct(view),
    request: shared("request", () => requestThing(view)),
    routes: shared("routes", () => routesThing(view)),
    search: shared("search", () => searchThing(view)),
    shop: shared("shop", () => shopThing(view)),
    template: shared("template", () => templateThing(view)),
  };
}

/** Shopify gives a page no more products by their handles. */
const MOST_BY_HANDLE = 20;

function allProducts(view: View): Lookup {
  const asked = new Set<string>();
  return new Lookup("all_products", (handle) => {
    asked.add(handle);
    if (asked.size > MOST_BY_HANDLE)
      throw new StorefrontError(`all_products gives a page no more than ${MOST_BY_HANDLE} products`);
    return productOfHandle(view, handle);
  });
}

/** By handle, and as a list. */
function collectionsLookup(view: View): Lookup {
  const all = allCollections(view);
  const lookup = new Lookup("collections", (handle) =>
    handle === "size" ? all.length : collectionOfHandle(view, handle),
  );
  return Object.assign(lookup, { [Symbol.iterator]: () => all[Symbol.iterator]() });
}

function themeObjects(view: View, theme: Theme): Record<string, () => unknown> {
  const { current } = settingsData(view.shop, theme);
  const isSetting = ([name]: [string, unknown]) => name !== "sections" && name !== "blocks";
  const stored = Object.fromEntries(Object.entries(current).filter(isSetting));
  const settings = settingsThing(view, `themes/${theme.name}`, theme.settings, stored);
  return {
    page_description: () => "",
    page_title: () => pageTitle(view),
    powered_by_link: () => "",
    settings: () => settings,
    theme: () => new Thing("theme", { id: () => theme.id, name: () => theme.name, role: () => "main" }),
  };
}

function pageTitle({ subject, shop, path }: View): string {
  const { product, collection, search, page } = subject;
  if (product) return product.product.title;
  if (collection !== undefined) return collection === "all" ? "Products" : collection.title;
  if (search) return search.terms === "" ? "Search" : `Search: ${search.terms}`;
  if (page) return page.title;
  return path === "/"
    ? shop.name
    : (path.split("/")[1] ?? shop.name).replace(/^./, (letter) => letter.toUpperCase());
}

/** Shopify's own part of the head. */
function platformHead({ shop, market, locale, rootUrl }: View, theme: Theme): string {
  const facts = {
    shop: shop.domain,
    locale,
    currency: { active: market.currency, rate: String(market.rate) },
    country: market.country,
    money_format: moneyFormat(market.currency),
    routes: { root: rootUrl.endsWith("/") ? rootUrl : `${rootUrl}/` },
    theme: { id: theme.id, name: theme.name, role: "main" },
    language: languageOf(locale),
  };
  return `<script>window.Shopify = ${JSON.stringify(facts).replace(/</g, "\\u003c")};</script>`;
}

function assetTags({ assets: { styles, scripts } }: View): string {
  return [
    ...[...styles].map((url) => `<link href="${url}" rel="stylesheet" type="text/css" media="all">`),
    ...[...scripts].map((url) => `<script src="${url}" type="text/javascript" defer="defer"></script>`),
  ].join("");
}
