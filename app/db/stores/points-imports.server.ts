/** Files of other apps whose points are taken over: how far each is, and its rows, in which nothing names a person. */
import type { ImportReport } from "../../core/loyalty/import-report.ts";
import type { SpentPoints } from "../../core/loyalty/undo-import.ts";
import { writeRows } from "../bulk/write-rows.ts";
import type {
  PointsImport as ImportRow,
  PointsImportRow as RowOfImport,
} from "../generated/sqlite/client.ts";
import { chunks, plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export type ImportState =
  "asking" | "reading" | "counted" | "applying" | "applied" | "undoing" | "undone" | "cancelled";

/** What came of the birthdays at Shopify. `kept`: the customer had told one. `failed`: nothing of it arrived. */
export type BirthdaysOutcome = { written: number; kept: number; refused: number } | { failed: string };

export interface PointsImport extends Omit<
  Plain<ImportRow>,
  "state" | "report" | "birthdaysOutcome" | "spentPoints"
> {
  state: ImportState;
  report: ImportReport | null;
  birthdaysOutcome: BirthdaysOutcome | null;
  spentPoints: SpentPoints | null;
}

export type PointsImportRow = Omit<Plain<RowOfImport>, "shopId" | "importId">;

const ROWS_DELETED_AT_ONCE = 2_000;

export async function findImport(db: Reading, shopId: number, id: string): Promise<PointsImport | null> {
  const row = await db.prisma.pointsImport.findUnique({ where: { shopId_id: { shopId, id } } });
  return row && importFrom(row);
}

/** The latest first. */
export async function listImports(db: Reading, shopId: number, most: number): Promise<PointsImport[]> {
  const rows = await db.prisma.pointsImport.findMany({
    where: { shopId },
    orderBy: { startedAt: "desc" },
    take: most,
  });
  return rows.map(importFrom);
}

export async function importsIn(
  db: Reading,
  shopId: number,
  states: readonly ImportState[],
): Promise<PointsImport[]> {
  const rows = await db.prisma.pointsImport.findMany({ where: { shopId, state: { in: [...states] } } });
  return rows.map(importFrom);
}

/** The latest import of the very same file that was applied; `null`: there is none. */
export async function importOfFile(
  db: Reading,
  shopId: number,
  fileHash: string,
): Promise<PointsImport | null> {
  const row = await db.prisma.pointsImport.findFirst({
    where: { shopId, fileHash, state: { in: ["applying", "applied"] } },
    orderBy: { startedAt: "desc" },
  });
  return row && importFrom(row);
}

export async function addImport(
  tx: Transaction,
  shopId: number,
  { id, operation, startedAt }: Pick<PointsImport, "id" | "operation" | "startedAt">,
): Promise<void> {
  await tx.prisma.pointsImport.create({
    data: { shopId, id, operation, startedAt, changedAt: startedAt, state: "asking" },
  });
}

export type ImportChange = Partial<Omit<PointsImport, "shopId" | "id" | "startedAt" | "changedAt">>;

/** Where it is still as it was read: answers whether it was. */
export async function changeImport(
  tx: Transaction,
  { shopId, id, state, attempt, cursor }: PointsImport,
  { report, birthdaysOutcome, ...change }: ImportChange,
  now = Date.now(),
): Promise<boolean> {
  const { count } = await tx.prisma.pointsImport.updateMany({
    where: { shopId, id, state, attempt, cursor },
    data: {
      ...change,
      ...(report !== undefined && { report: report && JSON.stringify(report) }),
      ...(birthdaysOutcome !== undefined && {
        birthdaysOutcome: birthdaysOutcome && JSON.stringify(birthdaysOutcome),
      }),
      changedAt: now,
    },
  });
  return count > 0;
}

export async function saveImportRows(
  tx: Transaction,
  shopId: number,
  importId: string,
  rows: readonly PointsImportRow[],
): Promise<void> {
  const written = rows.map(({ row, customerId, memberId, points, expiresAt, tierId, tierUntil }) => ({
    ...{ shopId, importId, row, customerId, memberId, points, expiresAt, tierId, tierUntil },
  }));
  await writeRows(tx, "PointsImportRow", written, ["shopId", "importId", "row"]);
}

/** By their place in the file. */
export async function importRows(
  db: Reading,
  shopId: number,
  importId: string,
  after: number,
  limit: number,
): Promise<PointsImportRow[]> {
  const rows = await db.prisma.pointsImportRow.findMany({
    where: { shopId, importId, row: { gt: after } },
    orderBy: { row: "asc" },
    take: limit,
  });
  return rows.map(importRowFrom);
}

export function importRowFrom(stored: RowOfImport): PointsImportRow {
  const { row, customerId, memberId, points, expiresAt, tierId, tierUntil } = plain(stored);
  return { row, customerId, memberId, points, expiresAt, tierId, tierUntil };
}

/** Some of those of one import; answers how many there were. */
export async function deleteImportRows(tx: Transaction, shopId: number, importId: string): Promise<number> {
  const last = await tx.prisma.pointsImportRow.findMany({
    where: { shopId, importId },
    orderBy: { row: "asc" },
    select: { row: true },
    take: ROWS_DELETED_AT_ONCE,
  });
  const through = last.at(-1)?.row ?? 0;
  await tx.prisma.pointsImportRow.deleteMany({ where: { shopId, importId, row: { lte: through } } });
  return last.length;
}

/** Of customers that are erased: what was to be given them is given to nobody. */
export async function forgetImported(
  tx: Transaction,
  shopId: number,
  customerIds: readonly number[],
): Promise<void> {
  await tx.prisma.pointsImportRow.deleteMany({ where: { shopId, customerId: { in: [...customerIds] } } });
}

/** Those that nobody went on with since then; their rows are to be taken away. */
export async function openImportsBefore(
  db: Reading,
  shopId: number,
  before: number,
): Promise<PointsImport[]> {
  const where = { shopId, state: { in: ["asking", "reading", "counted"] }, changedAt: { lt: before } };
  return (await db.prisma.pointsImport.findMany({ where })).map(importFrom);
}

const MEMBERS_AT_ONCE = 500;

/** Those of the members to whom an import has given points that were not undone. */
export async function importedMembers(
  db: Reading,
  shopId: number,
  memberIds: readonly number[],
): Promise<Set<number>> {
  const imported = new Set<number>();
  for (const some of chunks([...new Set(memberIds)], MEMBERS_AT_ONCE)) {
    const former = await db.prisma.member.findMany({ where: { shopId, aliasOfId: { in: some } } });
    const ownerOf = new Map(former.map(({ id, aliasOfId }) => [id, aliasOfId ?? id]));
    const asked = [...some, ...ownerOf.keys()];
    const given = await db.prisma.ledgerTransaction.findMany({
      where: { shopId, memberId: { in: asked }, kind: "import" },
      select: { memberId: true, sourceId: true },
    });
    const undone = await db.prisma.ledgerTransaction.findMany({
      where: { shopId, kind: "undo-import", sourceId: { in: given.map(({ sourceId }) => sourceId) } },
      select: { sourceId: true },
    });
    const gone = new Set(undone.map(({ sourceId }) => sourceId));
    for (const { memberId, sourceId } of given)
      if (!gone.has(sourceId)) imported.add(ownerOf.get(memberId) ?? memberId);
  }
  return imported;
}

/** What has become of the points that an import gave. Lots name it in their source. */
export async function importedPoints(
  db: Reading,
  shopId: number,
  importId: string,
): Promise<{ given: number; available: number; expired: number }> {
  const { _sum } = await db.prisma.lot.aggregate({
    where: { shopId, kind: "import", sourceId: { startsWith: `${importId}.` } },
    _sum: { points: true, available: true, expired: true },
  });
  return {
    given: Number(_sum.points ?? 0),
    available: Number(_sum.available ?? 0),
    expired: Number(_sum.expired ?? 0),
  };
}

function importFrom(row: ImportRow): PointsImport {
  const { state, report, birthdaysOutcome, spentPoints, ...facts } = plain(row);
  return {
    ...facts,
    // Written by addImport and changeImport only.
    state: state as ImportState,
    report: report === null ? null : (JSON.parse(report) as ImportReport),
    birthdaysOutcome: birthdaysOutcome === null ? null : (JSON.parse(birthdaysOutcome) as BirthdaysOutcome),
    spentPoints: spentPoints as SpentPoints | null,
  };
}
