/** Makes worlds and shops, keeps their clock, and hands out ids. */
import { freshChaos } from "./chaos.ts";
import { notifyClockMoved } from "./events.ts";
import type { IdKind, ShopState, World } from "./model.ts";
import { fail, succeed, type Result } from "./result.ts";

/** Where each kind's ids start: as long as Shopify's, and told apart by eye. */
const FIRST_IDS: Record<IdKind, number> = {
  agreement: 220_000_000_000,
  bulkOperation: 4_100_000_000_000,
  checkout: 37_000_000_000_000,
  collection: 480_000_000_000,
  company: 2_100_000_000,
  customer: 7_000_000_000_000,
  dataRequest: 1_000_000,
  delivery: 0,
  discount: 1_300_000_000_000,
  dispute: 11_000_000_000,
  fulfillment: 5_300_000_000_000,
  fulfillmentEvent: 32_000_000_000_000,
  giftCard: 600_000_000_000,
  inventoryItem: 47_000_000_000_000,
  job: 900_000_000_000,
  line: 14_000_000_000_000,
  metafield: 31_000_000_000_000,
  order: 5_000_000_000_000,
  product: 8_000_000_000_000,
  refund: 930_000_000_000,
  return: 12_000_000_000,
  sale: 1_500_000_000_000,
  shippingLine: 4_500_000_000_000,
  shop: 60_000_000_000,
  stagedUpload: 0,
  storeCreditAccount: 7_000_000_000,
  storeCreditTransaction: 77_000_000_000,
  transaction: 6_500_000_000_000,
  variant: 45_000_000_000_000,
  webhookSubscription: 1_800_000_000_000,
};

export function createWorld(options: { seed?: number; clockOffsetMs?: number } = {}): World {
  return {
    clockOffsetMs: options.clockOffsetMs ?? 0,
    ids: { ...FIRST_IDS },
    shops: new Map(),
    chaos: freshChaos(options.seed ?? 1),
    deliveries: new Map(),
    scheduled: [],
  };
}

/** The world's time: the real one, moved by the control API. */
export function now(world: World): number {
  return Date.now() + world.clockOffsetMs;
}

/** Shopify shows times in whole seconds, so that is what it keeps. */
export function wholeSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

export function moveClock(world: World, byMs: number): Result<number> {
  if (!Number.isFinite(byMs))
    return fail("invalid", "The clock moves by a number of milliseconds.", ["byMs"]);
  if (byMs < 0) return fail("invalid", "The clock only moves forward.", ["byMs"]);
  world.clockOffsetMs += Math.round(byMs);
  notifyClockMoved(world);
  return succeed(now(world));
}

export function newId(world: World, kind: IdKind): number {
  world.ids[kind] += 1;
  return world.ids[kind];
}

export interface NewShop {
  /** `demo` or `demo.myshopify.com`. */
  domain: string;
  name?: string;
  email?: string;
  currency?: string;
  timeZone?: string;
  countryCode?: string;
  locale?: string;
  plan?: ShopState["plan"];
  taxesIncluded?: boolean;
  createdAt?: number;
}

export function createShop(world: World, input: NewShop): Result<ShopState> {
  const domain = input.domain.includes(".") ? input.domain : `${input.domain}.myshopify.com`;
  if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(domain))
    return fail("invalid", "A shop's domain looks like demo.myshopify.com.", ["domain"]);
  if (world.shops.has(domain)) return fail("taken", `There is a shop ${domain} already.`, ["domain"]);
  const currency = input.currency ?? "USD";
  if (!isCurrency(currency)) return fail("invalid", `${currency} is not a currency code.`, ["currency"]);
  const timeZone = input.timeZone ?? "America/New_York";
  if (!isTimeZone(timeZone)) return fail("invalid", `${timeZone} is not a time zone.`, ["timeZone"]);
  const handle = domain.slice(0, domain.indexOf("."));
  const createdAt = wholeSecond(input.createdAt ?? now(world));
  const shop: ShopState = {
    id: newId(world, "shop"),
    domain,
    name: input.name ?? handle,
    email: input.email ?? `owner@${handle}.example`,
    currency,
    timeZone,
    countryCode: input.countryCode ?? "US",
    locale: input.locale ?? "en",
    plan: input.plan ?? "basic",
    taxesIncluded: input.taxesIncluded ?? false,
    createdAt,
    updatedAt: createdAt,
    nextOrderNumber: 1001,
    revision: 0,
    products: new Map(),
    variants: new Map(),
    collections: new Map(),
    customers: new Map(),
    orders: new Map(),
    checkouts: new Map(),
    disputes: new Map(),
    discounts: new Map(),
    giftCards: new Map(),
    storeCreditAccounts: new Map(),
    metafields: new Map(),
    installation: null,
    markets: [],
    onlineStore: { theme: "light", files: {} },
  };
  world.shops.set(domain, shop);
  return succeed(shop);
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code);
}
