/**
 * Finds, once a night, what members earn for by a day or by what they told Shopify: birthdays, who agreed to the newsletter, and how many years
 * somebody is a member. Shopify is asked for all customers by one bulk query, and what it tells of them is kept nowhere. Deeds
 * have names, so a night that is done twice gives nothing twice, and days that were missed are looked at again.
 */
import { shopCalendar, startOfDay } from "../../core/calendar.ts";
import type { JobPayloads, NewJob } from "../../core/job.ts";
import { anniversaryDays, deedOf, yearsOfDay, type Activity } from "../../core/loyalty/activity.ts";
import { RetryAt } from "../../core/retry-at.ts";
import { earnedDeeds } from "../../db/queries/member-deeds.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { firstJoinedAt, membersJoined, membersOf } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";
import type { Assembly } from "../../shopify/bulk-assembly.ts";
import { toldCustomersBulkQuery } from "../../shopify/bulk-queries.ts";
import {
  findRunningBulkQuery,
  pollBulkOperation,
  readBulkResult,
  startBulkQuery,
  type BulkResult,
} from "../../shopify/bulk.server.ts";
import { idOf } from "../../shopify/gid.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { inChunks } from "../sync/chunks.ts";
import { DEFAULT_SETTINGS, type SyncSettings } from "../sync/settings.ts";
import { earnFor, type Deed } from "./earn-activity.server.ts";

type Payload = JobPayloads["find-deeds"];

const MEMBERS_AT_ONCE = 100;
const NO_PLACE_MS = 5_000;
/** What only Shopify knows. */
const ASKED: readonly Activity["kind"][] = ["birthday", "newsletter", "profile"];

export async function findDeeds(
  db: Database,
  shopId: number,
  { operation: id }: Payload,
  signal: AbortSignal,
  settings: SyncSettings = DEFAULT_SETTINGS,
  now = Date.now(),
): Promise<RetryAt | void> {
  const shop = await activeShop(db, shopId);
  const programme = await findProgramme(db, shopId);
  if (!shop || programme?.state !== "running") return;
  const kinds = new Set(programme.activities.map(({ kind }) => kind));
  if (id === null) {
    if (kinds.has("anniversary")) await giveAnniversaries(db, shop, signal, now);
    if (!ASKED.some((kind) => kinds.has(kind))) return;
    return startOperation(db, shop, settings);
  }
  const operation = await pollBulkOperation(await adminFor(db, shopId), id);
  failpoint("find-deeds:after-poll");
  switch (operation.state) {
    case "running":
      return new RetryAt(Date.now() + settings.pollLongestMs);
    case "stopped":
    case "unknown":
      // Tomorrow's looks at the last days, too.
      log.warn({ shopId, state: operation.state }, "bulk query for deeds ended without a result");
      return;
    case "done":
      return giveTold(db, shop, kinds, operation.result, signal, now);
  }
}

async function startOperation(db: Database, shop: Shop, settings: SyncSettings): Promise<RetryAt | void> {
  const client = await adminFor(db, shop.id);
  const query = toldCustomersBulkQuery();
  failpoint("find-deeds:before-start");
  // One whose id was lost still runs.
  const running = await findRunningBulkQuery(client, query);
  const start = running === null ? await startBulkQuery(client, query) : ({ ok: true, id: running } as const);
  failpoint("find-deeds:after-start");
  if (!start.ok) return new RetryAt(Date.now() + NO_PLACE_MS);
  await db.write(async (tx) => {
    await enqueue(tx, {
      ...findDeedsJob(shop.id, Date.now() + settings.pollFirstMs),
      payload: { operation: start.id },
    });
    failpoint("find-deeds:before-start-commit");
  });
  failpoint("find-deeds:after-start-commit");
}

/** Of a customer, as the bulk query asks for it. */
interface ToldNode {
  id: string;
  birthday: { value: string } | null;
  defaultEmailAddress: { marketingState: string } | null;
}

type Found = Deed & { customerId: number };

async function giveTold(
  db: Database,
  shop: Shop,
  kinds: ReadonlySet<Activity["kind"]>,
  result: BulkResult,
  signal: AbortSignal,
  now: number,
): Promise<void> {
  const found = await readBulkResult(result, () => deedsTold(shop, kinds, now), { signal });
  for (const some of inChunks(found, MEMBERS_AT_ONCE)) {
    signal.throwIfAborted();
    const members = await membersOf(
      db,
      shop.id,
      some.map(({ customerId }) => customerId),
    );
    const deeds = some.flatMap(({ customerId, ...deed }) => {
      const memberId = members.get(customerId);
      return memberId === undefined ? [] : [{ ...deed, memberId }];
    });
    await giveSome(db, shop.id, deeds, now);
  }
}

/** Of all customers only the deeds are kept, which are few. */
function deedsTold(shop: Shop, kinds: ReadonlySet<Activity["kind"]>, now: number): Assembly<Found> {
  const calendar = shopCalendar(shop.timeZone);
  const found: Found[] = [];
  let objectCount = 0;
  const add = ({ id, birthday, defaultEmailAddress }: ToldNode) => {
    const customerId = idOf(id);
    const tell = (kind: Activity["kind"], occasion: string) => {
      if (kinds.has(kind)) found.push({ customerId, key: kind, occasion });
    };
    if (birthday) tell("profile", "once");
    for (const year of birthday ? yearsOfDay(birthday.value, now, calendar) : [])
      tell("birthday", String(year));
    if (defaultEmailAddress?.marketingState === "SUBSCRIBED") tell("newsletter", "once");
  };
  return {
    add(row) {
      objectCount += 1;
      add(row as unknown as ToldNode);
    },
    finish: () => found,
    get objectCount() {
      return objectCount;
    },
    get rootCount() {
      return objectCount;
    },
  };
}

async function giveAnniversaries(db: Database, shop: Shop, signal: AbortSignal, now: number): Promise<void> {
  const calendar = shopCalendar(shop.timeZone);
  const first = await firstJoinedAt(db, shop.id);
  if (first === null) return;
  for (const { day, years } of anniversaryDays(now, calendar.dayOf(first), calendar)) {
    const span = { from: startOfDay(day, calendar), to: startOfDay(day + 1, calendar) };
    for (const some of inChunks(await membersJoined(db, shop.id, span), MEMBERS_AT_ONCE)) {
      signal.throwIfAborted();
      const deeds = some.map((memberId) => ({ memberId, key: "anniversary", occasion: String(years) }));
      await giveSome(db, shop.id, deeds, now);
    }
  }
}

/** Those that were earned already cost one question for all of them. */
async function giveSome(
  db: Database,
  shopId: number,
  deeds: readonly (Deed & { memberId: number })[],
  now: number,
): Promise<void> {
  const nameOf = ({ key, memberId, occasion }: (typeof deeds)[number]) => deedOf({ key }, memberId, occasion);
  const known = await earnedDeeds(db, shopId, deeds.map(nameOf));
  const fresh = deeds.filter((deed) => !known.has(nameOf(deed)));
  if (fresh.length === 0) return;
  await db.write(async (tx) => {
    const shop = await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    for (const { memberId, ...deed } of programme ? fresh : [])
      if (programme) await earnFor(tx, shop, programme, memberId, deed, now);
    failpoint("find-deeds:before-commit");
  });
  failpoint("find-deeds:after-commit");
}

/** At most one of a shop waits. */
export function findDeedsJob(shopId: number, runAt: number): NewJob<"find-deeds"> {
  return {
    ...{
      shopId,
      kind: "find-deeds",
      payload: { operation: null },
      key: "find-deeds",
      queue: "find-deeds",
      runAt,
    },
  };
}
