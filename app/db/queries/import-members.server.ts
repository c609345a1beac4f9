/** The rows of an import as merchants look through them, in the order of the file: whose each is, what it gives and what is left of it. */
import { lotId } from "../../core/loyalty/ledger.ts";
import type { Prisma } from "../generated/sqlite/client.ts";
import { currentMembers, customersOfMembers } from "../stores/members.server.ts";
import { importRowFrom, type PointsImportRow } from "../stores/points-imports.server.ts";
import type { Reading } from "../types.ts";

export interface ImportFilter {
  /** `null`: of any tier or of none. */
  tierId: string | null;
  /** `null`: anybody. */
  customerId: number | null;
}

export interface ImportedMember extends Omit<PointsImportRow, "customerId"> {
  /** As Shopify numbers them now; `null`: nothing leads to them any more. */
  customerId: number | null;
  /** Of the points that were given; `null`: none were. */
  left: number | null;
}

/** `after`: the last row that was shown. */
export async function importedMembersPage(
  db: Reading,
  shopId: number,
  importId: string,
  filter: ImportFilter,
  { after, size }: { after: number; size: number },
): Promise<{ members: ImportedMember[]; next: number | null }> {
  const rows = await db.prisma.pointsImportRow.findMany({
    where: { shopId, importId, row: { gt: after }, ...(await narrowed(db, shopId, filter)) },
    orderBy: { row: "asc" },
    take: size + 1,
  });
  const shown = rows.slice(0, size).map(importRowFrom);
  const members = await withPeople(db, shopId, await withLots(db, shopId, importId, shown));
  return { members, next: rows.length > size ? (shown.at(-1)?.row ?? null) : null };
}

/** A customer is found under every number that they had as a member, and before they were one. */
async function narrowed(
  db: Reading,
  shopId: number,
  { tierId, customerId }: ImportFilter,
): Promise<Prisma.PointsImportRowWhereInput> {
  const ofTier = tierId === null ? {} : { tierId };
  if (customerId === null) return ofTier;
  const links = await db.prisma.memberLink.findMany({ where: { shopId, customerId } });
  const current = links.map(({ memberId }) => memberId);
  const former = await db.prisma.member.findMany({ where: { shopId, aliasOfId: { in: current } } });
  const memberIds = [...current, ...former.map(({ id }) => id)];
  return { ...ofTier, OR: [{ customerId }, { memberId: { in: memberIds } }] };
}

async function withLots(
  db: Reading,
  shopId: number,
  importId: string,
  rows: readonly PointsImportRow[],
): Promise<(PointsImportRow & { left: number | null })[]> {
  const idOf = ({ row }: PointsImportRow) => lotId("import", `${importId}.${row}`, 0);
  const lots = await db.prisma.lot.findMany({
    where: { shopId, id: { in: rows.map(idOf) } },
    select: { id: true, pending: true, available: true },
  });
  const leftOf = new Map(lots.map(({ id, pending, available }) => [id, Number(pending) + Number(available)]));
  return rows.map((row) => ({ ...row, left: leftOf.get(idOf(row)) ?? null }));
}

async function withPeople<Row extends PointsImportRow>(
  db: Reading,
  shopId: number,
  rows: readonly Row[],
): Promise<Row[]> {
  const known = rows.flatMap(({ memberId }) => memberId ?? []);
  const current = await currentMembers(db, shopId, known);
  const customers = await customersOfMembers(db, shopId, current.values());
  return rows.map((row) => {
    const owner = row.memberId === null ? undefined : customers.get(current.get(row.memberId) ?? 0);
    return { ...row, customerId: owner ?? row.customerId };
  });
}
