/** Points spent on rewards, and what has become of each. Whoever changes one holds the member's account. */
import type { RedemptionState, RedemptionStatus } from "../../core/loyalty/redemption.ts";
import type { Taking } from "../../core/loyalty/restore.ts";
import { takingsOf } from "../../core/loyalty/restore.ts";
import type { AccountName } from "../../core/loyalty/ledger.ts";
import type { RedemptionTerms } from "../../core/loyalty/reward.ts";
import {
  Prisma,
  type LedgerPosting as PostingRow,
  type Redemption as RedemptionRow,
} from "../generated/sqlite/client.ts";
import { clearCode, resealedCode, SEALED_CODES, storedCode } from "../gift-card-code.server.ts";
import { writeRows } from "../bulk/write-rows.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { publishRedeemerLater } from "./publications.server.ts";

export interface Redemption extends Omit<Plain<RedemptionRow>, "status" | "terms">, RedemptionState {
  status: RedemptionStatus;
  terms: RedemptionTerms;
  code: string;
  expiresAt: number;
}

export async function addRedemption(
  tx: Transaction,
  shopId: number,
  redemption: Pick<
    Redemption,
    | "id"
    | "memberId"
    | "rewardId"
    | "requestKey"
    | "points"
    | "code"
    | "terms"
    | "reservedAt"
    | "expiresAt"
    | "holdEndsAt"
    | "attemptedAt"
  >,
): Promise<Redemption> {
  const { terms, ...facts } = redemption;
  const code = storedCode(terms.gives.kind, facts.code, facts.id);
  const row = {
    ...{ shopId, ...facts, code, terms: JSON.stringify(terms) },
    // The first transaction of the ledger took the points.
    ...{ status: "reserved", changes: 1, takenIn: 0, returnedPoints: 0, isRestored: false },
    ...{ shopifyId: null, cancelAskedAt: null, failedBecause: null },
    ...{ issuedAt: null, usedOrderId: null },
  } satisfies Plain<RedemptionRow>;
  await writeRows(tx, "Redemption", [row]);
  return redemptionFrom(row);
}

export async function findRedemption(db: Reading, shopId: number, id: string): Promise<Redemption | null> {
  const [row] = await db.sql.rows<Plain<RedemptionRow>>(
    Prisma.sql`SELECT * FROM "Redemption" WHERE "shopId" = ${shopId} AND "id" = ${id}`,
  );
  return row ? redemptionFrom(row) : null;
}

/** The one that was made when this was asked for before. */
export async function redemptionOfRequest(
  db: Reading,
  shopId: number,
  requestKey: string,
): Promise<Redemption | null> {
  const [row] = await db.sql.rows<Plain<RedemptionRow>>(
    Prisma.sql`SELECT * FROM "Redemption" WHERE "shopId" = ${shopId} AND "requestKey" = ${requestKey}`,
  );
  return row ? redemptionFrom(row) : null;
}

/** Of a reward, how many a member has or has had, under every number; what was given back is as if it had never been. */
export async function countOfMember(
  db: Reading,
  shopId: number,
  memberId: number,
  rewardId: string,
): Promise<number> {
  const former = await db.prisma.member.findMany({ where: { shopId, aliasOfId: memberId } });
  const memberIds = [memberId, ...former.map(({ id }) => id)];
  return db.prisma.redemption.count({
    where: { shopId, memberId: { in: memberIds }, rewardId, status: { notIn: ["cancelled", "failed"] } },
  });
}

/** The one whose code this is, of those that are not sealed. */
export async function redemptionOfCode(
  db: Reading,
  shopId: number,
  code: string,
): Promise<Redemption | null> {
  const row = await db.prisma.redemption.findUnique({ where: { shopId_code: { shopId, code } } });
  return row ? redemptionFrom(plain(row)) : null;
}

export async function hasRedemptions(db: Reading, shopId: number): Promise<boolean> {
  return (await db.prisma.redemption.findFirst({ where: { shopId }, select: { id: true } })) !== null;
}

/** Those whose codes orders carry, and those that were used on the orders. */
export async function redemptionsOfOrders(
  db: Reading,
  shopId: number,
  orders: readonly { id: number; discountCodes: readonly string[] }[],
): Promise<Redemption[]> {
  const codes = new Set(
    orders.flatMap(({ discountCodes }) => discountCodes.map((code) => code.toUpperCase())),
  );
  const rows = await db.prisma.redemption.findMany({
    where: {
      shopId,
      OR: [{ code: { in: [...codes] } }, { usedOrderId: { in: orders.map(({ id }) => id) } }],
    },
    orderBy: { id: "asc" },
  });
  return rows.map((row) => redemptionFrom(plain(row)));
}

