/** The page of imports: what is under way, what it would come to, and those before. */
import { pointValue } from "../../core/loyalty/point-value.ts";
import { importedPoints, listImports, type PointsImport } from "../../db/stores/points-imports.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { pollBulkOperation } from "../../shopify/bulk.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { mayWriteCustomers } from "../storefront/publishing-scopes.ts";

const SHOWN = 20;

/** `null`: there is no programme. `undoId`: of which import it is asked what undoing it would take. */
export async function openImports(db: Database, shop: Shop, undoId: string | null) {
  const programme = await findProgramme(db, shop.id);
  const rules = programme?.versions.at(-1)?.rules;
  if (!programme || !rules) return null;
  const [imports, rewards] = await Promise.all([listImports(db, shop.id, SHOWN), listRewards(db, shop.id)]);
  const value = pointValue(programme.pointValue, rewards, []);
  const current = imports.find(({ state }) => state !== "cancelled");
  const isOpen = current && ["asking", "reading", "counted"].includes(current.state);
  const asked = imports.find(({ id, state }) => id === undoId && state === "applied");
  return {
    /** Minor units for one point; `null`: nobody knows. */
    pointMinor: value?.minor ?? null,
    tiers: (rules.tiers?.ladder ?? []).map(({ id, name }) => ({ id, name })),
    expiryMonths: rules.expiryMonths,
    profilePoints: profilePoints(programme),
    mayWriteCustomers: mayWriteCustomers(shop),
    current: current ? shown(current) : null,
    customers: isOpen ? await customersList(db, current) : null,
    undo: asked ? { id: asked.id, ...(await importedPoints(db, shop.id, asked.id)) } : null,
    past: imports
      .filter(({ id, state }) => !(isOpen && id === current.id) && state !== "cancelled")
      .map(shown),
  };
}

function shown(run: PointsImport) {
  const { id, state, report, rows, done, startedAt, finishedAt, spentPoints, takenPoints } = run;
  const { birthdaysOutcome, birthdaysPath } = run;
  return {
    ...{ id, state, report, rows, done, startedAt, finishedAt, spentPoints, takenPoints, birthdaysOutcome },
    hasBirthdays: birthdaysPath !== null,
  };
}

/** Whoever told a birthday earns for it in the following night. */
function profilePoints({ activities }: Programme): number {
  return activities.find(({ key }) => key === "profile")?.points ?? 0;
}

/** How far Shopify's list of customers is: without it no row can be matched. */
async function customersList(
  db: Database,
  { shopId, operation: id }: PointsImport,
): Promise<{ state: "ready" } | { state: "waiting"; customers: number } | { state: "gone" | "unknown" }> {
  try {
    const client = await adminFor(db, shopId, { priority: "interactive" });
    const operation = await pollBulkOperation(client, id);
    if (operation.state === "running") return { state: "waiting", customers: operation.objectCount };
    return { state: operation.state === "done" ? "ready" : "gone" };
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    return { state: "unknown" };
  }
}
