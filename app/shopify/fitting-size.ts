/** How many records one query may ask for: found out from Shopify's own refusals, so that no estimate of ours can be wrong. */
import type { AdminClient } from "./admin-client.server.ts";
import { ShopifyError } from "./shopify-error.ts";

/** Before Shopify has refused or taken a size. */
const FIRST_SIZE = 10;
const LARGEST_SIZE = 100;
const MAXIMUM_COST = 1000;

/** Records per query that fit, by kind of record: costs are the same for every shop. */
const fitting = new Map<string, { size: number; isKnown: boolean }>();

/** Runs a query at the largest size that Shopify takes, up to `wanted`; a refusal for cost says how much smaller. */
export async function withFittingSize<Answer>(
  client: AdminClient,
  kind: string,
  wanted: number,
  run: (size: number) => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    const { size: fits, isKnown } = fitting.get(kind) ?? { size: FIRST_SIZE, isKnown: false };
    const size = Math.max(1, Math.min(wanted, fits));
    try {
      const answer = await run(size);
      // A full page that was taken may grow until one is refused.
      if (!isKnown && size === fits && size < LARGEST_SIZE) {
        fitting.set(kind, { size: Math.min(LARGEST_SIZE, size * 2), isKnown: false });
      }
      return answer;
    } catch (error) {
      if (!(error instanceof ShopifyError) || error.kind !== "too-costly" || size === 1) throw error;
      const cost = Math.max(error.cost ?? 2 * MAXIMUM_COST, MAXIMUM_COST + 1);
      fitting.set(kind, {
        size: Math.max(1, Math.min(Math.floor((size * MAXIMUM_COST) / cost), size - 1)),
        isKnown: true,
      });
    }
  }
}
