/** Who is in which tier, what they entered, and the tiers that merchants give. Whoever writes here holds the shop's row. */
import type { TierEntry } from "../../core/loyalty/tier-entries.ts";
import type { Standing } from "../../core/loyalty/tier-standing.ts";
import { writeRows } from "../bulk/write-rows.ts";
import type { TierGrant as TierGrantRow } from "../generated/sqlite/client.ts";
import { plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export interface MemberTier {
  memberId: number;
  tierId: string | null;
  because: Standing["because"];
  amount: number;
  since: number;
  changesAt: number | null;
  changesTo: string | null;
  dueAt: number | null;
  version: number;
  /** Sequence of the last entry. */
  entries: number;
}

export interface TierGrant {
  id: string;
  memberId: number;
  tierId: string;
  fromAt: number;
  untilAt: number | null;
  reason: string;
  endedAt: number | null;
}

/** By member; of whom nothing was ever to be said is missing. */
export async function memberTiers(
  db: Reading,
  shopId: number,
  memberIds: readonly number[],
): Promise<Map<number, MemberTier>> {
  const rows = await db.prisma.memberTier.findMany({ where: { shopId, memberId: { in: [...memberIds] } } });
  return new Map(
    rows.map((row) => {
      const { memberId, tierId, amount, since, changesAt, changesTo, dueAt, version, entries } = plain(row);
      // Written by saveMemberTiers only.
      const because = row.because as MemberTier["because"];
      const judged = { tierId, because, amount, since, changesAt, changesTo, dueAt, version, entries };
      return [memberId, { memberId, ...judged }];
    }),
  );
}

export async function saveMemberTiers(
  tx: Transaction,
  shopId: number,
  tiers: readonly MemberTier[],
): Promise<void> {
  const rows = tiers.map(({ memberId, tierId, because, amount, since, changesAt, changesTo, ...rest }) => ({
    ...{ shopId, memberId, tierId, because, amount, since, changesAt, changesTo },
    ...{ dueAt: rest.dueAt, version: rest.version, entries: rest.entries },
  }));
  await writeRows(tx, "MemberTier", rows, ["shopId", "memberId"]);
}

/** Those that have not been left, by member. */
export async function openEntries(
  db: Reading,
  shopId: number,
  memberIds: readonly number[],
): Promise<Map<number, TierEntry[]>> {
  const where = { shopId, memberId: { in: [...memberIds] }, leftAt: null };
  const rows = await db.prisma.tierEntry.findMany({ where, orderBy: { sequence: "asc" } });
  const entries = new Map<number, TierEntry[]>();
  for (const row of rows) {
    const { memberId, sequence, tierId, enteredAt, leftAt, rewardAt, rewardedAt } = plain(row);
    const entry = { sequence, tierId, enteredAt, leftAt, rewardAt, rewardedAt };
    entries.set(memberId, [...(entries.get(memberId) ?? []), entry]);
  }
  return entries;
}

export async function saveEntries(
  tx: Transaction,
  shopId: number,
  entries: readonly (TierEntry & { memberId: number })[],
): Promise<void> {
  const rows = entries.map(({ memberId, sequence, tierId, enteredAt, leftAt, rewardAt, rewardedAt }) => ({
    ...{ shopId, memberId, sequence, tierId, enteredAt, leftAt, rewardAt, rewardedAt },
  }));
  await writeRows(tx, "TierEntry", rows, ["shopId", "memberId", "sequence"]);
}

/** Members whose tier changes or whose entry brings something by then; those that were due first first. */
export async function dueTierMembers(
  db: Reading,
  shopId: number,
  by: number,
  limit: number,
): Promise<number[]> {
  const rows = await db.prisma.memberTier.findMany({
    where: { shopId, dueAt: { lte: by } },
    orderBy: [{ dueAt: "asc" }, { memberId: "asc" }],
    select: { memberId: true },
    take: limit,
  });
  return rows.map(({ memberId }) => memberId);
}

/** By tier; who is in none is missing. */
export async function countByTier(db: Reading, shopId: number): Promise<Map<string, number>> {
  const rows = await db.prisma.memberTier.groupBy({
    by: ["tierId"],
    where: { shopId, tierId: { not: null } },
    _count: { _all: true },
  });
  return new Map(rows.flatMap(({ tierId, _count }) => (tierId === null ? [] : [[tierId, _count._all]])));
}

/** Up to which member everybody was judged by the tiers of a version; with `version` it is through. */
export async function markTiersJudged(
  tx: Transaction,
  shopId: number,
  through: { cursor: number } | { version: number },
): Promise<void> {
  const data =
    "version" in through ? { tiersJudged: through.version, tiersCursor: 0 } : { tiersCursor: through.cursor };
  await tx.prisma.loyaltyProgramme.update({ where: { shopId }, data });
}

/** The latest first. */
export async function grantsOf(
  db: Reading,
  shopId: number,
  memberIds: readonly number[],
): Promise<TierGrant[]> {
  const rows = await db.prisma.tierGrant.findMany({
    where: { shopId, memberId: { in: [...memberIds] } },
    orderBy: [{ fromAt: "desc" }, { id: "asc" }],
  });
  return rows.map(grantFrom);
}

export async function findGrant(db: Reading, shopId: number, id: string): Promise<TierGrant | null> {
  const row = await db.prisma.tierGrant.findUnique({ where: { shopId_id: { shopId, id } } });
  return row && grantFrom(row);
}

function grantFrom(row: TierGrantRow): TierGrant {
  const { id, memberId, tierId, fromAt, untilAt, reason, endedAt } = plain(row);
  return { id, memberId, tierId, fromAt, untilAt, reason, endedAt };
}

export async function addGrant(tx: Transaction, shopId: number, grant: TierGrant): Promise<void> {
  await tx.prisma.tierGrant.create({ data: { shopId, ...grant } });
}

export async function addGrants(
  tx: Transaction,
  shopId: number,
  grants: readonly TierGrant[],
): Promise<void> {
  const rows = grants.map(({ id, memberId, tierId, fromAt, untilAt, reason, endedAt }) => ({
    ...{ shopId, id, memberId, tierId, fromAt, untilAt, reason, endedAt },
  }));
  await writeRows(tx, "TierGrant", rows, ["shopId", "id"]);
}

export async function endGrants(
  tx: Transaction,
  shopId: number,
  ids: readonly string[],
  endedAt: number,
): Promise<void> {
  await tx.prisma.tierGrant.updateMany({
    where: { shopId, id: { in: [...ids] }, endedAt: null },
    data: { endedAt },
  });
}

export async function endGrant(tx: Transaction, shopId: number, id: string, endedAt: number): Promise<void> {
  await tx.prisma.tierGrant.updateMany({ where: { shopId, id, endedAt: null }, data: { endedAt } });
}

/** A merged member's entries are the survivor's, who does not enter those tiers again; so are tiers that were given. */
export async function mergeTiers(tx: Transaction, shopId: number, from: number, to: number): Promise<void> {
  const tiers = await memberTiers(tx, shopId, [from, to]);
  const [left, kept] = [tiers.get(from), tiers.get(to)];
  await tx.prisma.tierGrant.updateMany({ where: { shopId, memberId: from }, data: { memberId: to } });
  if (!left) return;
  const open = await openEntries(tx, shopId, [from, to]);
  const own = new Set((open.get(to) ?? []).map(({ tierId }) => tierId));
  const taken = (open.get(from) ?? []).filter(({ tierId }) => !own.has(tierId));
  let entries = kept?.entries ?? 0;
  await tx.prisma.tierEntry.deleteMany({ where: { shopId, memberId: from } });
  await saveEntries(
    tx,
    shopId,
    taken.map((entry) => ({ ...entry, memberId: to, sequence: ++entries })),
  );
  await tx.prisma.memberTier.deleteMany({ where: { shopId, memberId: from } });
  await saveMemberTiers(tx, shopId, [{ ...(kept ?? left), memberId: to, entries }]);
}

export async function forgetTiers(
  tx: Transaction,
  shopId: number,
  memberIds: readonly number[],
): Promise<void> {
  const where = { shopId, memberId: { in: [...memberIds] } };
  await tx.prisma.memberTier.deleteMany({ where });
  await tx.prisma.tierEntry.deleteMany({ where });
  await tx.prisma.tierGrant.deleteMany({ where });
}
