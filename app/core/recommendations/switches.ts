/** What a merchant decides about the lists. */

export interface Switches {
  /** Named first in "for you" and among what is popular, in this sequence. */
  pinned: readonly number[];
  /** Named nowhere. */
  hidden: readonly number[];
  /** How much a product's margin, against the shop's mean, moves its place: 0 not at all, 1 as much as its chance does. */
  marginWeight: number;
  /** Of one product type in a list, as long as there is something else to name; `null`: any number. */
  mostOfType: number | null;
}

export const USUAL_SWITCHES: Switches = { pinned: [], hidden: [], marginWeight: 0, mostOfType: 3 };

export const MOST_PINNED = 6;
export const MOST_HIDDEN = 250;

export const MARGIN_WEIGHTS = [0, 0.5, 1] as const;
export const MOST_OF_TYPE = [1, 2, 3, 5, null] as const;

/** Of all customers, who see what everybody sees: in hundredths of a percent. */
export const USUAL_HELD_OUT_BASIS_POINTS = 500;
export const HELD_OUT_BASIS_POINTS: readonly number[] = [0, 200, 500, 1_000, 2_000, 5_000];
