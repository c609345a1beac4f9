/** Which of Shopify's customers a member is. */
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading } from "../types.ts";

/** `null`: the customer has been erased. */
export async function customerOfMember(
  db: Reading,
  shopId: number,
  memberId: number,
): Promise<number | null> {
  const [link] = await db.sql.rows<{ customerId: number }>(
    Prisma.sql`SELECT "customerId" FROM "MemberLink" WHERE "shopId" = ${shopId} AND "memberId" = ${memberId}`,
  );
  return link?.customerId ?? null;
}
