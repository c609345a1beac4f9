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
  /** Since when both have what they have by it, or would but for a word against it. */
  rewardedAt: number | null;
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
  /** It was earned, and nothing but somebody's word against it may keep it back. */
  isDecided: boolean;
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
  const wasDecided = referral.rewardedAt !== null;
  if (overruled === "block") {
    // As long as it lasts the order goes on, and what it has earned by then is not lost with the block.
    const { isDecided, lookAt } = referralTarget({ ...referral, overruled: null }, order, isWithinLimit, now);
    return { ...nothing, status: "blocked", isDecided, lookAt };
  }
  if (overruled === null && verdict === "blocked")
    return { ...nothing, status: "blocked", isDecided: wasDecided };
  if (isLost(referral, order)) return { ...nothing, status: "lost", isDecided: false };
  if (overruled === null && verdict === "unreadable")
    return { ...nothing, status: "held", isDecided: wasDecided };
  if (overruled === null && verdict === "unchecked")
    return { ...nothing, status: "waiting", isDecided: wasDecided };
  if (!wasDecided && (order?.because === "unpaid" || (order?.ripensAt ?? Infinity) > now)) {
    const lookAt = order && order.because === null ? order.ripensAt : null;
    return { ...nothing, status: "waiting", isDecided: false, lookAt };
  }
  const isMembers = referral.status === "rewarded" || (referral.status !== "limited" && isWithinLimit);
  return {
    status: isMembers ? "rewarded" : "limited",
    ...{ memberGiven: isMembers, friendGiven: true, isDecided: true, lookAt: null },
  };
}

/** A chargeback takes everything back whatever the terms say: the money is gone. */
function isLost(referral: ReferralState, order: ReferredOrder | null): boolean {
  const isKept =
    order !== null &&
    (order.because === null || order.because === "unpaid") &&
    order.netMinor >= (referral.terms.minimumMinor ?? 0);
  if (isKept) return false;
  return referral.rewardedAt === null || referral.terms.isReversed || order?.isChargedBack === true;
}
