/**
 * What a merchant's plan of Perennial includes, decided here and nowhere else. Plans are sold on Shopify's hosted pricing page,
 * which names the one that was chosen; a plan leaves out only what is listed under its name, so no plan and any new plan
 * include everything.
 */
export type Feature = "figures";

const LEFT_OUT: ReadonlyMap<string, readonly Feature[]> = new Map();

/** Whether a plan, by its name on the pricing page (empty: none chosen), includes a feature. */
export function planIncludes(
  plan: string,
  feature: Feature,
  leftOut: ReadonlyMap<string, readonly Feature[]> = LEFT_OUT,
): boolean {
  return !leftOut.get(plan)?.includes(feature);
}
