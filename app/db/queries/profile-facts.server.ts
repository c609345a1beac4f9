/** What customers have as members of the programme, many at a time, as their pages in the storefront show it. */
import type { Lot, MemberAccount } from "../../core/loyalty/member-account.ts";
import type { RedemptionTerms } from "../../core/loyalty/reward.ts";
import { formerMembers } from "../bulk/former-members.ts";
import { openLots } from "../bulk/ledger-rows.ts";
import { listOf } from "../bulk/list-of.ts";
import { Prisma, type MemberBalance, type Redemption } from "../generated/sqlite/client.ts";
import type { Plain } from "../plain.ts";
import { lotFrom } from "../stores/ledger.server.ts";
import { membersOf } from "../stores/members.server.ts";
import type { Database } from "../types.ts";

interface IssuedRedemption {
  id: string;
  rewardId: string;
  code: string;
  terms: RedemptionTerms;
}

export interface MemberFacts {
  account: MemberAccount;
  /** Redemptions whose codes can be used, the oldest first; not those that are held for a checkout. */
  issued: IssuedRedemption[];
}

/** By customer; who is no member is missing. The customers are few enough for one statement. */
export async function memberFacts(
  db: Database,
  shopId: number,
  customerIds: readonly number[],
): Promise<Map<number, MemberFacts>> {
  const members = await membersOf(db, shopId, customerIds);
  const memberIds = [...new Set(members.values())];
  if (memberIds.length === 0) return new Map();
  const balances = await db.sql.rows<Plain<MemberBalance>>(
    Prisma.sql`SELECT * FROM "MemberBalance" WHERE "shopId" = ${shopId} AND "memberId" IN ${listOf(db, memberIds, "int")}`,
  );
  const lots = Map.groupBy((await openLots(db, shopId, memberIds)).map(lotFrom), ({ memberId }) => memberId);
  const issued = await issuedOf(db, shopId, memberIds);
  const facts = new Map(
    balances.map(({ memberId, transactions, debt }) => {
      const own: Lot[] = (lots.get(memberId) ?? []).map(({ memberId: _, ...lot }) => lot);
      return [
        memberId,
        { account: { memberId, transactions, debt, lots: own }, issued: issued.get(memberId) ?? [] },
      ];
    }),
  );
  return new Map(
    [...members].flatMap(([customerId, memberId]) => {
      const own = facts.get(memberId);
      return own ? [[customerId, own] as const] : [];
    }),
  );
}

/** By who the member is now: redemptions keep the number under which they were made. */
async function issuedOf(
  db: Database,
  shopId: number,
  memberIds: readonly number[],
): Promise<Map<number, IssuedRedemption[]>> {
  const present = await formerMembers(db, shopId, memberIds);
  const own = listOf(db, [...memberIds, ...present.keys()], "int");
  const rows = await db.sql.rows<Plain<Redemption>>(
    Prisma.sql`SELECT * FROM "Redemption" WHERE "shopId" = ${shopId} AND "memberId" IN ${own}
      AND "status" = 'issued' AND "holdEndsAt" IS NULL ORDER BY "reservedAt", "id"`,
  );
  const issued = new Map<number, IssuedRedemption[]>();
  for (const { id, memberId, rewardId, code, terms } of rows) {
    if (code === null) continue;
    const owner = present.get(memberId) ?? memberId;
    // Written by addRedemption only.
    const one = { id, rewardId, code, terms: JSON.parse(terms) as RedemptionTerms };
    issued.set(owner, [...(issued.get(owner) ?? []), one]);
  }
  return issued;
}
