/** Takes back what an import gave, by transactions of its own and some rows at a time: it can stop anywhere and goes on where it was. */
import { lotId, type LedgerTransaction } from "../../core/loyalty/ledger.ts";
import type { Change } from "../../core/loyalty/member-account.ts";
import { paidByLot, undoImport } from "../../core/loyalty/undo-import.ts";
import { withPostings } from "../../db/queries/member-account.server.ts";
import { chunks } from "../../db/plain.ts";
import { lockAccounts, saveChanges } from "../../db/stores/ledger.server.ts";
import { currentMembers } from "../../db/stores/members.server.ts";
import {
  changeImport,
  findImport,
  importRows,
  type PointsImport,
  type PointsImportRow,
} from "../../db/stores/points-imports.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import { endGrants } from "../../db/stores/tiers.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { judgeMembers } from "../loyalty/judge-tiers.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { grantOf, sourceOf } from "./apply-import.server.ts";

const ROWS_AT_ONCE = 200;

export async function undoImportRows(
  db: Database,
  shopId: number,
  importId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const isThrough = await db.write(async (tx) => {
      if (!(await activeShop(tx, shopId))) return true;
      const shop = await lockShop(tx, shopId);
      // Read under the lock: of two who work at once the second sees how far the first came.
      const run = await findImport(tx, shopId, importId);
      if (run?.state !== "undoing") return true;
      const rows = await importRows(tx, shopId, importId, run.cursor, ROWS_AT_ONCE);
      const last = rows.at(-1);
      const taken = last ? await undoSome(tx, shop, run, rows) : 0;
      await changeImport(
        tx,
        run,
        last
          ? { cursor: last.row, done: run.done + rows.length, takenPoints: run.takenPoints + taken }
          : { state: "undone", finishedAt: Date.now() },
      );
      failpoint("undo-import:before-commit");
      return !last;
    });
    failpoint("undo-import:after-commit");
    if (isThrough) return;
  }
}

/** Answers how many points were taken. */
async function undoSome(
  tx: Transaction,
  shop: Shop,
  run: PointsImport,
  rows: readonly PointsImportRow[],
): Promise<number> {
  const { id: shopId } = shop;
  const now = Date.now();
  const given = await givenBy(tx, shopId, run, rows);
  const owners = await currentMembers(
    tx,
    shopId,
    rows.flatMap(({ memberId }) => memberId ?? []),
  );
  const lots = given.map(({ sourceId }) => lotId("import", sourceId, 0));
  const accounts = await lockAccounts(tx, shopId, owners.values(), lots);
  const paying = [...given, ...(await laterPayments(tx, shopId, [...owners.values()]))];
  const changes: Change[] = [];
  for (const { memberId, ...transaction } of given) {
    const account = accounts.get(owners.get(memberId) ?? 0);
    if (!account) throw new Error(`member ${memberId} could not be locked`);
    const paid = paidByLot(lotId("import", transaction.sourceId, 0), paying);
    const change = undoImport(account, { ...transaction, paid }, run.spentPoints ?? "left", now);
    changes.push(change);
    accounts.set(change.account.memberId, change.account);
  }
  await saveChanges(tx, shopId, changes);
  await endGrants(
    tx,
    shopId,
    rows.flatMap((row) => (row.tierId === null ? [] : [grantOf(run, row)])),
    now,
  );
  const programme = await findProgramme(tx, shopId);
  if (programme) await judgeMembers(tx, shop, programme, owners.values(), now);
  return changes.reduce((sum, { transactions }) => sum - (transactions.at(-1)?.points ?? 0), 0);
}

/** After they came, points of a lot pay what is owed only where they come back to it, or meet another member's debt. */
const PAYING_LATER = ["restore", "return-spent", "undo", "merge"];

async function laterPayments(
  tx: Transaction,
  shopId: number,
  owners: readonly number[],
): Promise<LedgerTransaction[]> {
  const former = await tx.prisma.member.findMany({ where: { shopId, aliasOfId: { in: [...owners] } } });
  const memberIds = [...owners, ...former.map(({ id }) => id)];
  const payments: LedgerTransaction[] = [];
  for (const some of chunks(memberIds, ROWS_AT_ONCE)) {
    const where = { shopId, memberId: { in: some }, kind: { in: PAYING_LATER } };
    const found = await tx.prisma.ledgerTransaction.findMany({ where });
    for (const keys of chunks(found, 100)) payments.push(...(await withPostings(tx, shopId, keys)));
  }
  return payments;
}

async function givenBy(
  tx: Transaction,
  shopId: number,
  run: PointsImport,
  rows: readonly PointsImportRow[],
): Promise<LedgerTransaction[]> {
  const sourceIds = rows.map((row) => sourceOf(run, row));
  const found = await tx.prisma.ledgerTransaction.findMany({
    where: { shopId, kind: "import", sourceId: { in: sourceIds } },
  });
  const given: LedgerTransaction[] = [];
  for (let from = 0; from < found.length; from += 100)
    given.push(...(await withPostings(tx, shopId, found.slice(from, from + 100))));
  return given;
}
