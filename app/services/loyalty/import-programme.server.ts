/**
 * Reads a programme's file into a shop that has none: all of it in one transaction, or nothing. Balances are proved by their postings before
 * it commits. Who has been erased or merged at Shopify since is so here, too, and orders that changed since are given their points afterwards.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import {
  LOYALTY_TABLES,
  loyaltyColumns,
  type LoyaltyRow,
  type LoyaltyTable,
} from "../../db/bulk/loyalty-rows.ts";
import { writeRows } from "../../db/bulk/write-rows.ts";
import { loadCurrentCustomers } from "../../db/order-facts.ts";
import { differences } from "../../db/queries/ledger-proof.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { mergeLinkedMembers, unlinkMembers } from "../../db/stores/members.server.ts";
import { prismaFacts } from "../../db/stores/prisma-facts.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { enqueueAccrual } from "./accrue-changed-orders.server.ts";
import { PROGRAMME_FILE } from "./export-programme.server.ts";
import { sumPointsJob } from "./sum-points.server.ts";

/** Something the person who imports can put right; the message says what. */
export class ImportRefused extends Error {
  override name = "ImportRefused";
}

const header = z.object({
  perennial: z.literal(PROGRAMME_FILE.perennial),
  format: z.literal(PROGRAMME_FILE.format),
  shop: z.string(),
  currency: z.string(),
});
const rowLine = z.object({
  table: z.enum(LOYALTY_TABLES),
  row: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
const endLine = z.object({ end: z.object({ rows: z.number().int(), sha256: z.string() }) });

/** One transaction, because a ledger that is half there would be wrong to everybody who looks; ten million lines may take so long. */
const LIMITS = { timeoutMs: 3_600_000 };

export type ImportedRows = ReadonlyMap<LoyaltyTable, number>;

/** `open` gives the file's lines from the first on, each time that it is asked: a transaction may have to be begun again. */
export async function importProgramme(
  db: Database,
  shopId: number,
  open: () => AsyncIterable<string>,
): Promise<ImportedRows> {
  const imported = await db.write(async (tx) => {
    const shop = await lockShop(tx, shopId);
    await refuseUnlessEmpty(tx, shopId);
    const { rows, customerIds } = await writeAll(tx, shop, open());
    const { balances, lots } = await differences(tx, shopId);
    if (balances + lots > 0) {
      throw new ImportRefused(
        `In the file ${balances} balances and ${lots} lots are not the sums of their postings.`,
      );
    }
    await followCustomers(tx, shopId, customerIds);
    // The versions of the file are those of another database: every order of the programme's time is looked at once.
    await tx.prisma.loyaltyProgramme.update({ where: { shopId }, data: { accruedVersion: 0 } });
    await enqueueAccrual(tx, shopId);
    await enqueue(tx, sumPointsJob(shopId));
    failpoint("import-programme:before-commit");
    return rows;
  }, LIMITS);
  failpoint("import-programme:after-commit");
  return imported;
}

async function refuseUnlessEmpty(tx: Transaction, shopId: number): Promise<void> {
  const members = await tx.prisma.member.count({ where: { shopId } });
  const rewards = await tx.prisma.reward.count({ where: { shopId } });
  if ((await findProgramme(tx, shopId)) !== null || members + rewards > 0) {
    throw new ImportRefused("The shop has a points programme already.");
  }
}

interface Written {
  rows: Map<LoyaltyTable, number>;
  customerIds: Set<number>;
}

const ROWS_AT_ONCE = 2_000;

async function writeAll(
  tx: Transaction,
  shop: { id: number; domain: string; currency: string },
  lines: AsyncIterable<string>,
): Promise<Written> {
  const written: Written = { rows: new Map(), customerIds: new Set() };
  const hash = createHash("sha256");
  let waiting: LoyaltyRow[] = [];
  let total = 0;
  let hasEnded = false;
  let isFirst = true;
  const flush = async () => {
    const [first] = waiting;
    const rows = waiting.map(({ row }) => ({ shopId: shop.id, ...row }));
    if (first) await writeRows(tx, first.table, rows);
    waiting = [];
  };
  for await (const line of lines) {
    if (line === "") continue;
    if (hasEnded) throw new ImportRefused("The file goes on after its end.");
    const value = parsed(line);
    const end = isFirst ? null : endLine.safeParse(value).data;
    if (end) {
      hasEnded = true;
      const isWhole = end.end.rows === total && end.end.sha256 === hash.digest("hex");
      if (!isWhole) throw new ImportRefused("The file has been changed since it was made.");
      continue;
    }
    hash.update(`${line}\n`);
    if (isFirst) checkHeader(value, shop);
    else {
      const read = readRow(value, total);
      if (waiting.length === ROWS_AT_ONCE || (waiting[0] && waiting[0].table !== read.table)) await flush();
      waiting.push(read);
      total += 1;
      written.rows.set(read.table, (written.rows.get(read.table) ?? 0) + 1);
      for (const customerId of customersIn(read)) written.customerIds.add(customerId);
    }
    isFirst = false;
  }
  if (!hasEnded) throw new ImportRefused("The file ends too early.");
  await flush();
  return written;
}

function customersIn({ row }: LoyaltyRow): number[] {
  const ids = [row["customerId"], row["friendId"]];
  return ids.flatMap((id) => (typeof id === "number" || typeof id === "string" ? [Number(id)] : []));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ImportRefused("The file is not one of a points programme.");
  }
}

function checkHeader(value: unknown, { domain, currency }: { domain: string; currency: string }): void {
  const { data } = header.safeParse(value);
  if (!data) throw new ImportRefused("The file is not one of a points programme.");
  if (data.shop !== domain)
    throw new ImportRefused(`The file is of ${data.shop}, whose customers are others.`);
  if (data.currency !== currency) throw new ImportRefused(`The file counts in ${data.currency}.`);
}

function readRow(value: unknown, before: number): LoyaltyRow {
  const { data } = rowLine.safeParse(value);
  const columns = new Set(data && loyaltyColumns(data.table));
  const named = Object.keys(data?.row ?? {});
  if (!data || named.length !== columns.size || !named.every((name) => columns.has(name))) {
    throw new ImportRefused(`Line ${before + 2} is not one of this version of the app.`);
  }
  return data;
}

/** What Shopify has told of customers since the file was made. */
async function followCustomers(
  tx: Transaction,
  shopId: number,
  customerIds: ReadonlySet<number>,
): Promise<void> {
  const ids = [...customerIds];
  for (let from = 0; from < ids.length; from += ROWS_AT_ONCE) {
    const some = new Set(ids.slice(from, from + ROWS_AT_ONCE));
    const now = await loadCurrentCustomers(prismaFacts(tx, shopId), some);
    for (const [customerId, currentId] of now) {
      if (currentId === null) await unlinkMembers(tx, shopId, [customerId]);
      else await mergeLinkedMembers(tx, shopId, customerId, currentId, Date.now());
    }
  }
}
