/**
 * What one month did to points, summed up from the ledger's postings: how many came, were redeemed, expired and were taken back, by the
 * month in which they had come and the one in which they would expire. Everything that is told of a programme's liability is a sum of these.
 */
import type { AccountName } from "./ledger.ts";

/**
 * Members are in one of so many groups, by their number. Points of one member are not independent: how sure an estimate is is
 * learnt by leaving out one group after the other.
 */
export const MEMBER_GROUPS = 20;

/** Postings between two accounts, summed up by the lots that they fell on. */
export interface SummedPostings {
  /** Calendar months of the lot's coming and of its expiry (core/calendar.ts); `null` for both where only debt moved, and for the second where points never expire. */
  earned: number | null;
  expires: number | null;
  group: number;
  /** These postings opened the lot. */
  opens: boolean;
  from: AccountName;
  to: AccountName;
  points: number;
  /** How many transactions begin with one of these postings. */
  transactions: number;
}

export interface PointsCell {
  earned: number;
  expires: number | null;
  group: number;
  entered: number;
  /** Less what came back of it to the same lots. */
  redeemed: number;
  expired: number;
  /** Taken back with an order, taken by hand, or paid for what was owed: neither redeemed nor left unspent. */
  withdrawn: number;
}

export interface PointsMonth {
  month: number;
  /** By how much the members' accounts changed. */
  pending: number;
  available: number;
  owed: number;
  /** What the programme's accounts gave, less what they took back. */
  issued: number;
  adjusted: number;
  /** What they took, less what they gave back. */
  redeemed: number;
  expired: number;
  redemptions: number;
  cells: PointsCell[];
}

export function pointsMonth(month: number, sums: readonly SummedPostings[]): PointsMonth {
  const net = (account: AccountName) =>
    sums.reduce((total, { from, to, points }) => {
      if (from === to) return total;
      return total + (to === account ? points : 0) - (from === account ? points : 0);
    }, 0);
  return {
    month,
    pending: net("pending"),
    available: net("available"),
    // Nothing is 0 and not -0.
    owed: 0 - net("debt"),
    issued: 0 - net("issued"),
    adjusted: 0 - net("adjusted"),
    redeemed: net("redeemed"),
    expired: net("expired"),
    redemptions: sums.reduce(
      (total, { to, transactions }) => total + (to === "redeemed" ? transactions : 0),
      0,
    ),
    cells: cellsOf(sums),
  };
}

function cellsOf(sums: readonly SummedPostings[]): PointsCell[] {
  const cells = new Map<string, PointsCell>();
  for (const { earned, expires, group, opens, from, to, points } of sums) {
    if (earned === null) continue;
    const key = `${earned}/${expires}/${group}`;
    const nothing = { entered: 0, redeemed: 0, expired: 0, withdrawn: 0 };
    const cell = cells.get(key) ?? { earned, expires, group, ...nothing };
    cells.set(key, cell);
    const left = whereTo(to);
    const came = whereTo(from);
    if (left) cell[left] += points;
    if (came && opens) cell.entered += points;
    else if (came) cell[came] -= points;
  }
  return [...cells.values()].filter(
    ({ entered, redeemed, expired, withdrawn }) => entered || redeemed || expired || withdrawn,
  );
}

/** What it is for points to be there; `null`: they are still a member's, or only change hands. */
function whereTo(account: AccountName): "redeemed" | "expired" | "withdrawn" | null {
  if (account === "redeemed" || account === "expired") return account;
  return account === "issued" || account === "adjusted" || account === "debt" ? "withdrawn" : null;
}

/** Points of a cell, or of cells added up, that are still members'. */
export function openPoints({
  entered,
  redeemed,
  expired,
  withdrawn,
}: Pick<PointsCell, "entered" | "redeemed" | "expired" | "withdrawn">): number {
  return entered - redeemed - expired - withdrawn;
}
