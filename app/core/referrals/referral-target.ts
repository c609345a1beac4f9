/**
 * What a referral comes to in its present state: who has something by it, and what merchants and members read of it. Whatever happened on the way, the
 * same state gives the same; what was given is compared with it and the difference is posted.
 */
import type { Finding } from "./fraud-checks.ts";
import type { ReferralTerms } from "./referral-rules.ts";

export const REFERRAL_STATUSES = ["waiting", "held", "rewarded", "limited", "blocked", "lost"] as const;
/**
 * `waiting`: for the check, for payment or for the end of the return window. `held`: nobody could check it, and the merchant decides.
 * `limited`: only the friend has something. `lost`: the order was not kept.
 */
export type ReferralStatus = (typeof REFERRAL_STATUSES)[number];

/** The merchant's word against the check's. */
export type Overruled = "allow" | "block";

export interface ReferralState {
  terms: ReferralTerms;
  verdict: Finding["verdict"] | "unchecked";
  overruled: Overruled | null;
  /** As it was left. */
  status: ReferralStatus;
}

/** The friend's first order as it is now. */
export interface ReferredOrder {
  /** Why it earns nothing, as the ledger says it; `null`: it earns. */
  because: string | null;
  /** A chargeback of it is open or lost, whatever else became of it. */
  isChargedBack: boolean;
  /** Net product sales that are kept, in minor units. */
  netMinor: number;
  /** End of the return window. */
  ripensAt: number;
}

export interface ReferralTarget {
  status: ReferralStatus;
  memberGiven: boolean;
  friendGiven: boolean;
  /** When time alone changes it; `null`: never. */
  lookAt: number | null;
}

/** `isWithinLimit`: of the member, without this one. */
export function referralTarget(
  referral: ReferralState,
  order: ReferredOrder | null,
  isWithinLimit: boolean,
  now: number,
): ReferralTarget {
  const nothing = { memberGiven: false, friendGiven: false, lookAt: null };
  const { overruled, verdict } = referral;
  if (overruled === "block") return { ...nothing, status: "blocked" };
  if (overruled === null && verdict === "blocked") return { ...nothing, status: "blocked" };
  if (isLost(referral, order)) return { ...nothing, status: "lost" };
  if (overruled === null && verdict === "unreadable") return { ...nothing, status: "held" };
  if (overruled === null && verdict === "unchecked") return { ...nothing, status: "waiting" };
  const isDecided = wasDecided(referral);
  if (!isDecided && (order?.because === "unpaid" || (order?.ripensAt ?? Infinity) > now)) {
    const lookAt = order && order.because === null ? order.ripensAt : null;
    return { ...nothing, status: "waiting", lookAt };
  }
  const isMembers = isDecided ? referral.status === "rewarded" : isWithinLimit;
  return {
    status: isMembers ? "rewarded" : "limited",
    memberGiven: isMembers,
    friendGiven: true,
    lookAt: null,
  };
}

function wasDecided({ status }: Pick<ReferralState, "status">): boolean {
  return status === "rewarded" || status === "limited";
}

/** A chargeback takes everything back whatever the terms say: the money is gone. */
function isLost(referral: ReferralState, order: ReferredOrder | null): boolean {
  const isKept =
    order !== null &&
    (order.because === null || order.because === "unpaid") &&
    order.netMinor >= (referral.terms.minimumMinor ?? 0);
  if (isKept) return false;
  return !wasDecided(referral) || referral.terms.isReversed || order?.isChargedBack === true;
}
