/** The shop itself, its addresses and menus, and what the shopper asked for. */
import type { View } from "../view.ts";
import { localUrl } from "../view.ts";
import { languageOf, languagesOf } from "../markets.ts";
import { moneyFormat, moneyWithCurrencyFormat } from "../liquid/money.ts";
import { listOf, Lookup, makePaged, Thing } from "../liquid/thing.ts";
import { allCollections, metafieldsOf, productThing, publishedProducts } from "./catalogue.ts";
import { currencyThing, localeThing } from "./localization.ts";

export function shopThing(view: View): Thing {
  const { shop } = view;
  const locales = () => languagesOf(shop).map((code) => localeThing(view, code));
  const distinct = (values: string[]) => [...new Set(values)].filter(Boolean).sort();
  return new Thing("shop", {
    collections_count: () => shop.collections.size,
    currency: () => shop.currency,
    customer_accounts_enabled: () => true,
    customer_accounts_optional: () => true,
    description: () => "",
    domain: () => shop.domain,
    email: () => shop.email,
    enabled_currencies: () =>
      [...new Set(view.markets.map(({ currency }) => currency))].map((code) => currencyThing(view, code)),
    enabled_payment_types: () => [],
    id: () => shop.id,
    metafields: () => metafieldsOf(view, `gid://shopify/Shop/${shop.id}`),
    money_format: () => moneyFormat(shop.currency),
    money_with_currency_format: () => moneyWithCurrencyFormat(shop.currency),
    name: () => shop.name,
    permanent_domain: () => shop.domain,
    products_count: () => publishedProducts(view).length,
    published_locales: locales,
    secure_url: () => view.origin,
    taxes_included: () => shop.taxesIncluded,
    types: () => distinct(publishedProducts(view).map(({ productType }) => productType)),
    url: () => view.origin,
    vendors: () => distinct(publishedProducts(view).map(({ vendor }) => vendor)),
  });
}

export function requestThing(view: View): Thing {
  const { host } = new URL(view.origin);
  return new Thing("request", {
    design_mode: () => false,
    host: () => host,
    locale: () => localeThing(view, view.locale),
    origin: () => view.origin,
    page_type: () => view.template.name,
    path: () => localUrl(view, view.path),
    visual_preview_mode: () => false,
  });
}

export function routesThing(view: View): Thing {
  const at = (path: string) => () => localUrl(view, path);
  return new Thing("routes", {
    account_login_url: at("/account/login"),
    account_logout_url: at("/account/logout"),
    account_register_url: at("/account/register"),
    account_url: at("/account"),
    all_products_collection_url: at("/collections/all"),
    cart_add_url: at("/cart/add"),
    cart_change_url: at("/cart/change"),
    cart_clear_url: at("/cart/clear"),
    cart_update_url: at("/cart/update"),
    cart_url: at("/cart"),
    collections_url: at("/collections"),
    root_url: () => view.rootUrl,
    search_url: at("/search"),
    storefront_login_url: at("/account/login"),
  });
}

export function templateThing({ template: { name, suffix } }: View): Thing {
  return new Thing(
    "template",
    {
      directory: () => (name.includes("/") ? name.split("/")[0] : null),
      name: () => name.split("/").at(-1),
      suffix: () => suffix,
    },
    suffix === null ? name : `${name}.${suffix}`,
  );
}

/** Menus: the main one of the collections, the footer's of pages. */
export function linkLists(view: View): Lookup {
  return new Lookup("linklists", (handle) => linkList(view, handle));
}

export function linkList(view: View, handle: string): Thing | null {
  const links = menuOf(view, handle);
  if (!links) return null;
  const path = localUrl(view, view.path);
  return new Thing("linklist", {
    handle: () => handle,
    levels: () => 1,
    links: () =>
      links.map(
        ({ title, url }) =>
          new Thing("link", {
            active: () => url === path,
            child_active: () => false,
            current: () => url === path,
            handle: () => title.toLowerCase(),
            levels: () => 0,
            links: () => [],
            title: () => title,
            url: () => url,
          }),
      ),
    title: () => handle,
  });
}

function menuOf(view: View, handle: string): { title: string; url: string }[] | null {
  if (handle === "footer") return [{ title: "About", url: localUrl(view, "/pages/about") }];
  if (handle !== "main-menu") return null;
  const collections = allCollections(view)
    .slice(0, 4)
    .map((each) => ({ title: textOf(each, "title"), url: textOf(each, "url") }));
  return [{ title: "Products", url: localUrl(view, "/collections/all") }, ...collections];
}

const textOf = (thing: Thing, property: string) => String(thing.liquidMethodMissing(property));

const MOST_WITHOUT_PAGES = 50;

export function searchThing(view: View): Thing {
  const terms = view.subject.search?.terms ?? "";
  const words = terms.toLocaleLowerCase(languageOf(view.locale)).split(/\s+/).filter(Boolean);
  const found = publishedProducts(view).filter(({ title, productType, tags }) => {
    const text = [title, productType, ...tags].join(" ").toLowerCase();
    return words.length > 0 && words.every((word) => text.includes(word));
  });
  const results = () => listOf(found, (product) => productThing(view, product));
  const thing = new Thing("search", {
    performed: () => words.length > 0,
    results: () => results().slice(0, MOST_WITHOUT_PAGES),
    results_count: () => found.length,
    terms: () => terms,
    types: () => ["product"],
  });
  return makePaged(thing, "results", results);
}

export function pageThing(view: View): Thing | null {
  const { page } = view.subject;
  if (!page) return null;
  return new Thing("page", {
    content: () => page.content,
    handle: () => page.handle,
    id: () => 1,
    metafields: () => metafieldsOf(view, "gid://shopify/Page/1"),
    template_suffix: () => null,
    title: () => page.title,
    url: () => localUrl(view, `/pages/${page.handle}`),
  });
}
