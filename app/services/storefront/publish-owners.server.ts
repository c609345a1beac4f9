/**
 * Writes what differs of customers, products, the app or the shop into Shopify's metafields. Who waits was written down by whoever changed something
 * (publishLater); the values are made now, written only where Shopify still has what we know of, and noted last. After a crash anywhere the
 * owner still waits: the same is made again, Shopify says that it is not what it was, and what stands there is read and believed.
 */
import { METAFIELDS, type Contents, type OwnerType } from "../../core/storefront/metafields.ts";
import { RetryAt } from "../../core/retry-at.ts";
import type { Publication, Written } from "../../db/stores/publication-row.ts";
import {
  duePublications,
  forgetPublications,
  settlePublications,
  type Settled,
} from "../../db/stores/publications.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { findStorefront, saveStorefront } from "../../db/stores/storefronts.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import {
  deleteMetafields,
  GONE,
  METAFIELDS_AT_ONCE,
  ownerGid,
  readMetafields,
  writeMetafields,
} from "../../shopify/metafields.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { missingPublishingScopes } from "./publishing-scopes.ts";
import { differenceOf, hashOf, inCalls, type Difference } from "./written-metafields.ts";

/** What is published of one kind of owner. */
export interface OwnerKind {
  type: OwnerType;
  /** By id; who is missing has nothing to be published. */
  contentsOf(db: Database, shop: Shop, ids: readonly number[]): Promise<Map<number, Contents>>;
}

/** Few, so that whoever acts meanwhile comes next. */
const OWNERS_AT_ONCE = 24;
/** Then the job makes room for others and goes on with who still waits. */
const LONGEST_MS = 20_000;
/** Somebody else writes the same owners again and again: their next change will come. */
const STALE_ROUNDS = 4;

interface Run {
  db: Database;
  shop: Shop;
  kind: OwnerKind;
  client: AdminClient;
}

/** An owner with what is to be done about it. */
interface Planned {
  publication: Publication;
  owner: string;
  difference: Difference;
}

export async function publishOwners(
  db: Database,
  shopId: number,
  kind: OwnerKind,
  signal: AbortSignal,
  longestMs = LONGEST_MS,
): Promise<RetryAt | void> {
  const shop = await publishingShop(db, shopId, kind.type);
  if (!shop) return;
  const client = await adminFor(db, shopId, { signal });
  const endsAt = performance.now() + longestMs;
  for (;;) {
    signal.throwIfAborted();
    const due = await duePublications(db, shopId, kind.type, Date.now(), OWNERS_AT_ONCE);
    if (due.length === 0) return;
    if (performance.now() > endsAt) return new RetryAt(Date.now());
    try {
      await publishSome({ db, shop, kind, client }, due);
    } catch (error) {
      if (!(error instanceof ShopifyError) || !error.codes.includes("ACCESS_DENIED")) throw error;
      // The merchant has taken a scope back, and Shopify knows it first.
      await stopStorefront(db, shop);
      return;
    }
  }
}

/** `null`: nothing is to be published for the shop, or the merchant does not let us. */
export async function publishingShop(
  db: Database,
  shopId: number,
  ownerType: OwnerType,
): Promise<Shop | null> {
  const shop = await activeShop(db, shopId);
  if (!shop) return null;
  const state = (await findStorefront(db, shopId))?.state;
  // With the storefront off, what all pages know still has to say so.
  const isForAll = ownerType === "app" || ownerType === "shop";
  if (state !== "on" && !(state === "off" && isForAll)) return null;
  if (missingPublishingScopes(shop).length === 0) return shop;
  await stopStorefront(db, shop);
  return null;
}

async function stopStorefront(db: Database, { id: shopId }: Shop): Promise<void> {
  await db.write(async (tx) => {
    const storefront = await findStorefront(tx, shopId);
    if (storefront?.state !== "on") return;
    await saveStorefront(tx, shopId, { state: "stopped", startedAt: storefront.startedAt });
    failpoint("publish:before-stop-commit");
  });
  failpoint("publish:after-stop-commit");
}

async function publishSome(run: Run, due: readonly Publication[]): Promise<void> {
  const { db, shop, kind, client } = run;
  const ids = due.map(({ ownerId }) => ownerId);
  const contents = await kind.contentsOf(db, shop, ids);
  const same: Settled[] = [];
  const different: Planned[] = [];
  for (const publication of due) {
    const wanted = contents.get(publication.ownerId) ?? {};
    const difference = differenceOf(METAFIELDS[kind.type], wanted, publication.written);
    if (difference.set.length === 0 && difference.remove.length === 0) same.push(unchanged(publication));
    else {
      const owner = await ownerGid(client, kind.type, publication.ownerId);
      different.push({ publication, owner, difference });
    }
  }
  if (same.length > 0) await settle(run, same);
  for (const some of inCalls(different, METAFIELDS_AT_ONCE)) await publishTogether(run, some);
}

