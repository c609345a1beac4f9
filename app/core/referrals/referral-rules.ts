/** What the programme promises a member who brings a friend, and the friend. */

/** The attribute of the cart that brings the code to the order. */
export const REFERRAL_ATTRIBUTE = "perennial_ref";
/** The parameter of the link that brings it to the storefront. */
export const REFERRAL_PARAMETER = "ref";

type FriendGets = { kind: "points"; points: number } | { kind: "reward"; rewardId: string };

/** What a referral is kept to, whatever the rules become later. */
export interface ReferralTerms {
  /** Of the member who brought the friend. */
  memberPoints: number;
  friend: FriendGets;
  /** Net product sales that the friend's first order has to keep, in minor units; `null`: any. */
  minimumMinor: number | null;
  /** Taken back where the order is refunded or cancelled afterwards, too. */
  isReversed: boolean;
}

export interface ReferralRules extends ReferralTerms {
  isOn: boolean;
  /** How many friends earn one member something; `null`: any number. */
  most: number | null;
  per: "ever" | "year" | "month";
  /** Where in the storefront the link leads, such as `/` or `/collections/tea`. */
  landing: string;
}

export const REFERRAL_BOUNDS = {
  points: { least: 1, most: 100_000 },
  minimumMinor: { least: 1, most: 1_000_000_000 },
  most: { least: 1, most: 1_000 },
  /** Letters. */
  landing: { least: 1, most: 200 },
} as const;

export const USUAL_REFERRALS: ReferralRules = {
  isOn: false,
  memberPoints: 500,
  friend: { kind: "points", points: 250 },
  minimumMinor: null,
  isReversed: true,
  most: 10,
  per: "year",
  landing: "/",
};

export function termsOfReferral({
  memberPoints,
  friend,
  minimumMinor,
  isReversed,
}: ReferralRules): ReferralTerms {
  return { memberPoints, friend, minimumMinor, isReversed };
}

/** A path of the shop's own storefront, which no `//other.example` is. */
export function isLanding(path: string): boolean {
  return /^\/(?![/\\])[^\s?#\\]*$/.test(path) && path.length <= REFERRAL_BOUNDS.landing.most;
}
