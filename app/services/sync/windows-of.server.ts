/** Windows of one resource over a span of time, sized by Shopify's own counts. */
import type { NewWindow } from "../../db/stores/sync-state.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { createdBetween, updatedBetween } from "../../shopify/bulk-queries.ts";
import { planWindows } from "./plan-windows.ts";
import { countMatching } from "./shopify-history.server.ts";

export async function windowsOf(
  client: AdminClient,
  kind: Pick<NewWindow, "resource" | "installGeneration" | "basis">,
  /** The last record's time belongs to it. */
  span: { fromAt: number; lastAt: number },
  target: number,
): Promise<NewWindow[]> {
  const between = kind.basis === "created" ? createdBetween : updatedBetween;
  const countIn = (fromAt: number, toAt: number) =>
    countMatching(client, kind.resource, between(fromAt, toAt));
  const fromAt = Math.floor(span.fromAt / 1_000) * 1_000;
  const toAt = Math.floor(span.lastAt / 1_000) * 1_000 + 1_000;
  const count = await countIn(fromAt, toAt);
  if (count === 0) return [];
  const spans = await planWindows({ fromAt, toAt, count }, target, countIn);
  return spans.map((part) => ({ ...kind, fromAt: part.fromAt, toAt: part.toAt, expectedCount: part.count }));
}
