/**
 * Gives members what an import showed, some rows in a transaction that also moves its place, each under a key of its own in the ledger: it
 * can stop anywhere and goes on where it was. Nobody earns for joining or for a tier that is only taken over.
 */
import { shopCalendar } from "../../core/calendar.ts";
import type { NewJob } from "../../core/job.ts";
import { lifeOfPoints } from "../../core/loyalty/accrue-order.ts";
import { givePoints } from "../../core/loyalty/give-points.ts";
import type { Change } from "../../core/loyalty/member-account.ts";
import { waitingOrders } from "../../db/queries/waiting-orders.server.ts";
import { presentCustomers } from "../../db/stores/customers.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { lockAccounts, saveChanges } from "../../db/stores/ledger.server.ts";
import { addMembers, membersOf } from "../../db/stores/members.server.ts";
import {
  changeImport,
  deleteImportRows,
  findImport,
  importRows,
  saveImportRows,
  type PointsImport,
  type PointsImportRow,
} from "../../db/stores/points-imports.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import { addGrants, type TierGrant } from "../../db/stores/tiers.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { accrueOrders } from "../loyalty/accrue-orders.server.ts";
import { judgeMembers } from "../loyalty/judge-tiers.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { inChunks } from "../sync/chunks.ts";

const ROWS_AT_ONCE = 200;
const ORDERS_AT_ONCE = 100;

/** With the row's place in the file the natural key of what it gives. */
export function sourceOf({ id }: Pick<PointsImport, "id">, { row }: Pick<PointsImportRow, "row">): string {
  return `${id}.${row}`;
}

export function grantOf(run: Pick<PointsImport, "id">, row: Pick<PointsImportRow, "row">): string {
  return `import:${sourceOf(run, row)}`;
}

export async function applyImport(
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
      if (run?.state !== "applying") return true;
      const rows = await importRows(tx, shopId, importId, run.cursor, ROWS_AT_ONCE);
      const last = rows.at(-1);
      if (last) await applySome(tx, shop, run, rows);
      else if (run.birthdaysPath !== null) await enqueue(tx, birthdaysJob(run));
      await changeImport(
        tx,
        run,
        last
          ? { cursor: last.row, done: run.done + rows.length }
          : { state: "applied", finishedAt: Date.now() },
      );
      failpoint("apply-import:before-commit");
      return !last;
    });
    failpoint("apply-import:after-commit");
    if (isThrough) break;
  }
  // Of one that was given up nothing is kept.
  if ((await findImport(db, shopId, importId))?.state !== "cancelled") return;
  while ((await db.write((tx) => deleteImportRows(tx, shopId, importId))) > 0) signal.throwIfAborted();
}

async function applySome(
  tx: Transaction,
  shop: Shop,
  run: PointsImport,
  rows: readonly PointsImportRow[],
): Promise<void> {
  const { id: shopId } = shop;
  const programme = await findProgramme(tx, shopId);
  const rules = programme?.versions.at(-1)?.rules;
  if (!programme || !rules) throw new Error(`shop ${shopId} has no programme`);
  const now = Date.now();
  const asked = rows.flatMap(({ customerId }) => customerId ?? []);
  const present = await presentCustomers(tx, shopId, new Set(asked));
  // Who was merged since is somebody else now, and who was erased nobody.
  const customerOf = ({ customerId }: PointsImportRow) =>
    customerId === null || present.get(customerId) === null ? null : (present.get(customerId) ?? customerId);
  const customers = [...new Set(rows.flatMap((row) => customerOf(row) ?? []))];
  const before = await membersOf(tx, shopId, customers);
  const members = await addMembers(tx, shopId, customers, now, { alsoKeptOut: true });
  const joined = customers.filter((customerId) => !before.has(customerId));
  for (const some of inChunks(await waitingOrders(tx, shopId, joined), ORDERS_AT_ONCE))
    await accrueOrders(tx, shop, some, now);

  const owned = rows.flatMap((row) => {
    const memberId = members.get(customerOf(row) ?? 0);
    return memberId === undefined ? [] : [{ ...row, memberId }];
  });
  const paid = { placedAt: now, paidAt: now };
  const life = lifeOfPoints(paid, { ...rules, windowDays: 0 }, shopCalendar(shop.timeZone));
  const accounts = await lockAccounts(tx, shopId, members.values());
  const changes: Change[] = [];
  for (const row of owned) {
    const account = accounts.get(row.memberId);
    if (!account || row.points === 0) continue;
    const gift = { kind: "import", sourceId: sourceOf(run, row), points: row.points, reason: null } as const;
    const change = givePoints(account, { ...gift, expiresAt: row.expiresAt ?? life.expiresAt }, now);
    changes.push(change);
    accounts.set(row.memberId, change.account);
  }
  await saveChanges(tx, shopId, changes);
  await addGrants(
    tx,
    shopId,
    owned.flatMap((row) => grantFrom(run, row, now)),
  );
  await judgeMembers(tx, shop, programme, members.values(), now, { entriesBring: false });
  // From now on they name nobody of Shopify's.
  const settled = rows.map((row) => ({
    ...row,
    customerId: null,
    memberId: members.get(customerOf(row) ?? 0) ?? null,
  }));
  await saveImportRows(tx, shopId, run.id, settled);
}

function grantFrom(run: PointsImport, row: PointsImportRow & { memberId: number }, now: number): TierGrant[] {
  const { memberId, tierId, tierUntil: untilAt } = row;
  if (tierId === null) return [];
  const reason = "Brought from another app";
  return [{ id: grantOf(run, row), memberId, tierId, fromAt: now, untilAt, reason, endedAt: null }];
}

function birthdaysJob({ shopId, id }: Pick<PointsImport, "shopId" | "id">): NewJob<"import-birthdays"> {
  const names = { key: `import-birthdays:${id}`, queue: "import-birthdays" };
  return { shopId, kind: "import-birthdays", payload: { importId: id }, ...names };
}
