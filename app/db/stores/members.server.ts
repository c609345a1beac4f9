/** Members of the programme: numbers of ours, one deletable row that says which of Shopify's customers each is, and merges. */
import { mergeMembers } from "../../core/loyalty/merge-members.ts";
import { isKeptOut } from "../../core/loyalty/hold-out.ts";
import { listOf } from "../bulk/list-of.ts";
import { writeTables } from "../bulk/write-rows.ts";
import { Prisma, type MemberLink } from "../generated/sqlite/client.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { lockAccounts, saveChanges } from "./ledger.server.ts";
import { publishLater } from "./publications.server.ts";
import { holdOutFrom } from "./programmes.server.ts";
import { forgetReferred, mergeFriends, mergeReferrals } from "./referrals.server.ts";
import { forgetTiers, mergeTiers } from "./tiers.server.ts";

/** Members by customer, those that are. */
export async function membersOf(
  db: Reading,
  shopId: number,
  customerIds: Iterable<number>,
): Promise<Map<number, number>> {
  const wanted = new Set(customerIds);
  if (wanted.size === 0) return new Map();
  const links = await db.sql.rows<Pick<Plain<MemberLink>, "customerId" | "memberId">>(
    Prisma.sql`SELECT "customerId", "memberId" FROM "MemberLink"
      WHERE "shopId" = ${shopId} AND "customerId" IN ${listOf(db, wanted, "bigint")}`,
  );
  return new Map(links.map(({ customerId, memberId }) => [customerId, memberId]));
}

/** `null` where the customer is none. */
export async function memberOf(db: Reading, shopId: number, customerId: number): Promise<number | null> {
  const [link] = await db.sql.rows<{ memberId: number }>(
    Prisma.sql`SELECT "memberId" FROM "MemberLink" WHERE "shopId" = ${shopId} AND "customerId" = CAST(${customerId} AS BIGINT)`,
  );
  return link?.memberId ?? null;
}

/** Customers by member; who has been erased is missing. */
export async function customersOfMembers(
  db: Reading,
  shopId: number,
  memberIds: Iterable<number>,
): Promise<Map<number, number>> {
  const wanted = new Set(memberIds);
  if (wanted.size === 0) return new Map();
  const links = await db.sql.rows<Pick<Plain<MemberLink>, "customerId" | "memberId">>(
    Prisma.sql`SELECT "customerId", "memberId" FROM "MemberLink"
      WHERE "shopId" = ${shopId} AND "memberId" IN ${listOf(db, wanted, "int")}`,
  );
  return new Map(links.map(({ customerId, memberId }) => [memberId, customerId]));
}

export async function findMember(
  db: Reading,
  shopId: number,
  id: number,
): Promise<{ id: number; joinedAt: number } | null> {
  const [row] = await db.sql.rows<{ id: number; joinedAt: number }>(
    Prisma.sql`SELECT "id", "joinedAt" FROM "Member" WHERE "shopId" = ${shopId} AND "id" = ${id}`,
  );
  return row ?? null;
}

/**
 * Makes members of customers, who may be already, and answers with the numbers of all. The shop has a programme; whom it keeps out is not
 * made one and is missing in the answer. Whatever makes members comes by here.
 */
export async function addMembers(
  tx: Transaction,
  shopId: number,
  customerIds: Iterable<number>,
  at: number,
  /** Whoever brings points that were promised elsewhere is a member, drawn or not. */
  { alsoKeptOut = false } = {},
): Promise<Map<number, number>> {
  const wanted = [...new Set(customerIds)];
  const programme = await tx.prisma.loyaltyProgramme.update({
    where: { shopId },
    data: { lastMemberId: { increment: 0 } },
  });
  const { lastMemberId } = programme;
  const holdOut = alsoKeptOut ? null : holdOutFrom(plain(programme));
  const members = await membersOf(tx, shopId, wanted);
  const added = wanted.filter((customerId) => !members.has(customerId) && !isKeptOut(holdOut, customerId));
  if (added.length === 0) return members;
  for (const [index, customerId] of added.entries()) members.set(customerId, lastMemberId + 1 + index);
  const rows = added.map((customerId, index) => ({ customerId, memberId: lastMemberId + 1 + index }));
  await writeTables(tx, [
    { table: "Member", rows: rows.map(({ memberId: id }) => ({ shopId, id, joinedAt: at })) },
    { table: "MemberLink", rows: rows.map((row) => ({ shopId, ...row })) },
    { table: "MemberBalance", rows: rows.map(({ memberId }) => ({ shopId, memberId })) },
  ]);
  await tx.prisma.loyaltyProgramme.update({
    where: { shopId },
    data: { lastMemberId: lastMemberId + added.length },
  });
  await publishLater(tx, shopId, added, { first: false });
  return members;
}

