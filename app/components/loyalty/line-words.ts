/** Lines of the ledger in words, as merchants read them. */
import { orderBehind, type LineSource } from "../../core/loyalty/order-behind.ts";
import type { TransactionKind } from "../../core/loyalty/ledger.ts";
import type { Show } from "../frame/show.ts";

export const KIND_WORDS: Readonly<Record<TransactionKind, string>> = {
  earn: "Earned",
  survey: "Earned for an answer",
  activity: "Earned otherwise",
  tier: "Entered a tier",
  referral: "Referral",
  "claw-back": "Taken back",
  ripen: "Can be spent",
  expire: "Expired",
  redeem: "Spent on a reward",
  restore: "Given back for a reward",
  "return-spent": "Given back with an order",
  adjust: "Adjusted by hand",
  undo: "Adjustment undone",
  import: "Brought from another app",
  "undo-import": "Import undone",
  merge: "Merged accounts",
};

/** Why an order earns nothing, as the ledger says it. */
const ORDER_REASONS: Readonly<Record<string, string>> = {
  test: "it is a test",
  business: "it is a business order",
  excluded: "the customer is left out",
  cancelled: "it was cancelled",
  voided: "its payment was voided",
  unpaid: "it is not paid",
  disputed: "its payment is disputed",
  refunded: "it was refunded",
  deleted: "it was deleted",
  reassigned: "it is another customer’s now",
};

/** What the line tells beside its kind and order. */
export function detailOf(
  { kind, sourceId, reason, ripensAt, expiresAt }: LineSource & Terms & { reason: string | null },
  show: Show,
): string {
  const parts: string[] = [];
  if (reason !== null) parts.push(saidReason({ kind, sourceId }, reason));
  if (ripensAt !== null && (kind === "earn" || kind === "survey"))
    parts.push(`can be spent from ${show.date(ripensAt)}`);
  if (expiresAt !== null) parts.push(`expires ${show.date(expiresAt - 1)}`);
  return parts.join(", ");
}

interface Terms {
  ripensAt: number | null;
  expiresAt: number | null;
}

function saidReason(source: LineSource, reason: string): string {
  if (source.kind === "activity") return DEEDS[reason] ?? reason;
  if (source.kind === "referral") return REFERRALS[reason] ?? because(reason);
  return orderBehind(source) ? because(reason) : reason;
}

/** What there is one of; others have the merchant's name. */
const DEEDS: Readonly<Record<string, string>> = {
  join: "joined",
  birthday: "birthday",
  anniversary: "another year as a member",
  newsletter: "agreed to the newsletter",
  profile: "told the birthday",
};

const REFERRALS: Readonly<Record<string, string>> = {
  member: "brought a friend",
  friend: "came by a friend",
  blocked: "the referral does not count",
  lost: "the friend’s order was not kept",
};

function because(reason: string): string {
  return ORDER_REASONS[reason] ?? reason;
}

/** `+120`, `−30`; a dash where nothing changed. */
export function signed(points: number, show: Show): string {
  if (points === 0) return "–";
  return `${points > 0 ? "+" : "−"}${show.count(Math.abs(points))}`;
}
