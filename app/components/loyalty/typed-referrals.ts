/** What members and their friends get as it is being typed: words in fields until they make sense. */
import { formatMinor } from "../../core/money.ts";
import { isLanding, REFERRAL_BOUNDS, type ReferralRules } from "../../core/referrals/referral-rules.ts";
import { amountSaid, readAmount, wholeNumberSaid } from "./typed-rules.ts";

export interface TypedReferrals {
  isOn: boolean;
  memberPoints: string;
  friendGets: "points" | "reward";
  friendPoints: string;
  rewardId: string;
  /** Empty: any order. */
  minimum: string;
  isReversed: boolean;
  /** Empty: no limit. */
  most: string;
  per: ReferralRules["per"];
  landing: string;
}

type ReferralField = "memberPoints" | "friendPoints" | "rewardId" | "minimum" | "most" | "landing";

const USUAL_FRIEND_POINTS = "250";

export function typedReferrals(rules: ReferralRules, currency: string): TypedReferrals {
  const { isOn, memberPoints, friend, minimumMinor, isReversed, most, per, landing } = rules;
  return {
    ...{ isOn, isReversed, per, landing, memberPoints: String(memberPoints), friendGets: friend.kind },
    friendPoints: friend.kind === "points" ? String(friend.points) : USUAL_FRIEND_POINTS,
    rewardId: friend.kind === "reward" ? friend.rewardId : "",
    minimum: minimumMinor === null ? "" : formatMinor(minimumMinor, currency),
    most: most === null ? "" : String(most),
  };
}

export type ReadReferrals =
  { ok: true; rules: ReferralRules } | { ok: false; faults: Partial<Record<ReferralField, string>> };

export function readReferrals(typed: TypedReferrals, currency: string): ReadReferrals {
  const faults: Partial<Record<ReferralField, string>> = {};
  const whole = (
    field: "memberPoints" | "friendPoints" | "most",
    bounds: { least: number; most: number },
  ) => {
    const text = typed[field].trim();
    const value = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
    if (!(value >= bounds.least && value <= bounds.most)) faults[field] = wholeNumberSaid(bounds);
    return value;
  };
  const minimum = typed.minimum.trim();
  const minimumMinor = minimum === "" ? null : readAmount(minimum, currency);
  if (minimum !== "" && (minimumMinor === null || minimumMinor < 1)) faults.minimum = amountSaid(currency);
  const landing = typed.landing.trim() === "" ? "/" : typed.landing.trim();
  if (!isLanding(landing)) faults.landing = "A page of your storefront, such as / or /collections/tea";
  if (typed.friendGets === "reward" && typed.rewardId === "") faults.rewardId = "Choose a reward";
  const rules: ReferralRules = {
    isOn: typed.isOn,
    memberPoints: whole("memberPoints", REFERRAL_BOUNDS.points),
    friend:
      typed.friendGets === "points"
        ? { kind: "points", points: whole("friendPoints", REFERRAL_BOUNDS.points) }
        : { kind: "reward", rewardId: typed.rewardId },
    ...{ minimumMinor, isReversed: typed.isReversed },
    most: typed.most.trim() === "" ? null : whole("most", REFERRAL_BOUNDS.most),
    ...{ per: typed.per, landing },
  };
  return Object.keys(faults).length > 0 ? { ok: false, faults } : { ok: true, rules };
}
