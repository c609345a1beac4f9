/**
 * A world in a file and back: one JSON line each, gzipped in pieces, so that neither a large shop nor its text is held
 * twice in memory. The file appears whole or not at all.
 */
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGunzip, gzipSync } from "node:zlib";
import { notifyReplaced } from "./events.ts";
import type {
  CheckoutState,
  CollectionState,
  CustomerState,
  DeliveryState,
  DiscountState,
  DisputeState,
  GiftCardState,
  InstallationState,
  MetafieldState,
  OrderState,
  ProductState,
  ShopState,
  StoreCreditAccountState,
  VariantState,
  World,
} from "./model.ts";
import { createWorld } from "./world.ts";

const FORMAT = 1;
const PIECE_CHARACTERS = 2_000_000;
/** How often a save starts over because the world changed meanwhile, before it holds everything else up. */
const PATIENT_TRIES = 5;

type ShopFacts = Omit<
  ShopState,
  | "products"
  | "variants"
  | "collections"
  | "customers"
  | "orders"
  | "checkouts"
  | "disputes"
  | "discounts"
  | "giftCards"
  | "storeCreditAccounts"
  | "metafields"
  | "installation"
>;

interface SavedInstallation extends Omit<InstallationState, "accessTokens" | "refreshTokens"> {
  accessTokens: [string, { expiresAt: number | null }][];
  refreshTokens: [string, { expiresAt: number; usedAt: number | null }][];
}

type Entry =
  | { kind: "world"; format: number; value: Omit<World, "shops" | "deliveries"> }
  | { kind: "shop"; value: ShopFacts; installation: SavedInstallation | null }
  | { kind: "product"; value: ProductState }
  | { kind: "variant"; value: VariantState }
  | { kind: "collection"; value: CollectionState }
  | { kind: "customer"; value: CustomerState }
  | { kind: "order"; value: OrderState }
  | { kind: "checkout"; value: CheckoutState }
  | { kind: "dispute"; value: DisputeState }
  | { kind: "discount"; value: DiscountState }
  | { kind: "giftCard"; value: GiftCardState }
  | { kind: "storeCreditAccount"; value: StoreCreditAccountState }
  | { kind: "metafields"; ownerId: string; value: MetafieldState[] }
  | { kind: "delivery"; value: DeliveryState }
  | { kind: "end" };

