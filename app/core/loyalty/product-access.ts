/**
 * Products that only members of a tier may buy, for good or until a day on which everybody may: as a merchant states it, as it stands in the
 * product's metafield, and what it says to one buyer on one day. The function of cart and checkout (extensions/tier-access) decides by it, and
 * the storefront shows it.
 *
 * Days are the shop's, as `2027-05-31`, and begin at its midnight: Shopify tells a function the shop's day and no finer time.
 */
import { rankOf, type TierRules } from "./tiers.ts";
import type { PublishedTier } from "./published-tier.ts";

export interface AccessRule {
  /** That tier and every higher one may buy from a day on; `null`: at once. At least one. */
  steps: readonly { tierId: string; from: string | null }[];
  /** From then on everybody may; `null`: never. */
  openFrom: string | null;
}

export const ACCESS_BOUNDS = {
  products: { least: 0, most: 250 },
  steps: { least: 1, most: 5 },
} as const;

/** As JSON in the product's metafield: with the tiers spelled out, so that nobody needs the ladder. */
export interface PublishedAccess {
  v: 1;
  /** From the lowest of their tiers to the highest. */
  steps: readonly { from: string | null; tiers: readonly { id: string; name: string }[] }[];
  open: string | null;
}

/** `null`: everybody may buy it, because no tier that the rule names is there any more. */
export function publishedAccess(
  { steps, openFrom }: AccessRule,
  tiers: Pick<TierRules, "ladder">,
): PublishedAccess | null {
  const known = steps.filter(({ tierId }) => rankOf(tiers, tierId) >= 0);
  if (known.length === 0) return null;
  return {
    v: 1,
    steps: known.map(({ tierId, from }) => ({
      from,
      tiers: tiers.ladder.slice(rankOf(tiers, tierId)).map(({ id, name }) => ({ id, name })),
    })),
    open: openFrom,
  };
}

export type Verdict =
  | { ok: true }
  | {
      ok: false;
      /** The lowest that may buy it now or, where nobody may yet, next. */
      tierName: string;
      /** From then on this buyer may, in their present tier; `null`: never. */
      from: string | null;
    };

export function accessOn(access: PublishedAccess, tierId: string | null, today: string): Verdict {
  const hasCome = (from: string | null) => from === null || today >= from;
  const own = access.steps.filter(({ tiers }) => tiers.some(({ id }) => id === tierId));
  const isOpen = access.open !== null && today >= access.open;
  if (isOpen || own.some(({ from }) => hasCome(from))) return { ok: true };
  const days = [...own.map(({ from }) => from), access.open].filter((day) => day !== null);
  const next = access.steps.toSorted((a, b) => ((a.from ?? "") < (b.from ?? "") ? -1 : 1));
  const begun = next.filter(({ from }) => hasCome(from));
  // What begins later is for more of them: lower tiers follow higher ones.
  const named = begun.toSorted((a, b) => b.tiers.length - a.tiers.length)[0] ?? next[0];
  return { ok: false, tierName: named?.tiers[0]?.name ?? "", from: days.toSorted()[0] ?? null };
}

/** On a day of the shop's; a tier ends with one. */
function tierOnDay(tier: Pick<PublishedTier, "id" | "lastDay" | "then">, today: string): string | null {
  return tier.lastDay !== null && today > tier.lastDay ? tier.then : tier.id;
}

const isDay = (value: unknown) => typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
const isDayOrNull = (value: unknown) => value === null || isDay(value);

/** `null`: there is none, or something that is none stands in its place. */
export function readAccess(value: unknown): PublishedAccess | null {
  if (!isRecord(value) || value["v"] !== 1 || !isDayOrNull(value["open"])) return null;
  const steps = value["steps"];
  const isStep = (step: unknown) =>
    isRecord(step) &&
    isDayOrNull(step["from"]) &&
    Array.isArray(step["tiers"]) &&
    step["tiers"].length > 0 &&
    step["tiers"].every(
      (tier) => isRecord(tier) && typeof tier["id"] === "string" && typeof tier["name"] === "string",
    );
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every(isStep)) return null;
  return value as unknown as PublishedAccess;
}

/** The tier that a customer's metafield says for a day; `null`: none, or nothing that can be read. */
export function readTierOn(value: unknown, today: string): string | null {
  if (!isRecord(value) || !isDayOrNull(value["lastDay"] ?? null)) return null;
  const [id, then] = [value["id"] ?? null, value["then"] ?? null];
  if (![id, then].every((each) => each === null || typeof each === "string")) return null;
  return tierOnDay(
    {
      id: id as string | null,
      lastDay: (value["lastDay"] ?? null) as string | null,
      then: then as string | null,
    },
    today,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
