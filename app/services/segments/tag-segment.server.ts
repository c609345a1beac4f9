/**
 * Gives the members of a segment its tag at Shopify and takes it from those who have left. Who is to be tagged is written down first, tagged
 * then and ticked off last, and whoever loses the tag is struck off after it is gone: after a crash anywhere what is written down says whom
 * to ask for again, and to ask twice changes nothing. Only the segment's own tag is ever named.
 */
import { RetryAt } from "../../core/retry-at.ts";
import { segmentTag } from "../../core/segments/segment-tag.ts";
import type { SegmentName } from "../../core/segments/usual-segments.ts";
import {
  findTagging,
  markTagged,
  removeTagging,
  removeTags,
  reserveTags,
  saveTagging,
  segmentTags,
  type Tagging,
} from "../../db/stores/segment-tags.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { gidOf } from "../../shopify/gid.ts";
import { TAG_CUSTOMER, UNTAG_CUSTOMER } from "../../shopify/operations/segments.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { inChunks } from "../sync/chunks.ts";
import { canTag } from "./can-tag.ts";
import { ruleFigures } from "./open-segment.server.ts";
import { customersBehind } from "./segment-customers.server.ts";
import { segmentRules } from "./segment-rules.server.ts";

/** As many mutations run at once; each costs ten points, so the shop's bucket sets the pace. */
const CUSTOMERS_AT_ONCE = 10;
/** Then the job makes room for others and goes on from what is written down. */
const LONGEST_MS = 30_000;
const WAIT_FOR_SYNC_MS = 60_000;

interface Run {
  db: Database;
  shop: Shop;
  name: SegmentName;
  tagging: Tagging;
  client: AdminClient;
}

export async function tagSegment(
  db: Database,
  shopId: number,
  name: SegmentName,
  signal: AbortSignal,
  longestMs = LONGEST_MS,
): Promise<RetryAt | void> {
  const shop = await activeShop(db, shopId);
  const tagging = shop && (await findTagging(db, shopId, name));
  if (!shop || !tagging || tagging.state === "stopped") return;
  const run: Omit<Run, "client"> = { db, shop, name, tagging };
  // The merchant has taken the scope back: what is tagged stays so.
  if (!canTag(shop)) return settle(run, { ...tagging, state: "stopped" });
  const wanted = tagging.state === "removing" ? new Set<number>() : await wantedCustomers(run);
  if (wanted instanceof RetryAt || wanted === null) return wanted ?? undefined;
  const present = await segmentTags(db, shopId, name);
  const client = await adminFor(db, shopId, { signal });
  const steps = [
    { change: addTags, ids: [...wanted].filter((id) => present.get(id) !== true) },
    { change: takeTags, ids: [...present.keys()].filter((id) => !wanted.has(id)) },
  ];
  const endsAt = performance.now() + longestMs;
  for (const { change, ids } of steps) {
    for (const some of inChunks(ids, CUSTOMERS_AT_ONCE)) {
      signal.throwIfAborted();
      if (performance.now() > endsAt) return new RetryAt(Date.now());
      if (!(await change({ ...run, client }, some))) return;
    }
  }
  await settle(run, tagging.state === "removing" ? null : { ...tagging, finishedAt: Date.now() });
}

/** `null`: who is in it is not known, so nobody gains or loses anything. */
async function wantedCustomers({
  db,
  shop,
  name,
}: Omit<Run, "client">): Promise<Set<number> | RetryAt | null> {
  const rule = (await segmentRules(db, shop.id))[name];
  const { figures, coverage } = await ruleFigures(db, shop, rule, { withValues: false });
  if (!coverage.syncComplete) return new RetryAt(Date.now() + WAIT_FOR_SYNC_MS);
  if (!figures) return null;
  const wanted = new Set<number>();
  for await (const some of customersBehind(db, shop, rule, false)) {
    for (const { customerId } of some) wanted.add(customerId);
  }
  return wanted;
}

/** `false`: the merchant wants something else by now. */
async function addTags(run: Run, ids: readonly number[]): Promise<boolean> {
  const { db, shop, name } = run;
  const reserved = await db.write(async (tx) => {
    if (!(await isCurrent(tx, run))) return false;
    await reserveTags(tx, shop.id, name, ids);
    failpoint("tag-segment:before-reserve-commit");
    return true;
  });
  failpoint("tag-segment:after-reserve-commit");
  if (!reserved) return false;
  const refused = await changeTags(run, TAG_CUSTOMER, ids);
  await db.write(async (tx) => {
    await lockShop(tx, shop.id);
    await markTagged(
      tx,
      shop.id,
      name,
      ids.filter((id) => !refused.includes(id)),
    );
    await removeTags(tx, shop.id, name, refused);
    failpoint("tag-segment:before-tagged-commit");
  });
  failpoint("tag-segment:after-tagged-commit");
  return true;
}

async function takeTags(run: Run, ids: readonly number[]): Promise<boolean> {
  const { db, shop, name } = run;
  if (!(await isWanted(run))) return false;
  await changeTags(run, UNTAG_CUSTOMER, ids);
  await db.write(async (tx) => {
    await lockShop(tx, shop.id);
    await removeTags(tx, shop.id, name, ids);
    failpoint("tag-segment:before-untagged-commit");
  });
  failpoint("tag-segment:after-untagged-commit");
  return true;
}

/** Answers whom Shopify refused: mostly because there is no such customer any more. */
async function changeTags(
  { client, shop, name }: Run,
  operation: typeof TAG_CUSTOMER | typeof UNTAG_CUSTOMER,
  ids: readonly number[],
): Promise<number[]> {
  const tags = [segmentTag(name)];
  failpoint("tag-segment:before-request");
  const refused = await Promise.all(
    ids.map(async (id) => {
      const { changed } = await client.request(operation, { id: gidOf("Customer", id), tags });
      return changed && changed.userErrors.length > 0 ? [id] : [];
    }),
  );
  failpoint("tag-segment:after-request");
  const count = refused.flat().length;
  if (count > 0) log.info({ shopId: shop.id, count }, "customers could not be tagged");
  return refused.flat();
}

/** `null`: nobody carries the tag any more, and nobody shall. */
async function settle(run: Omit<Run, "client">, tagging: Tagging | null): Promise<void> {
  const { db, shop, name } = run;
  await db.write(async (tx) => {
    if (!(await isCurrent(tx, run))) return;
    if (tagging) await saveTagging(tx, shop.id, name, tagging);
    else await removeTagging(tx, shop.id, name);
    failpoint("tag-segment:before-settle-commit");
  });
  failpoint("tag-segment:after-settle-commit");
}

async function isCurrent(tx: Transaction, run: Omit<Run, "client">): Promise<boolean> {
  const { installGeneration, uninstalledAt } = await lockShop(tx, run.shop.id);
  if (uninstalledAt !== null || installGeneration !== run.shop.installGeneration) return false;
  return isSame(run, await findTagging(tx, run.shop.id, run.name));
}

async function isWanted(run: Run): Promise<boolean> {
  return isSame(run, await findTagging(run.db, run.shop.id, run.name));
}

function isSame({ tagging }: Omit<Run, "client">, now: Tagging | null): boolean {
  return now?.state === tagging.state && now.startedAt === tagging.startedAt;
}
