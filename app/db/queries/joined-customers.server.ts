/** Which customers are members and since when, all of a shop, for whoever tells what the programme brings. */
import type { Reading } from "../types.ts";

export interface JoinedCustomer {
  customerId: number;
  joinedAt: number;
}

const ROWS_AT_ONCE = 20_000;

/** Piece by piece, so that nobody waits for the whole of a large shop. */
export async function* joinedCustomers(
  db: Reading,
  shopId: number,
  rowsAtOnce = ROWS_AT_ONCE,
): AsyncGenerator<JoinedCustomer[], void> {
  for (let after = 0; ;) {
    const rows = await db.prisma.$queryRaw<{ customerId: bigint; joinedAt: bigint }[]>`
      SELECT l."customerId", m."joinedAt" FROM "MemberLink" l
      JOIN "Member" m ON m."shopId" = l."shopId" AND m."id" = l."memberId"
      WHERE l."shopId" = ${shopId} AND l."customerId" > CAST(${after} AS BIGINT)
      ORDER BY l."customerId" LIMIT ${rowsAtOnce}`;
    yield rows.map(({ customerId, joinedAt }) => ({
      customerId: Number(customerId),
      joinedAt: Number(joinedAt),
    }));
    if (rows.length < rowsAtOnce) return;
    after = Number(rows.at(-1)?.customerId);
  }
}
