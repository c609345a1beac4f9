/** Who has had a reward that Perennial gives by itself, the latest first: for the list at the door and at the counter. */
import type { RedemptionStatus } from "../../core/loyalty/redemption.ts";
import { plain } from "../plain.ts";
import type { Reading } from "../types.ts";

export interface RewardHolder {
  id: string;
  memberId: number;
  /** `null`: erased. */
  customerId: number | null;
  status: RedemptionStatus;
  /** The last letters of the code; the whole one stands with who has it. */
  codeEnd: string;
  reservedAt: number;
}

const LETTERS_SHOWN = 4;

/** Those whose points are spent; `after` is the last that was seen. */
export async function rewardHolders(
  db: Reading,
  shopId: number,
  rewardId: string,
  limit: number,
  after: Pick<RewardHolder, "id" | "reservedAt"> | null = null,
): Promise<RewardHolder[]> {
  const rows = await db.prisma.redemption.findMany({
    where: {
      ...{ shopId, rewardId, status: { in: ["issued", "used"] } },
      ...(after && {
        OR: [
          { reservedAt: { lt: after.reservedAt } },
          { reservedAt: after.reservedAt, id: { lt: after.id } },
        ],
      }),
    },
    select: { id: true, memberId: true, status: true, code: true, reservedAt: true },
    orderBy: [{ reservedAt: "desc" }, { id: "desc" }],
    take: limit,
  });
  const former = await db.prisma.member.findMany({
    where: { shopId, id: { in: rows.map(({ memberId }) => memberId) }, aliasOfId: { not: null } },
  });
  const present = new Map(former.map(({ id, aliasOfId }) => [id, aliasOfId ?? id]));
  const owner = (memberId: number) => present.get(memberId) ?? memberId;
  const links = await db.prisma.memberLink.findMany({
    where: { shopId, memberId: { in: rows.map(({ memberId }) => owner(memberId)) } },
  });
  const customers = new Map(links.map(({ memberId, customerId }) => [memberId, Number(customerId)]));
  return rows.map((row) => {
    const { id, memberId, reservedAt, code } = plain(row);
    return {
      ...{ id, memberId: owner(memberId), customerId: customers.get(owner(memberId)) ?? null, reservedAt },
      // Written by addRedemption and changeRedemption only.
      ...{ status: row.status as RedemptionStatus, codeEnd: (code ?? "").slice(-LETTERS_SHOWN) },
    };
  });
}
