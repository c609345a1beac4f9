/** What a programme promises: versions that are never changed, so that an order keeps the rule that held when it was placed. */
import type { Order } from "../order.ts";
import type { Rounding } from "./fraction.ts";
import type { TierRules } from "./tiers.ts";

export interface ProgrammeVersion {
  version: number;
  /** Epoch milliseconds. The first version begins with the programme. */
  validFrom: number;
  rules: EarningRules;
}

export interface EarningRules {
  /** Orders placed while this version holds earn. `false`: the programme is paused and what is bought meanwhile earns nothing. */
  isAccruing: boolean;
  /** So many points for so many minor units of the shop's currency. */
  base: { points: number; perMinor: number };
  basis: "before-discounts" | "after-discounts";
  /** Of products; what shipping earns on is without tax. */
  includeTax: boolean;
  includeShipping: boolean;
  rounding: Rounding;
  /** After placing and paying, until the points can be spent. */
  windowDays: number;
  /** After that, in months of the shop's calendar; `null`: never. */
  expiryMonths: number | null;
  multipliers: readonly Multiplier[];
  events: readonly PromotionEvent[];
  bonusProducts: readonly { productId: number; points: number }[];
  firstOrderPoints: number;
  /** Of points spent on an order, when it is cancelled or refunded in part. */
  returnSpent: "in-proportion" | "on-cancellation" | "none";
  /** Missing: there are none. */
  tiers?: TierRules;
}

export interface Multiplier {
  match: Match;
  factorPercent: number;
}

export interface PromotionEvent {
  name: string;
  startsAt: number;
  /** The first moment after it. */
  endsAt: number;
  factorPercent: number;
  match: Match;
}

/** Every part that is there has to be met, by one of its values. */
export interface Match {
  productIds?: readonly number[];
  collectionIds?: readonly number[];
  channels?: readonly string[];
  /** ISO 3166-1 alpha-2, of the shipping address. */
  countries?: readonly string[];
}

/** Some product earns by the collections that it is in. */
export function namesCollections({ multipliers, events }: EarningRules): boolean {
  return [...multipliers, ...events].some(({ match }) => match.collectionIds !== undefined);
}

/**
 * By which version an order earns: the one that it was bound to, or else the one that held when it was placed. `null`: by none, because
 * it is older than the programme or a guest's, who waits for Shopify to name a customer, which is news of the order.
 */
export function versionFor(
  { startedAt, versions }: { startedAt: number | null; versions: readonly ProgrammeVersion[] },
  { placedAt, customerId }: Pick<Order, "placedAt" | "customerId">,
  bound: { version: number } | undefined,
): ProgrammeVersion | null {
  if (bound) {
    const version = versions.find(({ version: number }) => number === bound.version);
    if (!version) throw new Error(`the programme has no version ${bound.version}`);
    return version;
  }
  if (customerId === null || startedAt === null || placedAt < startedAt) return null;
  return versionAt(versions, placedAt);
}

/** The version that held at a time; `null` before the programme's start. */
export function versionAt(versions: readonly ProgrammeVersion[], at: number): ProgrammeVersion | null {
  let held: ProgrammeVersion | null = null;
  for (const version of versions) {
    const isLater = held === null || version.validFrom > held.validFrom;
    const isNewer = version.validFrom === held?.validFrom && version.version > held.version;
    if (version.validFrom <= at && (isLater || isNewer)) held = version;
  }
  return held;
}

/** The version since which the tiers are as they are in the last one. */
export function tiersSince(versions: readonly ProgrammeVersion[]): number {
  const latest = JSON.stringify(versions.at(-1)?.rules.tiers ?? null);
  const other = versions.findLast(({ rules }) => JSON.stringify(rules.tiers ?? null) !== latest);
  return versions.find(({ version }) => version > (other?.version ?? 0))?.version ?? 0;
}
