/**
 * What a file of another app comes to, counted row by row. It adds up by its form: each row is counted once, as given or as one of the
 * reasons why not, and its points with it.
 */
import { ROW_FAULTS } from "./import-row.ts";

export const NOT_GIVEN = ["unmatched", "duplicate", "already", ...ROW_FAULTS] as const;
/** `unmatched`: no customer of the shop; `duplicate`: the customer stands in the file before; `already`: an earlier import had the customer. */
export type NotGiven = (typeof NOT_GIVEN)[number];

export interface Tally {
  rows: number;
  points: number;
}

export interface ImportReport {
  in: Tally;
  /** Rows whose customer was found and that are to be applied, with what they give. */
  matched: Tally;
  /** Points of matched rows that have expired by what the file says. */
  expired: Tally;
  notGiven: Record<NotGiven, Tally>;
  /** Of the matched: who is no member yet. */
  newMembers: number;
  /** Points with a fraction, which is dropped. */
  rounded: number;
  /** Dates that could be read in another order of day and month. */
  otherOrder: number;
  largest: number;
  /** Members by tier that they are given. */
  tiers: Record<string, number>;
  /** Rows whose tier is none of the programme's. */
  unknownTiers: number;
  /** Rows whose tier has ended by what the file says. */
  endedTiers: number;
  /** Birthdays that are brought to Shopify, and those that are not because the app may not write customers. */
  birthdays: number;
  birthdaysLeft: number;
  referrals: number;
}

export function emptyReport(): ImportReport {
  const none = (): Tally => ({ rows: 0, points: 0 });
  return {
    in: none(),
    matched: none(),
    expired: none(),
    notGiven: Object.fromEntries(NOT_GIVEN.map((reason) => [reason, none()])) as Record<NotGiven, Tally>,
    newMembers: 0,
    rounded: 0,
    otherOrder: 0,
    largest: 0,
    tiers: {},
    unknownTiers: 0,
    endedTiers: 0,
    birthdays: 0,
    birthdaysLeft: 0,
    referrals: 0,
  };
}

export function countTo(tally: Tally, points: number): void {
  tally.rows += 1;
  tally.points += points;
}

function summed(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, { rows, points }) => ({ rows: sum.rows + rows, points: sum.points + points }), {
    rows: 0,
    points: 0,
  });
}

/** Whether rows and points that came in are those that are accounted for. */
export function addsUp(report: ImportReport): boolean {
  const { rows, points } = summed([report.matched, ...Object.values(report.notGiven)]);
  return rows === report.in.rows && points + report.expired.points === report.in.points;
}
