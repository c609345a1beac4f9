/**
 * Entering and leaving tiers. Each tier that is climbed into, also on the way to a higher one, is an entry of its own, so that what entries
 * bring does not depend on how many steps it took. What an entry brings waits as points of orders do, and is lost with the tier until then.
 */
import type { Standing } from "./tier-standing.ts";
import { rankOf, type TierRules } from "./tiers.ts";

export interface TierEntry {
  /** Counts the member's entries from 1: with the member the natural key of what it brings. */
  sequence: number;
  tierId: string;
  enteredAt: number;
  leftAt: number | null;
  /** When it brings what the tier promises; `null`: it brings nothing. */
  rewardAt: number | null;
  rewardedAt: number | null;
}

export interface EntryChanges {
  opened: readonly TierEntry[];
  closed: readonly TierEntry[];
  /** Open ones whose reward is due. */
  due: readonly TierEntry[];
  /** When the next reward is due. */
  nextRewardAt: number | null;
}

export interface EntryTerms {
  now: number;
  /** Until what an entry brings can be had. */
  waitMs: number;
  /** The merchant's change of the rules brought it and nobody's own doing: it brings nothing. */
  isByRules: boolean;
}

/** `open`: those that have not been left. `last`: sequence of the member's last entry. */
export function entryChanges(
  rules: TierRules,
  open: readonly TierEntry[],
  last: number,
  { tierId }: Pick<Standing, "tierId">,
  { now, waitMs, isByRules }: EntryTerms,
): EntryChanges {
  const rank = rankOf(rules, tierId);
  const closed = open
    .filter((entry) => rankOf(rules, entry.tierId) < 0 || rankOf(rules, entry.tierId) > rank)
    .map((entry) => ({ ...entry, leftAt: now }));
  const held = open.filter(({ sequence }) => closed.every((entry) => entry.sequence !== sequence));
  const opened = rules.ladder
    .slice(0, rank + 1)
    .filter(({ id }) => held.every((entry) => entry.tierId !== id))
    .map(({ id, entryPoints, entryRewardId }, index): TierEntry => {
      const brings = !isByRules && (entryPoints > 0 || entryRewardId !== null);
      const rewardAt = brings ? now + waitMs : null;
      return {
        sequence: last + 1 + index,
        tierId: id,
        enteredAt: now,
        leftAt: null,
        rewardAt,
        rewardedAt: null,
      };
    });
  const waiting = [...held, ...opened].filter(
    (entry) => entry.rewardAt !== null && entry.rewardedAt === null,
  );
  const isDue = ({ rewardAt }: TierEntry) => (rewardAt ?? Infinity) <= now;
  const later = waiting.filter((entry) => !isDue(entry)).map(({ rewardAt }) => rewardAt ?? Infinity);
  return {
    opened,
    closed,
    due: waiting.filter(isDue),
    nextRewardAt: later.length === 0 ? null : Math.min(...later),
  };
}
