/** Tiers as they are being typed: words in fields until they make sense. */
import { TIER_BOUNDS, type Tier, type TierRules } from "../../core/loyalty/tiers.ts";
import { formatMinor } from "../../core/money.ts";
import { amountSaid, readAmount, wholeNumberSaid } from "./typed-rules.ts";

export interface TypedTiers extends Pick<TierRules, "by" | "period"> {
  graceDays: string;
  ladder: readonly TypedTier[];
}

export interface TypedTier {
  id: string;
  name: string;
  /** Empty: nobody climbs to it. */
  threshold: string;
  factor: string;
  entryPoints: string;
  /** Empty: none. */
  entryRewardId: string;
  /** One to a line. */
  perks: string;
  soldIds: readonly number[];
  months: string;
}

type TierField = "name" | "threshold" | "factor" | "entryPoints" | "perks" | "months";
/** By tier and field, such as `t1/name`; `graceDays` by itself. */
export type TierFaults = Readonly<Record<string, string>>;

export const tierFault = (id: string, field: TierField) => `${id}/${field}`;

export function typedTiers({ by, period, graceDays, ladder }: TierRules, currency: string): TypedTiers {
  return {
    ...{ by, period, graceDays: String(graceDays) },
    ladder: ladder.map((tier) => typedTier(tier, by, currency)),
  };
}

function typedTier(tier: Tier, by: TierRules["by"], currency: string): TypedTier {
  const { id, name, threshold, factorPercent, entryPoints, entryRewardId, perks, sold } = tier;
  const asked = by === "spend" ? formatMinor(threshold ?? 0, currency) : String(threshold);
  return {
    ...{ id, name, threshold: threshold === null ? "" : asked, factor: String(factorPercent / 100) },
    ...{ entryPoints: String(entryPoints), entryRewardId: entryRewardId ?? "", perks: perks.join("\n") },
    soldIds: sold.map(({ productId }) => productId),
    months: String(sold[0]?.months ?? 12),
  };
}

export function newTier(id: string): TypedTier {
  return {
    ...{ id, name: "", threshold: "", factor: "1", entryPoints: "0", entryRewardId: "", perks: "" },
    ...{ soldIds: [], months: "12" },
  };
}

export type ReadTiers = { ok: true; tiers: TierRules } | { ok: false; faults: TierFaults };

export function readTiers({ by, period, ...typed }: TypedTiers, currency: string): ReadTiers {
  const faults: Record<string, string> = {};
  const graceDays = whole(typed.graceDays, TIER_BOUNDS.graceDays);
  if (graceDays === null) faults["graceDays"] = wholeNumberSaid(TIER_BOUNDS.graceDays);
  let below = -1;
  const ladder = typed.ladder.map((tier): Tier => {
    const fault = (field: TierField, said: string) => {
      faults[tierFault(tier.id, field)] = said;
      return 0;
    };
    const isClimbed = tier.threshold.trim() !== "";
    const threshold = isClimbed ? thresholdOf(tier.threshold, by, currency) : null;
    if (isClimbed && threshold === null)
      fault("threshold", by === "spend" ? amountSaid(currency) : wholeNumberSaid(TIER_BOUNDS.threshold));
    else if (threshold !== null && threshold <= below)
      fault("threshold", "More than the tier below asks for");
    below = threshold ?? below;
    const name = tier.name.trim();
    if (name === "" || name.length > TIER_BOUNDS.name.most)
      fault("name", `A name of up to ${TIER_BOUNDS.name.most} letters`);
    const perks = tier.perks.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
    if (
      perks.length > TIER_BOUNDS.perks.most ||
      perks.some(({ length }) => length > TIER_BOUNDS.perkLetters.most)
    )
      fault(
        "perks",
        `Up to ${TIER_BOUNDS.perks.most} lines of up to ${TIER_BOUNDS.perkLetters.most} letters`,
      );
    const months =
      tier.soldIds.length === 0
        ? 1
        : (whole(tier.months, TIER_BOUNDS.months) ?? fault("months", wholeNumberSaid(TIER_BOUNDS.months)));
    return {
      ...{ id: tier.id, name, threshold, perks },
      factorPercent: factorOf(tier.factor) ?? fault("factor", "A number from 1 to 10, such as 1.5"),
      entryPoints:
        whole(tier.entryPoints, TIER_BOUNDS.entryPoints) ??
        fault("entryPoints", wholeNumberSaid(TIER_BOUNDS.entryPoints)),
      entryRewardId: tier.entryRewardId === "" ? null : tier.entryRewardId,
      sold: tier.soldIds.map((productId) => ({ productId, months })),
    };
  });
  if (Object.keys(faults).length > 0 || graceDays === null) return { ok: false, faults };
  return { ok: true, tiers: { by, period, graceDays, ladder } };
}

function thresholdOf(text: string, by: TierRules["by"], currency: string): number | null {
  if (by !== "spend") return whole(text, TIER_BOUNDS.threshold);
  const minor = readAmount(text, currency);
  return minor !== null && minor <= TIER_BOUNDS.threshold.most ? minor : null;
}

function factorOf(text: string): number | null {
  const typed = text.trim().replace(",", ".");
  const percent = /^\d{1,2}(\.\d{1,2})?$/.test(typed) ? Math.round(Number(typed) * 100) : NaN;
  return percent >= TIER_BOUNDS.factorPercent.least && percent <= TIER_BOUNDS.factorPercent.most
    ? percent
    : null;
}

function whole(text: string, { least, most }: { least: number; most: number }): number | null {
  const typed = text.trim();
  const value = /^\d{1,10}$/.test(typed) ? Number(typed) : null;
  return value !== null && value >= least && value <= most ? value : null;
}
