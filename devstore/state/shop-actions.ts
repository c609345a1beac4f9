/** What happens to a shop as a whole, to the app on it, and to metafields. As in actions.ts: completely or not at all. */
import { createHash } from "node:crypto";
import { shopPayload, shopRedactPayload } from "../webhooks/payloads.ts";
import { given } from "./checks.ts";
import { emit, tell, type Topic } from "./events.ts";
import { touch } from "./journal.ts";
import type { MarketState, MetafieldState, ShopState, World } from "./model.ts";
import { fail, succeed, type Failure, type Result } from "./result.ts";
import { customerTopic, orderTopic, productTopic } from "./topics.ts";
import { isCurrency, isTimeZone, newId, now, wholeSecond } from "./world.ts";

const TWO_DAYS = 2 * 86_400_000;

export interface ShopChange {
  name?: string;
  email?: string;
  timeZone?: string;
  currency?: string;
  plan?: ShopState["plan"];
  taxesIncluded?: boolean;
  markets?: MarketState[];
  at?: number;
}

export function changeShop(world: World, shop: ShopState, input: ShopChange): Result<ShopState> {
  const { at = now(world), ...facts } = input;
  if (facts.timeZone !== undefined && !isTimeZone(facts.timeZone))
    return fail("invalid", `${facts.timeZone} is not a time zone.`, ["timeZone"]);
  if (facts.currency !== undefined && !isCurrency(facts.currency))
    return fail("invalid", `${facts.currency} is not a currency code.`, ["currency"]);
  if (facts.currency !== undefined && facts.currency !== shop.currency && shop.orders.size > 0)
    return fail("wrong-state", "The currency cannot change after the first sale.", ["currency"]);
  const wrong = facts.markets && marketFault({ ...shop, ...given(facts) }, facts.markets);
  if (wrong) return wrong;
  const named = Object.entries(facts).filter(([, value]) => value !== undefined);
  Object.assign(shop, Object.fromEntries(named));
  touch(shop, at);
  emit(world, shop, at, [{ topic: "shop/update", resourceId: shop.id, payload: () => shopPayload(shop) }]);
  return succeed(shop);
}

function marketFault(shop: Pick<ShopState, "currency">, markets: readonly MarketState[]): Failure | null {
  for (const [index, { country, currency, rate, languages }] of markets.entries()) {
    const refuse = (name: string, sentence: string) =>
      fail("invalid", sentence, ["markets", String(index), name]);
    if (!/^[A-Z]{2}$/.test(country)) return refuse("country", `${country} is not a country code.`);
    if (!isCurrency(currency)) return refuse("currency", `${currency} is not a currency code.`);
    if (!(rate > 0) || (currency === shop.currency && rate !== 1))
      return refuse("rate", "The rate does not fit its currency.");
    if (languages.length === 0) return refuse("languages", "A market needs a language.");
  }
  if (markets[0] && markets[0].currency !== shop.currency)
    return fail("invalid", "The first market is the shop's own.", ["markets"]);
  if (new Set(markets.map(({ country }) => country)).size !== markets.length)
    return fail("invalid", "A country is named twice.", ["markets"]);
  return null;
}

/** Takes the app off the shop: its tokens are dead at once, and in two days the shop's data is to be erased. */
export function uninstallApp(world: World, shop: ShopState, input: { at?: number } = {}): Result<ShopState> {
  const at = input.at ?? now(world);
  if (!shop.installation) return fail("wrong-state", "The app is not installed.");
  shop.installation = null;
  shop.metafields.delete(`gid://shopify/AppInstallation/${shop.id}`);
  world.scheduled.push({ kind: "shop/redact", shopDomain: shop.domain, dueAt: at + TWO_DAYS });
  emit(world, shop, at, [
    { topic: "app/uninstalled", resourceId: shop.id, payload: () => shopPayload(shop) },
  ]);
  return succeed(shop);
}

/** Asks the app to erase all that it has of the shop. */
export function redactShop(world: World, shop: ShopState, input: { at?: number } = {}): Result<ShopState> {
  emit(world, shop, input.at ?? now(world), [
    { topic: "shop/redact", resourceId: shop.id, payload: () => shopRedactPayload(shop) },
  ]);
  return succeed(shop);
}

/** Does what is due by the world's clock. A shop that has the app again keeps its data. */
export function runScheduled(world: World): void {
  const due = world.scheduled.filter(({ dueAt }) => dueAt <= now(world));
  if (due.length === 0) return;
  world.scheduled = world.scheduled.filter((each) => !due.includes(each));
  for (const { shopDomain } of due) {
    const shop = world.shops.get(shopDomain);
    if (shop && !shop.installation) redactShop(world, shop);
  }
}