/** Writes the world as it is at one moment. */
export async function saveWorld(world: World, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  try {
    for (let tries = 1; ; tries += 1) {
      const patient = tries <= PATIENT_TRIES;
      const before = fingerprint(world);
      await writeEntries(world, part, patient);
      if (!patient || fingerprint(world) === before) break;
    }
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

export async function loadWorld(file: string): Promise<World> {
  const world = createWorld();
  let shop: ShopState | null = null;
  let ended = false;
  const source = createReadStream(file);
  const unzipped = createGunzip();
  source.on("error", (error) => unzipped.destroy(error));
  const lines = createInterface({ input: source.pipe(unzipped), crlfDelay: Infinity });
  // readline does not pass its input's error on.
  const failed = new Promise<never>((_, reject) => unzipped.on("error", reject));
  const read = (async () => {
    for await (const line of lines) {
      const entry = JSON.parse(line) as Entry;
      if (entry.kind === "world") Object.assign(world, worldOf(entry));
      else if (entry.kind === "end") ended = true;
      else if (entry.kind === "delivery") world.deliveries.set(entry.value.id, entry.value);
      else if (entry.kind === "shop") {
        shop = shopOf(entry.value, entry.installation);
        world.shops.set(shop.domain, shop);
      } else if (shop) takeIn(shop, entry);
      else throw new Error(`${file} names a ${entry.kind} before its shop.`);
    }
  })();
  await Promise.race([read, failed]);
  if (!ended) throw new Error(`${file} is not complete.`);
  return world;
}

/** Puts a loaded world in the place of a running one: whoever holds it sees the new state. */
export function replaceWorld(world: World, loaded: World): void {
  Object.assign(world, loaded);
  notifyReplaced(world);
}

function fingerprint(world: World): string {
  const revisions = [...world.shops.values()].map(({ domain, revision }) => `${domain}:${revision}`);
  return JSON.stringify([revisions, world.ids, world.clockOffsetMs]);
}

async function writeEntries(world: World, part: string, patient: boolean): Promise<void> {
  const handle = await open(part, "w");
  try {
    const pieces: Buffer[] = [];
    for (const piece of piecesOf(world)) {
      if (patient) {
        await handle.write(piece);
        await nextTurn();
      } else pieces.push(piece);
    }
    for (const piece of pieces) await handle.write(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gzip members: several one after the other are one gzip file. */
function* piecesOf(world: World): Generator<Buffer> {
  let text = "";
  for (const entry of entriesOf(world)) {
    text += `${JSON.stringify(entry)}\n`;
    if (text.length < PIECE_CHARACTERS) continue;
    yield gzipSync(text, { level: 1 });
    text = "";
  }
  yield gzipSync(text, { level: 1 });
}

function* entriesOf(world: World): Generator<Entry> {
  const { shops, deliveries, ...rest } = world;
  yield { kind: "world", format: FORMAT, value: rest };
  for (const shop of shops.values()) {
    const { products, variants, collections, customers, orders, checkouts, disputes, ...others } = shop;
    const { discounts, giftCards, storeCreditAccounts, metafields, installation, ...facts } = others;
    yield { kind: "shop", value: facts, installation: savedInstallation(installation) };
    for (const value of products.values()) yield { kind: "product", value };
    for (const value of variants.values()) yield { kind: "variant", value };
    for (const value of collections.values()) yield { kind: "collection", value };
    for (const value of customers.values()) yield { kind: "customer", value };
    for (const value of orders.values()) yield { kind: "order", value };
    for (const value of checkouts.values()) yield { kind: "checkout", value };
    for (const value of disputes.values()) yield { kind: "dispute", value };
    for (const value of discounts.values()) yield { kind: "discount", value };
    for (const value of giftCards.values()) yield { kind: "giftCard", value };
    for (const value of storeCreditAccounts.values()) yield { kind: "storeCreditAccount", value };
    for (const [ownerId, values] of metafields)
      yield { kind: "metafields", ownerId, value: [...values.values()] };
  }
  for (const value of deliveries.values()) yield { kind: "delivery", value };
  yield { kind: "end" };
}

function savedInstallation(installation: InstallationState | null): SavedInstallation | null {
  if (!installation) return null;
  const { accessTokens, refreshTokens } = installation;
  return { ...installation, accessTokens: [...accessTokens], refreshTokens: [...refreshTokens] };
}

function worldOf(entry: Entry & { kind: "world" }) {
  if (entry.format !== FORMAT) throw new Error(`The saved world has format ${entry.format}, not ${FORMAT}.`);
  // A file from before there were ids of some kind goes on from their first.
  return { ...entry.value, ids: { ...createWorld().ids, ...entry.value.ids } };
}

function shopOf(facts: ShopFacts, saved: SavedInstallation | null): ShopState {
  const installation = saved && {
    ...saved,
    accessTokens: new Map(saved.accessTokens),
    refreshTokens: new Map(saved.refreshTokens),
  };
  return {
    ...facts,
    ...onlineStoreOf(facts),
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
    installation,
  };
}

/** A file from before there were storefronts has none. */
function onlineStoreOf(facts: Partial<ShopFacts>): Pick<ShopState, "markets" | "onlineStore"> {
  const { markets = [], onlineStore = { theme: "light", files: {} } } = facts;
  return { markets, onlineStore };
}

function takeIn(
  shop: ShopState,
  entry: Exclude<Entry, { kind: "delivery" | "end" | "shop" | "world" }>,
): void {
  switch (entry.kind) {
    case "product":
      shop.products.set(entry.value.id, entry.value);
      break;
    case "variant":
      shop.variants.set(entry.value.id, entry.value);
      break;
    case "collection":
      shop.collections.set(entry.value.id, entry.value);
      break;
    case "customer":
      shop.customers.set(entry.value.id, entry.value);
      break;
    case "order":
      shop.orders.set(entry.value.id, entry.value);
      break;
    case "checkout":
      shop.checkouts.set(entry.value.id, entry.value);
      break;
    case "dispute":
      shop.disputes.set(entry.value.id, entry.value);
      break;
    case "discount":
      shop.discounts.set(entry.value.id, entry.value);
      break;
    case "giftCard":
      shop.giftCards.set(entry.value.id, entry.value);
      break;
    case "storeCreditAccount":
      shop.storeCreditAccounts.set(entry.value.id, entry.value);
      break;
    case "metafields": {
      const named = entry.value.map((each) => [`${each.namespace}.${each.key}`, each] as const);
      shop.metafields.set(entry.ownerId, new Map(named));
    }
  }
}
