/** One page that a shopper asked for: whose it is, what it is about, and what its templates may have rendered. */
import type {
  CollectionState,
  CustomerState,
  MarketState,
  ProductState,
  ShopState,
  World,
} from "../state/model.ts";
import type { CartState } from "./carts.ts";
import type { Thing } from "./liquid/thing.ts";
import { marketsOf } from "./markets.ts";

/** What the page is about, as its template has it. */
export interface Subject {
  product?: { product: ProductState; variantId: number | null };
  collection?: CollectionState | "all";
  search?: { terms: string };
  page?: { handle: string; title: string; content: string };
}

export interface View {
  world: World;
  shop: ShopState;
  markets: readonly MarketState[];
  market: MarketState;
  locale: string;
  /** "/" or "/pl". */
  rootUrl: string;
  /** Without the language. */
  path: string;
  query: URLSearchParams;
  origin: string;
  customer: CustomerState | null;
  cart: CartState;
  themeName: string;
  template: { name: string; suffix: string | null };
  subject: Subject;
  /** Objects made once for a page, so that equal ones are the same. */
  things: Map<string, unknown>;
  renderBlock(block: Thing): string;
  renderSection(name: string): string;
  renderGroup(name: string): string;
  /** The styles that blocks of a section bring along are collected while it is rendered. */
  assets: { scripts: Set<string>; styles: Set<string> };
}

type Given = Pick<
  View,
  "cart" | "customer" | "locale" | "origin" | "path" | "query" | "rootUrl" | "shop" | "world"
>;

/** A page before it is known what it is about, and before anything renders it. */
export function newView(given: Given, country: string | null): View {
  const markets = marketsOf(given.shop);
  const unprepared = () => {
    throw new Error("the page has no renderer");
  };
  return {
    ...given,
    markets,
    market: markets.find((each) => each.country === country) ?? markets[0],
    themeName: given.shop.onlineStore.theme,
    template: { name: "404", suffix: null },
    subject: {},
    things: new Map(),
    renderBlock: unprepared,
    renderSection: unprepared,
    renderGroup: unprepared,
    assets: { scripts: new Set(), styles: new Set() },
  };
}

export function once<T>(view: View, key: string, make: () => T): T {
  if (!view.things.has(key)) view.things.set(key, make());
  return view.things.get(key) as T;
}

/** An address of the shop in the shopper's language. */
export function localUrl({ rootUrl }: View, path: string): string {
  return rootUrl === "/" ? path : path === "/" ? rootUrl : rootUrl + path;
}
