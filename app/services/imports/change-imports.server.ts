/** What a merchant can do with an import beside sending its file: begin it, have it applied, give it up, and undo it. */
import { z } from "zod";
import type { JobKind } from "../../core/job.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import {
  addImport,
  changeImport,
  findImport,
  importsIn,
  type PointsImport,
} from "../../db/stores/points-imports.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { emailsBulkQuery } from "../../shopify/bulk-queries.ts";
import { findRunningBulkQuery, startBulkQuery } from "../../shopify/bulk.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";

const wish = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("begin"), id: z.uuid() }),
  z.object({ intent: z.literal("apply"), id: z.uuid() }),
  z.object({ intent: z.literal("cancel"), id: z.uuid() }),
  z.object({ intent: z.literal("undo"), id: z.uuid(), spent: z.enum(["left", "owed"]) }),
]);

interface ImportChanged {
  ok: boolean;
  message: string;
}

/** Not yet confirmed. */
const OPEN = ["asking", "reading", "counted"] as const;
const AT_WORK = ["applying", "undoing"] as const;

/** `null`: nothing that can be asked. */
export async function changeImports(
  db: Database,
  shop: Shop,
  form: Record<string, unknown>,
): Promise<ImportChanged | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  switch (asked.data.intent) {
    case "begin":
      return begin(db, shop, asked.data.id);
    case "apply":
      return apply(db, shop.id, asked.data.id);
    case "cancel":
      return cancel(db, shop.id, asked.data.id);
    case "undo":
      return undo(db, shop.id, asked.data);
  }
}

/** Shopify is asked for the customers before there is a file: by the time that its columns are set the answer is there. */
async function begin(db: Database, { id: shopId }: Shop, id: string): Promise<ImportChanged> {
  if (!(await findProgramme(db, shopId))?.versions.length) return NO_PROGRAMME;
  if (await findImport(db, shopId, id)) return { ok: true, message: "The import has begun" };
  const operation = await askForCustomers(db, shopId);
  if (operation === null)
    return { ok: false, message: "Shopify is busy with other lists of this shop. Try again in a minute." };
  const begun = await db.write(async (tx): Promise<ImportChanged> => {
    await lockShop(tx, shopId);
    if ((await importsIn(tx, shopId, AT_WORK)).length > 0)
      return { ok: false, message: "Another import is at work: wait until it is done" };
    for (const other of await importsIn(tx, shopId, OPEN)) await endImport(tx, other);
    await addImport(tx, shopId, { id, operation, startedAt: Date.now() });
    failpoint("change-imports:before-begin-commit");
    return { ok: true, message: "The import has begun" };
  });
  failpoint("change-imports:after-begin-commit");
  return begun;
}

/** `null`: not now. */
async function askForCustomers(db: Database, shopId: number): Promise<string | null> {
  try {
    const client = await adminFor(db, shopId, { priority: "interactive" });
    const query = emailsBulkQuery();
    const running = await findRunningBulkQuery(client, query);
    if (running !== null) return running;
    const start = await startBulkQuery(client, query);
    return start.ok ? start.id : null;
  } catch (error) {
    if (error instanceof ShopifyError) return null;
    throw error;
  }
}

async function apply(db: Database, shopId: number, id: string): Promise<ImportChanged> {
  const applied = await db.write(async (tx): Promise<ImportChanged> => {
    await lockShop(tx, shopId);
    const run = await findImport(tx, shopId, id);
    if (run?.state !== "counted") return GONE;
    const programme = await findProgramme(tx, shopId);
    if (!programme || programme.state === "off") return NO_PROGRAMME;
    await changeImport(tx, run, { state: "applying", cursor: 0, done: 0 });
    await addJob(tx, run, "apply-import");
    failpoint("change-imports:before-apply-commit");
    return { ok: true, message: "The points are being given" };
  });
  failpoint("change-imports:after-apply-commit");
  return applied;
}

async function cancel(db: Database, shopId: number, id: string): Promise<ImportChanged> {
  const cancelled = await db.write(async (tx): Promise<ImportChanged> => {
    await lockShop(tx, shopId);
    const run = await findImport(tx, shopId, id);
    if (!run || !(OPEN as readonly string[]).includes(run.state)) return GONE;
    await endImport(tx, run);
    failpoint("change-imports:before-cancel-commit");
    return { ok: true, message: "Given up. Nothing was changed." };
  });
  failpoint("change-imports:after-cancel-commit");
  return cancelled;
}

async function undo(
  db: Database,
  shopId: number,
  { id, spent: spentPoints }: { id: string; spent: "left" | "owed" },
): Promise<ImportChanged> {
  const undone = await db.write(async (tx): Promise<ImportChanged> => {
    await lockShop(tx, shopId);
    const run = await findImport(tx, shopId, id);
    if (run?.state !== "applied") return { ok: false, message: "There is nothing to undo any more" };
    if ((await importsIn(tx, shopId, AT_WORK)).length > 0)
      return { ok: false, message: "Another import is at work: wait until it is done" };
    await changeImport(tx, run, { state: "undoing", cursor: 0, done: 0, takenPoints: 0, spentPoints });
    await addJob(tx, run, "undo-import");
    failpoint("change-imports:before-undo-commit");
    return { ok: true, message: "The import is being undone" };
  });
  failpoint("change-imports:after-undo-commit");
  return undone;
}

const GONE: ImportChanged = { ok: false, message: "There is nothing to confirm any more" };
const NO_PROGRAMME: ImportChanged = { ok: false, message: "Set up a points programme first" };

/** The job takes its rows away. */
export async function endImport(tx: Transaction, run: PointsImport): Promise<void> {
  await changeImport(tx, run, { state: "cancelled", birthdaysPath: null, finishedAt: Date.now() });
  await addJob(tx, run, "apply-import");
}

type ImportJob = Extract<JobKind, "apply-import" | "undo-import">;

async function addJob(tx: Transaction, { shopId, id }: PointsImport, kind: ImportJob): Promise<void> {
  const names = { key: `import:${id}`, queue: "import" };
  await enqueue(tx, { shopId, kind, payload: { importId: id }, ...names });
}
