/** Which of Shopify's customers a member is. */
import type { Reading } from "../types.ts";

/** `null`: the customer has been erased. */
export async function customerOfMember(
  db: Reading,
  shopId: number,
  memberId: number,
): Promise<number | null> {
  const link = await db.prisma.memberLink.findFirst({ where: { shopId, memberId } });
  return link ? Number(link.customerId) : null;
}
