/** When members last spent points: what they did of their own accord beside ordering. */
import { chunks } from "../plain.ts";
import type { Reading } from "../types.ts";

const IDS_AT_ONCE = 1_000;

export async function lastActions(
  db: Reading,
  shopId: number,
  customerIds: readonly number[],
): Promise<Map<number, number>> {
  const actions = new Map<number, number>();
  for (const ids of chunks(customerIds, IDS_AT_ONCE)) {
    const links = await db.prisma.memberLink.findMany({ where: { shopId, customerId: { in: ids } } });
    if (links.length === 0) continue;
    const redeemed = await db.prisma.redemption.groupBy({
      by: ["memberId"],
      where: { shopId, memberId: { in: links.map(({ memberId }) => memberId) } },
      _max: { reservedAt: true },
    });
    const at = new Map(redeemed.map(({ memberId, _max }) => [memberId, Number(_max.reservedAt)]));
    for (const { customerId, memberId } of links) {
      const acted = at.get(memberId);
      if (acted !== undefined) actions.set(Number(customerId), acted);
    }
  }
  return actions;
}
