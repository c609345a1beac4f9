/**
 * Says in which tier members are now, from what their orders come to at this moment. It is asked in the transaction that changes an order,
 * by the hour for those with whom time changes something, and for everybody once the merchant has changed the tiers. Doing it again changes nothing.
 */
import { shopCalendar } from "../../core/calendar.ts";
import type { NewJob } from "../../core/job.ts";
import { lifeOfPoints } from "../../core/loyalty/accrue-order.ts";
import { givePoints } from "../../core/loyalty/give-points.ts";
import { DAY_MS } from "../../core/loyalty/ledger.ts";
import { tiersSince, type EarningRules } from "../../core/loyalty/programme.ts";
import { entryChanges, type TierEntry } from "../../core/loyalty/tier-entries.ts";
import type { Standing } from "../../core/loyalty/tier-standing.ts";
import { rankOf, type TierRules } from "../../core/loyalty/tiers.ts";
import { lockAccounts, saveChanges } from "../../db/stores/ledger.server.ts";
import { presentMembersAfter } from "../../db/stores/members.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { tellOutside, type NewEvent } from "../../db/stores/outgoing-events.server.ts";
import { publishMembersLater } from "../../db/stores/publications.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import {
  dueTierMembers,
  markTiersJudged,
  memberTiers,
  openEntries,
  saveEntries,
  saveMemberTiers,
  type MemberTier,
} from "../../db/stores/tiers.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { giveReward } from "./redeem-reward.server.ts";
import { tierStandings } from "./tier-standings.server.ts";

const MEMBERS_AT_ONCE = 200;

/** A reward that cannot be given today is tried again tomorrow. */
const TRY_AGAIN_MS = DAY_MS;

/**
 * The transaction holds the shop's row. Members that are merged are not asked for. Without `entriesBring` what is entered now brings
 * nothing, now or later.
 */
export async function judgeMembers(
  tx: Transaction,
  shop: Shop,
  programme: Programme,
  memberIds: Iterable<number>,
  now: number,
  { entriesBring = true } = {},
): Promise<void> {
  const rules = programme.versions.at(-1)?.rules;
  const wanted = [...new Set(memberIds)];
  if (!hasTiers(rules) || wanted.length === 0) return;
  const standings = await tierStandings(tx, shop, programme, wanted, now);
  const judged = await judge(tx, shop.id, programme, rules, standings, now, entriesBring);
  const rewarded = await reward(tx, shop, rules, judged, now);
  const entries = new Map(
    judged.flatMap(({ row: { memberId }, opened, closed }) =>
      [...opened, ...closed].map((entry) => [`${memberId}.${entry.sequence}`, { ...entry, memberId }]),
    ),
  );
  for (const entry of rewarded) entries.set(`${entry.memberId}.${entry.sequence}`, entry);
  await saveEntries(tx, shop.id, [...entries.values()]);
  const isRewarded = (memberId: number, { sequence }: TierEntry) =>
    rewarded.some((entry) => entry.memberId === memberId && entry.sequence === sequence);
  const rows = judged.map(({ row, due }) =>
    due.every((entry) => isRewarded(row.memberId, entry))
      ? row
      : { ...row, dueAt: Math.min(row.dueAt ?? Infinity, now + TRY_AGAIN_MS) },
  );
  const changed = rows.filter((row, index) => JSON.stringify(row) !== JSON.stringify(judged[index]?.before));
  await saveMemberTiers(tx, shop.id, changed);
  const ids = changed.map(({ memberId }) => memberId);
  await publishMembersLater(tx, shop.id, ids, { first: false });
  await tellOutside(tx, shop.id, changedTiers(rules.tiers, judged, now));
}

/** Known once, in the transaction that makes it so. */
function changedTiers(tiers: TierRules, judged: readonly Judged[], now: number): NewEvent[] {
  const named = (id: string | null) =>
    id === null ? null : { id, name: tiers.ladder.find((tier) => tier.id === id)?.name ?? id };
  return judged.flatMap(({ row: { memberId, tierId, because }, before, isByRules }): NewEvent[] => {
    const from = before?.tierId ?? null;
    if (from === tierId) return [];
    const isUp = rankOf(tiers, tierId) > rankOf(tiers, from);
    return [
      {
        ...{ kind: "tier.changed", memberId, cause: `${memberId}/${now}/${tierId}`, occurredAt: now },
        data: {
          ...{ from: named(from), to: named(tierId), direction: isUp ? "up" : "down" },
          reason: isByRules ? "programme" : (because ?? "lost"),
        },
      },
    ];
  });
}

function hasTiers(rules: EarningRules | undefined): rules is EarningRules & { tiers: TierRules } {
  return rules?.tiers !== undefined;
}

interface Judged {
  before: MemberTier | undefined;
  row: MemberTier;
  opened: readonly TierEntry[];
  closed: readonly TierEntry[];
  due: readonly TierEntry[];
  /** The merchant changed the tiers since the member was judged last. */
  isByRules: boolean;
}

