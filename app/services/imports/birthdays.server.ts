/**
 * Birthdays of an import go to Shopify alone: a file of them is brought there while the merchant's is read, and a bulk operation writes
 * each to its customer once the import is applied, where the customer has told none.
 */
import { RetryAt } from "../../core/retry-at.ts";
import {
  changeImport,
  findImport,
  type BirthdaysOutcome,
  type PointsImport,
} from "../../db/stores/points-imports.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import {
  findBulkMutation,
  pollBulkOperation,
  readBulkLines,
  startBulkMutation,
  uploadLines,
} from "../../shopify/bulk.server.ts";
import { bulkSetLine, bulkSetMutation, readBulkSetLine } from "../../shopify/metafields.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";

const POLL_MS = 5_000;

/** One customer's: refused by Shopify where something stands there. */
export function birthdayLine(owner: string, value: string): string {
  const field = { owner, key: "birthday", type: "single_line_text_field", value, compareDigest: null };
  return bulkSetLine("customer", [field]);
}

/** `null`: there are none. */
export async function stageBirthdays(
  db: Database,
  shopId: number,
  lines: readonly string[],
): Promise<string | null> {
  if (lines.length === 0) return null;
  return uploadLines(await adminFor(db, shopId), lines);
}

export async function importBirthdays(
  db: Database,
  shopId: number,
  importId: string,
  signal: AbortSignal,
): Promise<RetryAt | void> {
  const run = await findImport(db, shopId, importId);
  const isWanted = run?.state === "applied" && run.birthdaysPath !== null && run.birthdaysOutcome === null;
  if (!isWanted || !(await activeShop(db, shopId))) return;
  try {
    return await step(db, run, signal);
  } catch (error) {
    if (!(error instanceof ShopifyError) || !["refused", "bulk", "forbidden"].includes(error.kind))
      throw error;
    // Shopify keeps such a file for some time only.
    await settle(db, run, {
      failed: "Shopify no longer has the birthdays. Import the file again for them alone.",
    });
  }
}

async function step(db: Database, run: PointsImport, signal: AbortSignal): Promise<RetryAt | void> {
  const client = await adminFor(db, run.shopId, { signal });
  if (run.birthdaysOperation === null) {
    // Under a name that no other import's operation has: one whose id was lost is found by it.
    const mutation = bulkSetMutation(`ImportBirthdays_${run.id.replaceAll("-", "")}_${run.attempt}`);
    failpoint("import-birthdays:before-start");
    let operation = await findBulkMutation(client, mutation);
    if (operation === null) {
      const started = await startBulkMutation(client, mutation, run.birthdaysPath ?? "");
      if (!started.ok) return new RetryAt(Date.now() + POLL_MS);
      operation = started.id;
    }
    failpoint("import-birthdays:after-start");
    await db.write((tx) => changeImport(tx, run, { birthdaysOperation: operation }));
    return new RetryAt(Date.now() + POLL_MS / 5);
  }
  const operation = await pollBulkOperation(client, run.birthdaysOperation);
  if (operation.state === "running") return new RetryAt(Date.now() + POLL_MS);
  const url = operation.state === "done" ? operation.result.url : null;
  if (url === null) {
    await settle(db, run, {
      failed: "Shopify could not write the birthdays. Import the file again for them alone.",
    });
    return;
  }
  const { told } = await readBulkLines(url, outcomeReader, { signal });
  await settle(db, run, told);
}

function outcomeReader() {
  const told = { written: 0, kept: 0, refused: 0 };
  const take = (line: string) => {
    const { is } = readBulkSetLine(line);
    told[is === "stale" ? "kept" : is] += 1;
  };
  return { told, take };
}

async function settle(db: Database, run: PointsImport, birthdaysOutcome: BirthdaysOutcome): Promise<void> {
  await db.write(async (tx) => {
    await changeImport(tx, run, { birthdaysOutcome, birthdaysPath: null });
    failpoint("import-birthdays:before-commit");
  });
  failpoint("import-birthdays:after-commit");
}
