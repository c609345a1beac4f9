/**
 * What a customer's own pages in the storefront show, as the values of metafields: points, what becomes of them next, rewards within
 * reach, codes that wait to be used, and recommendations. Ids of theirs, their own codes, and nothing that names anybody.
 */
import { isoDate, type ShopCalendar } from "../calendar.ts";
import { advance } from "../loyalty/advance.ts";
import { publishedTier } from "../loyalty/published-tier.ts";
import { balanceOf, type Lot, type MemberAccount } from "../loyalty/member-account.ts";
import { isMadeHere, type RedemptionTerms, type Reward } from "../loyalty/reward.ts";
import type { Standing } from "../loyalty/tier-standing.ts";
import { LIST_LENGTH } from "../recommendations/customer-lists.ts";
import { productList, type Contents, type CustomerMetafield } from "./metafields.ts";

/** A recommended product, and the bought one that is the reason. */
interface ProfileItem {
  productId: number;
  because: number | null;
}

interface ProfileLists {
  buyAgain: readonly ProfileItem[];
  forYou: readonly ProfileItem[];
  newForYou: readonly ProfileItem[];
}

export interface IssuedReward {
  id: string;
  rewardId: string;
  code: string;
  terms: Pick<RedemptionTerms, "name" | "gives" | "expiresOn">;
}

export interface CustomerFacts {
  /** `null`: no member. */
  account: MemberAccount | null;
  /** Sees no programme, so that what it brings can be told. */
  keptOut?: boolean;
  /** `null`: there are no tiers, or no member. */
  standing?: Standing | null;
  /** Issued and not used. */
  issued: readonly IssuedReward[];
  /** `null` or missing: members bring nobody. */
  referral?: MemberReferral | null;
  /** `null`: they are not known now, and what stands there stays. */
  lists: ProfileLists | null;
}

/** Of the member who brings friends. */
export interface MemberReferral {
  code: string;
  /** Friends who count, and those whose order still waits. */
  came: number;
  waiting: number;
  /** What the member has by them. */
  points: number;
}

/** What all customers of a shop have in common. */
export interface ProfileSurroundings {
  /** Of the programme; `off`: nobody sees it. */
  state: "off" | "running" | "paused";
  /** Those that can be had. */
  rewards: readonly Pick<Reward, "id" | "costPoints">[];
  calendar: ShopCalendar;
  now: number;
}

type ProfileKey = Exclude<CustomerMetafield, "birthday">;

export function customerProfile(
  facts: CustomerFacts,
  surroundings: ProfileSurroundings,
): Contents & Partial<Record<ProfileKey, string | null>> {
  const { account, issued, lists, standing = null, referral = null, keptOut = false } = facts;
  const member =
    account === null || surroundings.state === "off"
      ? { points: null, pending: null, membership: keptOut ? KEPT_OUT : null, tier: null }
      : {
          ...membershipOf(account, issued, referral, surroundings),
          tier: standing && JSON.stringify(publishedTier(standing, surroundings.calendar)),
        };
  return lists ? { ...member, ...listsOf(lists) } : member;
}

/** Blocks and extensions show such a customer nothing of the programme. */
const KEPT_OUT = JSON.stringify({ v: 1, member: false, out: true });

function membershipOf(
  stored: MemberAccount,
  issued: readonly IssuedReward[],
  referral: MemberReferral | null,
  { state, rewards, calendar, now }: ProfileSurroundings,
) {
  // What is due is done already, whenever a job comes by to write it.
  const { account } = advance(stored, now);
  const { available, pending, debt } = balanceOf(account);
  const byCost = rewards.toSorted((a, b) => a.costPoints - b.costPoints);
  const goal = byCost.find(({ costPoints }) => costPoints > available);
  const membership = {
    v: 1,
    member: true,
    debt,
    next: soonest(
      account.lots,
      ({ pending }) => pending,
      ({ ripensAt }) => ripensAt,
      calendar,
    ),
    expiry: soonest(
      account.lots,
      ({ available }) => available,
      ({ expiresAt }) => expiresAt,
      calendar,
    ),
    within:
      state === "running"
        ? byCost.filter(({ costPoints }) => costPoints <= available).map(({ id }) => id)
        : [],
    goal: goal ? { reward: goal.id, missing: goal.costPoints - available + debt } : null,
    codes: issued.flatMap(shownCode),
    ...(referral && { referral }),
  };
  return { points: String(available), pending: String(pending), membership: JSON.stringify(membership) };
}

/** The points of the first of the shop's days on which any fall due. */
function soonest(
  lots: readonly Lot[],
  pointsOf: (lot: Lot) => number,
  dueOf: (lot: Lot) => number | null,
  calendar: ShopCalendar,
): { points: number; on: string } | null {
  const byDay = new Map<number, number>();
  for (const lot of lots) {
    const due = dueOf(lot);
    if (due === null || pointsOf(lot) === 0) continue;
    const day = calendar.dayOf(due);
    byDay.set(day, (byDay.get(day) ?? 0) + pointsOf(lot));
  }
  const first = Math.min(...byDay.keys());
  const points = byDay.get(first);
  return points === undefined ? null : { points, on: isoDate(first) };
}

const LETTERS_SHOWN = 4;

/**
 * Whoever has the code of a gift card or of a partner can pay with it, and merchants' staff can read metafields: of those only the end is shown, as
 * Shopify itself does. Store credit has no code.
 */
function shownCode({ id, rewardId, code, terms: { name, gives, expiresOn } }: IssuedReward) {
  if (gives.kind === "store-credit") return [];
  const isMoney = gives.kind === "gift-card" || gives.kind === "partner-code";
  const shown = isMoney ? `…${code.slice(-LETTERS_SHOWN)}` : code;
  // Its reward may be gone by then, or full, and is not among those that are offered.
  const own = isMadeHere(gives) ? { name, kind: gives.kind } : {};
  return [{ id, reward: rewardId, code: shown, until: expiresOn, ...own }];
}

function listsOf({ buyAgain, forYou, newForYou }: ProfileLists) {
  const shown = [buyAgain, forYou, newForYou].map((list) => list.slice(0, LIST_LENGTH));
  const [again = [], discover = [], fresh = []] = shown.map((list) => list.map(({ productId }) => productId));
  const reasons = new Map(
    shown.flat().flatMap(({ productId, because }) => (because === null ? [] : [[productId, because]])),
  );
  return {
    buy_again: productList(again),
    for_you: productList(discover),
    new_for_you: productList(fresh),
    because: reasons.size === 0 ? null : JSON.stringify(Object.fromEntries(reasons)),
    because_products: productList([...new Set(reasons.values())]),
  };
}
