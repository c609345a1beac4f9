/** How many points are outstanding and how many members there are: sums over members, however long their histories. */
import type { Reading } from "../types.ts";

interface ProgrammeTotals {
  members: number;
  available: number;
  pending: number;
  debt: number;
}

/** As last written: what ripens or expires is written within the hour. */
export async function programmeTotals(db: Reading, shopId: number): Promise<ProgrammeTotals> {
  const [members, { _sum: sum }] = await Promise.all([
    db.prisma.memberLink.count({ where: { shopId } }),
    db.prisma.memberBalance.aggregate({
      where: { shopId },
      _sum: { available: true, pending: true, debt: true },
    }),
  ]);
  const { available, pending, debt } = sum;
  return {
    members,
    available: Number(available ?? 0),
    pending: Number(pending ?? 0),
    debt: Number(debt ?? 0),
  };
}
