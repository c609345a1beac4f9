/** Opens the demo's online store: countries and languages to choose from, and the app's blocks in both themes. */
import path from "node:path";
import { readAppSettings } from "../../devstore/auth/app-settings.ts";
import type { MarketState, ShopState, World } from "../../devstore/state/model.ts";
import { publishTheme } from "../../devstore/state/online-store.ts";
import type { Result } from "../../devstore/state/result.ts";
import { changeShop } from "../../devstore/state/shop-actions.ts";
import { activateEmbed, addAppBlock } from "../../devstore/storefront/editor.ts";
import { extensionsOf } from "../../devstore/storefront/extension.ts";
import { THEMES } from "../../devstore/storefront/theme.ts";
import { demoFiles } from "./folder.ts";

const LANGUAGES = ["en", "pl", "ru", "th", "ja", "lv"];
/** Units for a United States dollar, about. */
const RATES: Readonly<Record<string, number>> = { EUR: 0.92, GBP: 0.79, JPY: 150, PLN: 3.9, THB: 35, USD: 1 };
const ABROAD = [
  { country: "LV", currency: "EUR" },
  { country: "GB", currency: "GBP" },
  { country: "JP", currency: "JPY" },
  { country: "PL", currency: "PLN" },
  { country: "TH", currency: "THB" },
];

interface Placed {
  template: string;
  handle: string;
  settings?: Record<string, unknown>;
  target?: string;
}

const NEW_SECTION = "newAppsSection";
const BLOCKS: readonly Placed[] = [
  { template: "index", handle: "points", target: NEW_SECTION },
  {
    ...{ template: "index", handle: "recommendations", target: NEW_SECTION },
    // Of guests nothing is known at either list: one of them shows what is popular.
    settings: { list: "buy-again", show_popular: false },
  },
  { template: "index", handle: "recommendations", target: NEW_SECTION, settings: { list: "for-you" } },
  { template: "product", handle: "earn-badge" },
  { template: "product", handle: "tier-only" },
  { template: "product", handle: "recommendations", target: NEW_SECTION, settings: { list: "goes-with" } },
  { template: "cart", handle: "cart-points" },
  { template: "cart", handle: "rewards" },
  { template: "cart", handle: "recommendations", target: NEW_SECTION, settings: { list: "goes-with" } },
  { template: "search", handle: "recommendations", settings: { list: "popular" } },
  { template: "404", handle: "recommendations", settings: { list: "popular" } },
  { template: "page", handle: "how-it-works" },
  { template: "customers/account", handle: "points" },
  { template: "customers/account", handle: "rewards" },
  { template: "customers/account", handle: "referral" },
  { template: "customers/account", handle: "profile" },
];
const EMBED = "launcher";

export function openOnlineStore(world: World, shop: ShopState): void {
  done(changeShop(world, shop, { markets: marketsFor(shop) }));
  const toml = path.join(demoFiles.root, "shopify.app.toml");
  const app = { clientId: "demo", clientSecret: "demo", appUrl: "http://localhost", tomlPath: toml };
  const [extension] = extensionsOf(readAppSettings(app, 0));
  if (!extension) throw new Error(`There is no theme extension beside ${toml}.`);
  // The last is the one that stays published.
  for (const theme of THEMES.toReversed()) {
    done(publishTheme(world, shop, { theme }));
    for (const { template, handle, settings, target = "mainSection" } of BLOCKS)
      done(addAppBlock(world, shop, extension, handle, { template, target }, settings));
    done(activateEmbed(world, shop, extension, EMBED));
  }
}

function marketsFor({ countryCode, currency }: ShopState): MarketState[] {
  const own = { country: countryCode, currency, rate: 1, languages: LANGUAGES };
  const ownRate = RATES[currency];
  if (ownRate === undefined) return [own];
  const others = ABROAD.filter((each) => each.country !== countryCode && each.currency !== currency);
  const rateOf = (code: string) => Number(((RATES[code] ?? 1) / ownRate).toPrecision(4));
  return [own, ...others.map((each) => ({ ...each, rate: rateOf(each.currency), languages: LANGUAGES }))];
}

function done<T>(result: Result<T>): void {
  if (!result.ok) throw new Error(result.message);
}
