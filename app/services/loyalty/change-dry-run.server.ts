/** What a merchant can do with a dry run: have it counted, post what it showed, or give it up. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { dayFromIso, shopCalendar, startOfDay } from "../../core/calendar.ts";
import type { JobKind } from "../../core/job.ts";
import { countOrdersIn, ordersChangedIn } from "../../db/queries/orders-in-period.server.ts";
import {
  addDryRun,
  changeDryRun,
  dryRunOrdersById,
  findDryRun,
  latestDryRun,
  type DryRun,
  type DryRunOrder,
} from "../../db/stores/dry-runs.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { findShopById, lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { inChunks } from "../sync/chunks.ts";
import { countOrders } from "./count-dry-run.server.ts";

const wish = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("count"),
    kind: z.enum(["earlier", "rules"]),
    /** A day of the shop; empty: all that there is. */
    from: z.union([z.literal(""), z.iso.date()]),
    /** What one customer gets at most, for orders from before the programme; empty: whatever they come to. */
    most: z.union([z.literal(""), z.string().regex(/^[1-9]\d{0,8}$/)]).optional(),
  }),
  z.object({ intent: z.literal("confirm"), id: z.uuid() }),
  z.object({ intent: z.literal("cancel"), id: z.uuid() }),
  z.object({ intent: z.literal("undo"), id: z.uuid() }),
]);

interface DryRunChange {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changeDryRuns(
  db: Database,
  shop: Shop,
  form: Record<string, unknown>,
): Promise<DryRunChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  switch (asked.data.intent) {
    case "count":
      return count(db, shop, asked.data);
    case "confirm":
      return confirm(db, shop.id, asked.data.id);
    case "cancel":
      return cancel(db, shop.id, asked.data.id);
    case "undo":
      return undo(db, shop.id, asked.data.id);
  }
}

async function count(
  db: Database,
  { id: shopId, timeZone }: Shop,
  { kind, from, most = "" }: { kind: DryRun["kind"]; from: string; most?: string | undefined },
): Promise<DryRunChange> {
  const now = Date.now();
  const programme = await findProgramme(db, shopId);
  const latest = programme?.versions.at(-1);
  if (!programme || !latest || programme.startedAt === null)
    return { ok: false, message: "There is no programme yet" };
  if (!latest.rules.isAccruing)
    return { ok: false, message: "While the programme is paused orders earn nothing" };
  const fromAt = from === "" ? 0 : startOfDay(dayFromIso(from), shopCalendar(timeZone));
  const period = { fromAt, toAt: kind === "earlier" ? programme.startedAt : now };
  const orders = await countOrdersIn(db, shopId, period);
  if (orders === 0) return { ok: false, message: "No orders were placed in that time" };
  const id = randomUUID();
  const isAdded = await db.write(async (tx) => {
    const { dataVersion } = await lockShop(tx, shopId);
    const before = (await latestDryRun(tx, shopId))?.state;
    if (before === "applying" || before === "undoing") return false;
    await addDryRun(tx, shopId, {
      ...{ id, kind, ...period, version: latest.version, dataVersion, orders, startedAt: now },
      mostPoints: kind === "earlier" && most !== "" ? Number(most) : null,
    });
    await addJob(tx, shopId, "count-dry-run", id);
    failpoint("change-dry-run:before-count-commit");
    return true;
  });
  failpoint("change-dry-run:after-count-commit");
  return isAdded
    ? { ok: true, message: "The orders are being counted" }
    : { ok: false, message: "Points are being posted: wait until that is done" };
}

