/** Referrals in words, as merchants read them. */
import type { Check, Finding } from "../../core/referrals/fraud-checks.ts";
import type { ReferralStatus } from "../../core/referrals/referral-target.ts";

export const STATUS_WORDS: Readonly<Record<ReferralStatus, string>> = {
  waiting: "Waiting",
  held: "For you to decide",
  rewarded: "Rewarded",
  limited: "Friend rewarded",
  blocked: "Blocked",
  lost: "Order not kept",
};

export const STATUS_TONES = {
  waiting: undefined,
  held: "attention",
  rewarded: "success",
  limited: "success",
  blocked: "critical",
  lost: undefined,
} as const;

const REASONS: Readonly<Record<Check, string>> = {
  self: "The friend is the member",
  ring: "The friend has brought the member, or who brought them",
  returning: "The friend had ordered before",
  email: "Both e-mail addresses lead to one mailbox",
  card: "Both paid with one card",
  ip: "Both ordered from one connection",
  address: "Same address, and nothing tells the two apart",
  household: "Same address, but another card, connection and e-mail: a household",
  "friend-email": "The e-mail address leads to the mailbox of another friend of the member’s",
  "friend-card": "Paid with the card of another friend of the member’s",
  "friend-ip": "Ordered from the connection of another friend of the member’s",
  "friend-address": "The address of another friend of the member’s, and nothing tells the two apart",
  "friend-household":
    "The address of another friend of the member’s, but another card, connection and e-mail: a household",
};

export function verdictWords(verdict: Finding["verdict"] | "unchecked", because: Check | null): string {
  if (because !== null) return REASONS[because];
  if (verdict === "unchecked") return "Not compared yet";
  return verdict === "unreadable"
    ? "Shopify does not let Perennial compare the orders"
    : "Nothing suspicious";
}
