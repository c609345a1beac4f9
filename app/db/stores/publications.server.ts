/**
 * What stands in metafields at Shopify, and what is to be looked at again. Whoever changes points, redemptions, membership or the programme
 * says so inside the same transaction; a job then writes what differs (app/services/storefront/publish-owners.server.ts).
 */
import type { JobKind, NewJob } from "../../core/job.ts";
import type { OwnerType } from "../../core/storefront/metafields.ts";
import { wishPublications, type Wished } from "../bulk/wish-publications.ts";
import { chunks } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { findBulkPublication } from "./bulk-publications.server.ts";
import { enqueue } from "./jobs.server.ts";
import { accessRules } from "./product-access.server.ts";
import { publicationFrom, type Publication } from "./publication-row.ts";

/** Who did something so recently may be looking at the storefront now. */
const FIRST_FOR_MS = 30 * 60_000;

/** `first`: they have ordered, redeemed or done something else just now. */
export async function publishLater(
  tx: Transaction,
  shopId: number,
  customerIds: Iterable<number>,
  { first }: { first: boolean },
): Promise<void> {
  const ids = [...new Set(customerIds)];
  if (ids.length > 0) await wish(tx, shopId, { of: "customer", ids }, first);
}

/** The same for members, by the customers that they are now. */
export async function publishMembersLater(
  tx: Transaction,
  shopId: number,
  memberIds: Iterable<number>,
  { first }: { first: boolean },
): Promise<void> {
  const ids = [...new Set(memberIds)];
  if (ids.length > 0) await wish(tx, shopId, { of: "members", ids }, first);
}

/** The same for whose the orders are, as they are stored. */
export async function publishBuyersLater(
  tx: Transaction,
  shopId: number,
  orderIds: readonly number[],
): Promise<void> {
  if (orderIds.length > 0) await wish(tx, shopId, { of: "orders", ids: orderIds }, true);
}

/** The same for whoever redeemed. */
export async function publishRedeemerLater(tx: Transaction, shopId: number, id: string): Promise<void> {
  await wish(tx, shopId, { of: "redemption", id }, true);
}

/** What every member can have has changed, and what all pages know of it. */
export async function publishOffersLater(tx: Transaction, shopId: number): Promise<void> {
  await publishProgrammeLater(tx, shopId);
  await wish(tx, shopId, { of: "all-members" }, false);
  // Whom products are for follows from tiers, and from whether there is a programme.
  const limited = await accessRules(tx, shopId);
  await publishProductsLater(
    tx,
    shopId,
    limited.map(({ productId }) => productId),
  );
}

/** What all pages of the storefront, of checkout and of the account know: programme, rules, what sells now. */
export async function publishProgrammeLater(tx: Transaction, shopId: number): Promise<void> {
  await wish(tx, shopId, { of: "app", ids: [0] }, false);
  await wish(tx, shopId, { of: "shop", ids: [0] }, false);
}

export async function publishProductsLater(
  tx: Transaction,
  shopId: number,
  ids: readonly number[],
): Promise<void> {
  if (ids.length > 0) await wish(tx, shopId, { of: "product", ids }, false);
}

async function wish(tx: Transaction, shopId: number, wished: Wished, first: boolean): Promise<void> {
  const now = Date.now();
  const marked = await wishPublications(tx, shopId, wished, now, first ? now : null);
  if (marked === 0) return;
  await enqueue(
    tx,
    publishJob(shopId, Object.hasOwn(KINDS, wished.of) ? KINDS[wished.of as OwnerType] : KINDS.customer),
  );
}

const KINDS = {
  customer: "publish-profiles",
  product: "publish-products",
  app: "publish-programme",
  shop: "publish-programme",
} as const satisfies Record<OwnerType, JobKind>;

type PublishKind = (typeof KINDS)[OwnerType];

/** Each kind by itself, so that customers never wait for others. */
function publishJob(shopId: number, kind: PublishKind): NewJob {
  return { shopId, kind, payload: {}, key: kind, queue: kind };
}

/** Has the ordinary way look who waits. */
export async function publishWaitingLater(tx: Transaction, shopId: number): Promise<void> {
  await enqueue(tx, publishJob(shopId, "publish-profiles"));
}