/** Where what was shown holds no more, it is counted again instead of posted. */
async function confirm(db: Database, shopId: number, id: string): Promise<DryRunChange> {
  const run = await findDryRun(db, shopId, id);
  if (run?.state !== "counted") return GONE;
  const hasChanged = await isOutdated(db, shopId, run).catch((error: unknown) => {
    if (error instanceof ShopifyError) return null;
    throw error;
  });
  if (hasChanged === null)
    return { ok: false, message: "Shopify does not answer now. Try again in a moment." };
  const done = await db.write(async (tx): Promise<DryRunChange> => {
    await lockShop(tx, shopId);
    if ((await findDryRun(tx, shopId, id))?.state !== "counted") return GONE;
    const newest = (await findProgramme(tx, shopId))?.versions.at(-1);
    if (newest?.version !== run.version) {
      await changeDryRun(tx, shopId, id, { state: "cancelled", finishedAt: Date.now() });
      return { ok: false, message: "The rules have changed since. Count again." };
    }
    if (hasChanged) {
      await changeDryRun(tx, shopId, id, { state: "counting" });
      await addJob(tx, shopId, "count-dry-run", id);
      return { ok: false, message: "Orders have changed since: look at the new figures" };
    }
    await changeDryRun(tx, shopId, id, { state: "applying", lastOrderId: 0, done: 0 });
    await addJob(tx, shopId, "apply-dry-run", id);
    failpoint("change-dry-run:before-confirm-commit");
    return { ok: true, message: "The points are being posted" };
  });
  failpoint("change-dry-run:after-confirm-commit");
  return done;
}

/** Only what orders from before the programme got: by which rules others had earned is not kept. */
async function undo(db: Database, shopId: number, id: string): Promise<DryRunChange> {
  const done = await db.write(async (tx): Promise<DryRunChange> => {
    await lockShop(tx, shopId);
    const run = await findDryRun(tx, shopId, id);
    if (run?.state !== "applied" || run.kind !== "earlier")
      return { ok: false, message: "There is nothing to undo any more" };
    await changeDryRun(tx, shopId, id, { state: "undoing", lastOrderId: 0, done: 0 });
    await addJob(tx, shopId, "apply-dry-run", id);
    failpoint("change-dry-run:before-undo-commit");
    return { ok: true, message: "The points are being taken back" };
  });
  failpoint("change-dry-run:after-undo-commit");
  return done;
}

const GONE: DryRunChange = { ok: false, message: "There is nothing to confirm any more" };

/** Of orders that were written since, any would come to other points: most are only written again as they were. */
async function isOutdated(db: Database, shopId: number, run: DryRun): Promise<boolean> {
  const programme = await findProgramme(db, shopId);
  const shop = await findShopById(db, shopId);
  if (!programme || !shop) return true;
  const changed = await ordersChangedIn(db, shopId, run, run.dataVersion);
  for (const ids of inChunks(changed, ORDERS_AT_ONCE)) {
    const { rows } = await countOrders(db, shopId, run, programme, ids);
    if (digestOf(rows) !== digestOf(await dryRunOrdersById(db, shopId, run.id, ids))) return true;
  }
  return false;
}

const ORDERS_AT_ONCE = 200;

function digestOf(rows: readonly DryRunOrder[]): string {
  const told = rows.map(({ orderId, points, pointsBefore }) => [orderId, points, pointsBefore]);
  return JSON.stringify(told.sort(([a = 0], [b = 0]) => a - b));
}

async function cancel(db: Database, shopId: number, id: string): Promise<DryRunChange> {
  const done = await db.write(async (tx): Promise<DryRunChange> => {
    await lockShop(tx, shopId);
    const state = (await findDryRun(tx, shopId, id))?.state;
    if (!state || !["counting", "counted", "applying"].includes(state)) return GONE;
    await changeDryRun(tx, shopId, id, { state: "cancelled", finishedAt: Date.now() });
    // Clears away what was counted.
    await addJob(tx, shopId, "apply-dry-run", id);
    failpoint("change-dry-run:before-cancel-commit");
    return state === "applying"
      ? { ok: true, message: "Stopped. What has been posted stays." }
      : { ok: true, message: "Given up. Nothing was posted." };
  });
  failpoint("change-dry-run:after-cancel-commit");
  return done;
}

type DryRunJob = Extract<JobKind, "count-dry-run" | "apply-dry-run">;

async function addJob(tx: Transaction, shopId: number, kind: DryRunJob, runId: string): Promise<void> {
  await enqueue(tx, { shopId, kind, payload: { runId }, key: "dry-run", queue: "dry-run" });
}