/** Issued ones whose time has come, reserved ones that nobody has worked since, and held ones that nobody has ended. */
export async function redemptionsToEnd(
  db: Reading,
  shopId: number,
  limits: { expiredBy: number; reservedBy: number; heldBy: number },
  afterId: string,
  limit: number,
): Promise<Redemption[]> {
  const rows = await db.prisma.redemption.findMany({
    where: {
      shopId,
      id: { gt: afterId },
      OR: [
        { status: "issued", expiresAt: { lte: limits.expiredBy } },
        { status: "reserved", reservedAt: { lte: limits.reservedBy } },
        { status: { in: ["reserved", "issued"] }, holdEndsAt: { lte: limits.heldBy } },
      ],
    },
    orderBy: { id: "asc" },
    take: limit,
  });
  return rows.map((row) => redemptionFrom(plain(row)));
}

export type RedemptionChange = Partial<
  Pick<
    Redemption,
    | "attemptedAt"
    | "cancelAskedAt"
    | "changes"
    | "failedBecause"
    | "holdEndsAt"
    | "isRestored"
    | "issuedAt"
    | "returnedPoints"
    | "shopifyId"
    | "status"
    | "takenIn"
    | "usedOrderId"
  >
>;

export async function changeRedemption(
  tx: Transaction,
  shopId: number,
  id: string,
  change: RedemptionChange,
): Promise<void> {
  const columns = Object.entries(change)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => Prisma.sql`${Prisma.raw(`"${name}"`)} = ${value}`);
  if (columns.length === 0) return;
  const changed = await tx.sql.run(
    Prisma.sql`UPDATE "Redemption" SET ${Prisma.join(columns)} WHERE "shopId" = ${shopId} AND "id" = ${id}`,
  );
  if (changed !== 1) throw new Error(`there is no redemption ${id}`);
  // Its code can be used from now on, or no longer.
  if (change.status !== undefined) await publishRedeemerLater(tx, shopId, id);
}

/** Shops with codes that are sealed, whether or not the app is still there. */
export async function shopsWithSealedCodes(db: Reading): Promise<number[]> {
  const where = { code: SEALED_CODES };
  const rows = await db.prisma.redemption.findMany({ where, distinct: ["shopId"], select: { shopId: true } });
  return rows.map(({ shopId }) => shopId);
}

/** After a change of keys: codes of the shop that another key than today's sealed. Answers how many there were. */
export async function resealCodes(tx: Transaction, shopId: number): Promise<number> {
  const rows = await tx.prisma.redemption.findMany({
    where: { shopId, code: SEALED_CODES },
    select: { id: true, code: true },
  });
  let resealed = 0;
  for (const { id, code } of rows) {
    const again = code === null ? null : resealedCode(code, id);
    if (again === null) continue;
    await tx.prisma.redemption.update({ where: { shopId_id: { shopId, id } }, data: { code: again } });
    resealed += 1;
  }
  return resealed;
}

/** From which lots its points were taken the last time. */
export async function takingsOfRedemption(
  db: Reading,
  shopId: number,
  { id, takenIn }: Pick<Redemption, "id" | "takenIn">,
): Promise<Taking[]> {
  const rows = await db.sql.rows<Plain<PostingRow>>(
    Prisma.sql`SELECT * FROM "LedgerPosting"
      WHERE "shopId" = ${shopId} AND "kind" = 'redeem' AND "sourceId" = ${id} AND "sequence" = ${takenIn} ORDER BY "position"`,
  );
  const postings = rows.map((row) => ({
    memberId: row.memberId,
    // Written by saveChanges only.
    from: row.fromAccount as AccountName,
    to: row.toAccount as AccountName,
    points: row.points,
    lotId: row.lotId,
  }));
  return takingsOf(postings, "redeemed");
}

function redemptionFrom(row: Plain<RedemptionRow>): Redemption {
  const { status, terms, code, expiresAt, ...facts } = row;
  if (code === null || expiresAt === null) throw new Error(`redemption ${row.id} is not whole`);
  // Written by addRedemption and changeRedemption only.
  return {
    ...facts,
    // Opened where it is needed: a key that is gone holds up nothing else.
    get code() {
      return clearCode(code, row.id);
    },
    expiresAt,
    status: status as RedemptionStatus,
    terms: JSON.parse(terms) as RedemptionTerms,
  };
}