/**
 * Those that wait: whoever acted lately before all others, the longest waiting first. While a shop's customers are published by bulk
 * operations, of the others only those whom these have left over.
 */
export async function duePublications(
  db: Reading,
  shopId: number,
  ownerType: OwnerType,
  now: number,
  limit: number,
): Promise<Publication[]> {
  const where = { shopId, ownerType, dueAt: { not: null } };
  const since = now - FIRST_FOR_MS;
  const orderBy = [{ dueAt: "asc" as const }, { ownerId: "asc" as const }];
  const first = await db.prisma.publication.findMany({
    where: { ...where, actedAt: { gte: since } },
    orderBy,
    take: limit,
  });
  const left = limit - first.length;
  if (left === 0) return first.map(publicationFrom);
  const rest = await db.prisma.publication.findMany({
    where: {
      ...where,
      OR: [{ actedAt: null }, { actedAt: { lt: since } }],
      ...(await leftByBulk(db, shopId, ownerType)),
    },
    orderBy,
    take: left,
  });
  return [...first, ...rest].map(publicationFrom);
}

/** How many of the shop's customers and products wait. */
export async function countPublications(
  db: Reading,
  shopId: number,
): Promise<{ customers: number; products: number }> {
  const count = (ownerType: OwnerType) =>
    db.prisma.publication.count({ where: { shopId, ownerType, dueAt: { not: null } } });
  return { customers: await count("customer"), products: await count("product") };
}

async function leftByBulk(db: Reading, shopId: number, ownerType: OwnerType) {
  const bulk = ownerType === "customer" ? await findBulkPublication(db, shopId) : null;
  if (!bulk || bulk.state === "idle") return {};
  return bulk.state === "collecting"
    ? { bulkRound: { not: null } }
    : { AND: [{ bulkRound: { not: null } }, { bulkRound: { not: bulk.round } }] };
}

export async function publicationsOf(
  db: Reading,
  shopId: number,
  ownerType: OwnerType,
  ownerIds: readonly number[],
): Promise<Map<number, Publication>> {
  const found = new Map<number, Publication>();
  for (const some of chunks(ownerIds, 500)) {
    const rows = await db.prisma.publication.findMany({
      where: { shopId, ownerType, ownerId: { in: some } },
    });
    for (const row of rows) found.set(Number(row.ownerId), publicationFrom(row));
  }
  return found;
}

export interface Settled extends Publication {
  /** Something was written at Shopify. */
  isChanged: boolean;
  refusedBecause: string | null;
}

/**
 * What was seen is answered; of whoever changed meanwhile it still waits. Answers those who are not written down any more, because they
 * were erased meanwhile.
 */
export async function settlePublications(
  tx: Transaction,
  shopId: number,
  ownerType: OwnerType,
  settled: readonly Settled[],
  at: number,
): Promise<number[]> {
  const gone: number[] = [];
  for (const { ownerId, written, isChanged, refusedBecause } of settled) {
    if (!isChanged && refusedBecause === null) continue;
    const { count } = await tx.prisma.publication.updateMany({
      where: { shopId, ownerType, ownerId },
      data: {
        ...{ written: JSON.stringify(written), refusedBecause, bulkRound: null, bulkWishes: null },
        ...(isChanged ? { publishedAt: at } : {}),
      },
    });
    if (count === 0) gone.push(ownerId);
  }
  for (const [wishes, alike] of Map.groupBy(settled, (each) => each.wishes)) {
    for (const some of chunks(alike, 500)) {
      const ownerId = { in: some.map((each) => each.ownerId) };
      await tx.prisma.publication.updateMany({
        where: { shopId, ownerType, ownerId, wishes },
        data: { dueAt: null, bulkRound: null, bulkWishes: null },
      });
    }
  }
  return gone;
}

/** Nothing of them stands at Shopify any more, or nothing shall. */
export async function forgetPublications(
  tx: Transaction,
  shopId: number,
  ownerType: OwnerType,
  ownerIds: readonly number[],
): Promise<void> {
  await tx.prisma.publication.deleteMany({ where: { shopId, ownerType, ownerId: { in: [...ownerIds] } } });
}