/** Tells the app that a bulk operation has ended. */
export function announceBulkOperation(
  world: World,
  shop: ShopState,
  input: {
    bulkOperationId: number;
    status: "CANCELED" | "COMPLETED" | "EXPIRED" | "FAILED";
    errorCode: string | null;
    type: "MUTATION" | "QUERY";
    createdAt: number;
    completedAt: number;
  },
): void {
  const iso = (time: number) => new Date(wholeSecond(time)).toISOString();
  const payload = () => ({
    admin_graphql_api_id: `gid://shopify/BulkOperation/${input.bulkOperationId}`,
    completed_at: iso(input.completedAt),
    created_at: iso(input.createdAt),
    error_code: input.errorCode?.toLowerCase() ?? null,
    status: input.status.toLowerCase(),
    type: input.type.toLowerCase(),
  });
  tell(world, shop, input.completedAt, [
    { topic: "bulk_operations/finish", resourceId: input.bulkOperationId, payload },
  ]);
}

export interface MetafieldInput {
  /** Global id of the customer, product, variant, order or shop. */
  ownerId: string;
  /** In full: `$app` is resolved by the API. */
  namespace: string;
  key: string;
  type: string;
  value: string;
  /** What it must have been: a digest, or `null` for not there. Anything unless given. */
  compareDigest?: string | null;
}

/** Sets all or none. An owner whose values change is updated, and its topic says so. */
export function setMetafields(
  world: World,
  shop: ShopState,
  inputs: readonly MetafieldInput[],
  at: number = now(world),
): Result<MetafieldState[]> {
  for (const [index, { ownerId, namespace, key, compareDigest }] of inputs.entries()) {
    const field = ["metafields", String(index)];
    if (!ownerExists(shop, ownerId)) return fail("not-found", "Owner does not exist.", [...field, "ownerId"]);
    if (namespace === "" || key === "") return fail("invalid", "Key can't be blank.", [...field, "key"]);
    if (compareDigest === undefined) continue;
    const present = shop.metafields.get(ownerId)?.get(`${namespace}.${key}`);
    if ((present?.compareDigest ?? null) !== compareDigest)
      return fail("stale", "The resource has been updated since it was loaded.", [...field, "compareDigest"]);
  }
  const changed = new Set<string>();
  const values = inputs.map((input) => {
    const { ownerId, namespace, key, type, value } = input;
    const ofOwner = shop.metafields.get(ownerId) ?? new Map<string, MetafieldState>();
    shop.metafields.set(ownerId, ofOwner);
    const present = ofOwner.get(`${namespace}.${key}`);
    if (present?.type === type && present.value === value) return present;
    const metafield: MetafieldState = {
      id: present?.id ?? newId(world, "metafield"),
      namespace,
      key,
      type,
      value,
      compareDigest: createHash("sha256").update(`${type}\n${value}`).digest("hex"),
      updatedAt: wholeSecond(at),
    };
    ofOwner.set(`${namespace}.${key}`, metafield);
    changed.add(ownerId);
    return metafield;
  });
  announceOwners(world, shop, changed, at);
  return succeed(values);
}

/** Deletes those that are there; the answer says which they were. */
export function deleteMetafields(
  world: World,
  shop: ShopState,
  inputs: readonly { ownerId: string; namespace: string; key: string }[],
  at: number = now(world),
): boolean[] {
  const changed = new Set<string>();
  const deleted = inputs.map(({ ownerId, namespace, key }) => {
    const there = shop.metafields.get(ownerId)?.delete(`${namespace}.${key}`) ?? false;
    if (there) changed.add(ownerId);
    return there;
  });
  announceOwners(world, shop, changed, at);
  return deleted;
}

function ownerExists(shop: ShopState, ownerId: string): boolean {
  const [, type, digits] = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(ownerId) ?? [];
  const id = Number(digits);
  switch (type) {
    case "Customer":
      return shop.customers.has(id);
    case "Order":
      return shop.orders.has(id);
    case "Product":
      return shop.products.has(id);
    case "ProductVariant":
      return shop.variants.has(id);
    case "DiscountCodeNode":
      return shop.discounts.has(id);
    // One app a shop: its installation goes by the shop's number.
    case "AppInstallation":
    case "Shop":
      return shop.id === id;
    default:
      return false;
  }
}

function announceOwners(world: World, shop: ShopState, ownerIds: ReadonlySet<string>, at: number): void {
  for (const ownerId of ownerIds) emit(world, shop, at, ownerTopics(shop, ownerId, at));
}

function ownerTopics(shop: ShopState, ownerId: string, at: number): Topic[] {
  const [, type, digits] = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(ownerId) ?? [];
  const id = Number(digits);
  const variant = type === "ProductVariant" ? shop.variants.get(id) : undefined;
  const customer = type === "Customer" ? shop.customers.get(id) : undefined;
  const order = type === "Order" ? shop.orders.get(id) : undefined;
  const product = shop.products.get(variant?.productId ?? (type === "Product" ? id : 0));
  for (const owner of [customer, order, product, variant]) if (owner) touch(owner, at);
  if (customer) return [customerTopic(shop, customer, "customers/update")];
  if (order) return [orderTopic(shop, order, "orders/updated")];
  return product ? [productTopic(shop, product, "products/update")] : [];
}