/** Who members are now: those that were merged are somebody else. */
export async function currentMembers(
  db: Reading,
  shopId: number,
  memberIds: Iterable<number>,
): Promise<Map<number, number>> {
  const wanted = new Set(memberIds);
  if (wanted.size === 0) return new Map();
  const members = await db.sql.rows<{ id: number; now: number }>(
    Prisma.sql`SELECT "id", coalesce("aliasOfId", "id") AS "now" FROM "Member"
      WHERE "shopId" = ${shopId} AND "id" IN ${listOf(db, wanted, "int")}`,
  );
  return new Map(members.map(({ id, now }) => [id, now]));
}

/** Those of the members who joined at that moment or later. */
export async function membersSince(
  db: Reading,
  shopId: number,
  since: number,
  memberIds: readonly number[],
): Promise<number[]> {
  const where = { shopId, id: { in: [...new Set(memberIds)] }, joinedAt: { gte: since } };
  const rows = await db.prisma.member.findMany({ where, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** When the first member joined; `null`: there is none. */
export async function firstJoinedAt(db: Reading, shopId: number): Promise<number | null> {
  const { _min } = await db.prisma.member.aggregate({ where: { shopId }, _min: { joinedAt: true } });
  return _min.joinedAt === null ? null : Number(_min.joinedAt);
}

/** Members that are somebody by themselves and joined then: from inclusive, to exclusive. Who was erased is missing. */
export async function membersJoined(
  db: Reading,
  shopId: number,
  { from, to }: { from: number; to: number },
): Promise<number[]> {
  const rows = await db.prisma.member.findMany({
    where: { shopId, joinedAt: { gte: from, lt: to }, aliasOfId: null },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  const linked = await customersOfMembers(
    db,
    shopId,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id }) => (linked.has(id) ? [id] : []));
}

/** Members that are somebody by themselves, in the order of their numbers. */
export async function presentMembersAfter(
  db: Reading,
  shopId: number,
  after: number,
  limit: number,
): Promise<number[]> {
  const rows = await db.prisma.member.findMany({
    where: { shopId, id: { gt: after }, aliasOfId: null },
    orderBy: { id: "asc" },
    select: { id: true },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

/** Shopify has merged two customers: what the first has as a member is the second's. */
export async function mergeLinkedMembers(
  tx: Transaction,
  shopId: number,
  fromCustomerId: number,
  toCustomerId: number,
  at: number,
): Promise<void> {
  await mergeFriends(tx, shopId, fromCustomerId, toCustomerId);
  const members = await membersOf(tx, shopId, [fromCustomerId, toCustomerId]);
  const [from, to] = [members.get(fromCustomerId), members.get(toCustomerId)];
  if (from === undefined) return;
  if (to === undefined) {
    await tx.prisma.memberLink.updateMany({
      where: { shopId, customerId: fromCustomerId },
      data: { customerId: toCustomerId },
    });
    await publishLater(tx, shopId, [toCustomerId], { first: false });
    return;
  }
  await tx.prisma.memberLink.deleteMany({ where: { shopId, customerId: fromCustomerId } });
  if (from !== to) await mergeInto(tx, shopId, from, to, at);
}

async function mergeInto(
  tx: Transaction,
  shopId: number,
  from: number,
  to: number,
  at: number,
): Promise<void> {
  const accounts = await lockAccounts(tx, shopId, [from, to]);
  const [merged, survivor] = [accounts.get(from), accounts.get(to)];
  if (!merged || !survivor) throw new Error(`members ${from} and ${to} could not be locked`);
  const done = mergeMembers(merged, survivor, at);
  await saveChanges(tx, shopId, [{ account: done.merged, transactions: [] }, done.survivor]);
  // Lots that are spent change hands, too: a redemption may yet give back to them.
  await tx.prisma.lot.updateMany({ where: { shopId, memberId: from }, data: { memberId: to } });
  await tx.prisma.member.updateMany({
    where: { shopId, OR: [{ id: from }, { aliasOfId: from }] },
    data: { aliasOfId: to },
  });
  await tx.prisma.orderAccrual.updateMany({ where: { shopId, memberId: from }, data: { memberId: to } });
  await mergeTiers(tx, shopId, from, to);
  await mergeReferrals(tx, shopId, from, to);
}

/** After this nothing leads from a member to the customer. */
export async function unlinkMembers(
  tx: Transaction,
  shopId: number,
  customerIds: readonly number[],
): Promise<void> {
  const members = await membersOf(tx, shopId, customerIds);
  await forgetTiers(tx, shopId, [...members.values()]);
  await forgetReferred(tx, shopId, customerIds, [...members.values()]);
  await tx.prisma.memberLink.deleteMany({ where: { shopId, customerId: { in: [...customerIds] } } });
}