function unchanged(publication: Publication): Settled {
  return { ...publication, isChanged: false, refusedBecause: null };
}

/** All of them in one call, as far as they can be. */
async function publishTogether(run: Run, planned: readonly Planned[]): Promise<void> {
  const removed = planned.flatMap(({ owner, difference }) =>
    difference.remove.map((key) => ({ owner, key })),
  );
  if (removed.length > 0) await deleteMetafields(run.client, run.kind.type, removed);
  let left = planned.map(withoutRemoved);
  for (let round = 1; left.length > 0; round++) {
    const writes = left.flatMap(({ owner, difference }) => difference.set.map((one) => ({ owner, ...one })));
    const outcome =
      writes.length === 0
        ? ({ ok: true, digests: [] } as const)
        : await writeMetafields(run.client, run.kind.type, writes);
    if (outcome.ok) return settleAll(run, left, writes, outcome.digests);
    if (outcome.reason === "refused") left = await leaveOut(run, left, outcome.refusals);
    else if (round === STALE_ROUNDS) throw new ShopifyError("server", "Metafields change all the time.");
    else left = await readAgain(run, left);
  }
}

function withoutRemoved(planned: Planned): Planned {
  const kept = Object.entries(planned.publication.written).filter(
    ([key]) => !planned.difference.remove.includes(key),
  );
  return { ...planned, publication: { ...planned.publication, written: Object.fromEntries(kept) } };
}

async function settleAll(
  run: Run,
  planned: readonly Planned[],
  writes: readonly { owner: string; key: string }[],
  digests: readonly string[],
): Promise<void> {
  const digestOf = new Map(writes.map(({ owner, key }, index) => [`${owner} ${key}`, digests[index] ?? ""]));
  const settled = planned.map(({ publication, owner, difference }): Settled => {
    const written: Record<string, readonly [string, string]> = { ...publication.written };
    for (const { key, hash } of difference.set) written[key] = [hash, digestOf.get(`${owner} ${key}`) ?? ""];
    return { ...publication, written, isChanged: true, refusedBecause: null };
  });
  const gone = await settle(run, settled);
  if (gone.length === 0) return;
  // Erased or merged away while we wrote: what was written goes, too.
  const keys = Object.keys(METAFIELDS[run.kind.type]);
  const owners = planned.filter(({ publication }) => gone.includes(publication.ownerId));
  await deleteMetafields(
    run.client,
    run.kind.type,
    owners.flatMap(({ owner }) => keys.map((key) => ({ owner, key }))),
  );
}

/** Answers who is not written down any more. */
async function settle({ db, shop, kind }: Run, settled: readonly Settled[]): Promise<number[]> {
  failpoint("publish:before-settle");
  const gone = await db.write(async (tx) => {
    const gone = await settlePublications(tx, shop.id, kind.type, settled, Date.now());
    failpoint("publish:before-settle-commit");
    return gone;
  });
  failpoint("publish:after-settle-commit");
  return gone;
}

/** One that Shopify refuses must not hold up the others. */
async function leaveOut(
  run: Run,
  planned: readonly Planned[],
  refusals: ReadonlyMap<string, string>,
): Promise<Planned[]> {
  const { db, shop, kind } = run;
  const refused = planned.filter(({ owner }) => refusals.has(owner));
  const isGone = ({ owner }: Planned) => refusals.get(owner) === GONE;
  await db.write(async (tx) => {
    const gone = refused.filter(isGone).map(({ publication }) => publication.ownerId);
    await forgetPublications(tx, shop.id, kind.type, gone);
    const settled = refused
      .filter((each) => !isGone(each))
      .map(({ publication, owner }) => ({
        ...publication,
        isChanged: false,
        refusedBecause: refusals.get(owner) ?? null,
      }));
    await settlePublications(tx, shop.id, kind.type, settled, Date.now());
    failpoint("publish:before-refused-commit");
  });
  failpoint("publish:after-refused-commit");
  const codes = [...new Set(refusals.values())];
  log.warn({ shopId: shop.id, count: refused.length, codes }, "metafields were refused");
  return planned.filter(({ owner }) => !refusals.has(owner));
}

/** What stands at Shopify is believed: what is there already need not be written. */
async function readAgain({ client, kind }: Run, planned: readonly Planned[]): Promise<Planned[]> {
  const states = await readMetafields(
    client,
    kind.type,
    planned.map(({ owner }) => owner),
  );
  const types = METAFIELDS[kind.type];
  return planned.map((each) => {
    const own = states.get(each.owner);
    const written: Record<string, Written[string]> = {};
    for (const [key, { value, digest }] of own ?? []) {
      const type = types[key];
      if (type !== undefined) written[key] = [hashOf(type, value), digest];
    }
    const contents = Object.fromEntries(each.difference.set.map(({ key, value }) => [key, value]));
    const difference = { ...differenceOf(types, contents, written), remove: [] };
    return { ...each, publication: { ...each.publication, written }, difference };
  });
}