async function judge(
  tx: Transaction,
  shopId: number,
  programme: Programme,
  rules: EarningRules & { tiers: TierRules },
  standings: ReadonlyMap<number, Standing>,
  now: number,
  entriesBring: boolean,
): Promise<Judged[]> {
  const members = [...standings.keys()];
  const stored = await memberTiers(tx, shopId, members);
  const open = await openEntries(tx, shopId, members);
  const version = tiersSince(programme.versions);
  const isSwept = programme.tiersJudged >= version;
  return [...standings].flatMap(([memberId, standing]) => {
    const before = stored.get(memberId);
    const isNew = !before && (isSwept || memberId <= programme.tiersCursor);
    const isByRules = before ? before.version < version : !isNew;
    const entries = entryChanges(rules.tiers, open.get(memberId) ?? [], before?.entries ?? 0, standing, {
      ...{ now, waitMs: rules.windowDays * DAY_MS },
      isByRules: isByRules || !entriesBring,
    });
    if (!before && standing.tierId === null && standing.amount === 0) return [];
    const { tierId, because, amount, next } = standing;
    const dueAt = Math.min(next?.at ?? Infinity, entries.nextRewardAt ?? Infinity);
    const row: MemberTier = {
      ...{ memberId, tierId, because, amount },
      since: before && before.tierId === tierId ? before.since : now,
      ...{ changesAt: next?.at ?? null, changesTo: next?.tierId ?? null },
      dueAt: dueAt === Infinity ? null : dueAt,
      version,
      entries: (before?.entries ?? 0) + entries.opened.length,
    };
    return [{ before, row, ...entries, isByRules }];
  });
}

/** Answers the entries whose reward was given. */
async function reward(
  tx: Transaction,
  shop: Shop,
  rules: EarningRules,
  judged: readonly Judged[],
  now: number,
): Promise<(TierEntry & { memberId: number })[]> {
  const due = judged.filter((each) => each.due.length > 0);
  if (due.length === 0) return [];
  const accounts = await lockAccounts(
    tx,
    shop.id,
    due.map(({ row }) => row.memberId),
  );
  const life = lifeOfPoints(
    { placedAt: now, paidAt: now },
    { ...rules, windowDays: 0 },
    shopCalendar(shop.timeZone),
  );
  const rewarded: (TierEntry & { memberId: number })[] = [];
  for (const { row, due: entries } of due) {
    const { memberId } = row;
    for (const entry of entries) {
      const tier = rules.tiers?.ladder.find(({ id }) => id === entry.tierId);
      let account = accounts.get(memberId);
      if (!tier || !account) continue;
      const sourceId = `${memberId}.${entry.sequence}`;
      if (tier.entryRewardId !== null) {
        const wish = { rewardId: tier.entryRewardId, requestKey: `tier:${sourceId}` };
        account = (await giveReward(tx, shop, account, wish, now)) ?? undefined;
        if (!account) continue;
      }
      if (tier.entryPoints > 0) {
        const gift = { kind: "tier", sourceId, points: tier.entryPoints, reason: tier.name } as const;
        const change = givePoints(account, { ...gift, expiresAt: life.expiresAt }, now);
        await saveChanges(tx, shop.id, [change]);
        account = change.account;
      }
      accounts.set(memberId, account);
      rewarded.push({ ...entry, memberId, rewardedAt: now });
    }
  }
  return rewarded;
}

/** Everybody by tiers that were changed, and whoever is due, some members in a transaction: it can stop anywhere and goes on where it was. */
export async function judgeTiers(
  db: Database,
  shopId: number,
  signal: AbortSignal,
  now = Date.now(),
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const isThrough = await db.write(async (tx) => {
      if (!(await activeShop(tx, shopId))) return true;
      const shop = await lockShop(tx, shopId);
      const programme = await findProgramme(tx, shopId);
      if (!programme || programme.state === "off" || !programme.versions.at(-1)?.rules.tiers) return true;
      const isDone = await judgeSome(tx, shop, programme, now);
      failpoint("judge-tiers:before-commit");
      return isDone;
    });
    failpoint("judge-tiers:after-commit");
    if (isThrough) return;
  }
}

/** `true`: nobody is left. */
async function judgeSome(tx: Transaction, shop: Shop, programme: Programme, now: number): Promise<boolean> {
  const version = tiersSince(programme.versions);
  if (programme.tiersJudged < version) {
    const members = await presentMembersAfter(tx, shop.id, programme.tiersCursor, MEMBERS_AT_ONCE);
    await judgeMembers(tx, shop, programme, members, now);
    const cursor = members.at(-1);
    await markTiersJudged(tx, shop.id, cursor === undefined ? { version } : { cursor });
    return false;
  }
  const members = await dueTierMembers(tx, shop.id, now, MEMBERS_AT_ONCE);
  await judgeMembers(tx, shop, programme, members, now);
  return members.length < MEMBERS_AT_ONCE;
}

/** At most one of a shop waits. */
export function judgeTiersJob(shopId: number, runAt?: number): NewJob<"judge-tiers"> {
  return {
    ...{ shopId, kind: "judge-tiers", payload: {}, key: "judge-tiers", queue: "judge-tiers" },
    ...(runAt !== undefined && { runAt }),
  };
}
