/** Between what the numbers of earning rules may lie, for the form that asks for them and the edge that checks them. */

export const RULE_BOUNDS = {
  points: { least: 1, most: 100_000 },
  perMinor: { least: 1, most: 100_000_000 },
  /** Longer than any shop takes back. */
  windowDays: { least: 0, most: 365 },
  expiryMonths: { least: 1, most: 120 },
  firstOrderPoints: { least: 0, most: 1_000_000 },
  /** Of a multiplier or a promotion; 0 keeps out. */
  factorPercent: { least: 0, most: 10_000 },
  bonusPoints: { least: 1, most: 1_000_000 },
  /** Letters of a promotion's name. */
  eventName: { least: 1, most: 60 },
  /** How many of each kind of rule, and of values in each part of a match. */
  rules: { least: 0, most: 50 },
  matched: { least: 1, most: 250 },
} as const;
