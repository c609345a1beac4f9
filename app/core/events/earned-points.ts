/** Which transactions of the ledger are told as points earned. */
import type { LedgerTransaction } from "../loyalty/ledger.ts";
import { DAY_MS } from "../loyalty/ledger.ts";
import { balanceOf, type Change } from "../loyalty/member-account.ts";
import type { EventData } from "./outgoing-event.ts";

/** What could be spent so long ago came by a backfill or a dry run: nobody is told of their past. */
const PAST_DAYS = 7;

export interface PointsEarned {
  kind: "points.earned";
  memberId: number;
  /** The transaction's natural key. */
  cause: string;
  occurredAt: number;
  data: EventData["points.earned"];
}

/** Points that the programme has issued; what was given by hand, came back or changed hands was not earned. */
export function earnedPoints({ account, transactions }: Change): PointsEarned[] {
  const { available } = balanceOf(account);
  return transactions.flatMap((transaction) => {
    const { kind, sourceId, sequence, memberId, at, opensLot } = transaction;
    const points = issuedBy(transaction);
    if (!opensLot || points === 0 || opensLot.ripensAt < at - PAST_DAYS * DAY_MS) return [];
    const data = {
      points,
      source: kind,
      sourceId,
      availableFrom: Math.max(at, opensLot.ripensAt),
      available,
    };
    return [
      {
        ...{ kind: "points.earned", memberId, cause: `${kind}/${sourceId}/${sequence}`, occurredAt: at },
        data,
      } as const,
    ];
  });
}

function issuedBy({ postings }: LedgerTransaction): number {
  return postings.reduce((sum, { from, points }) => (from === "issued" ? sum + points : sum), 0);
}
