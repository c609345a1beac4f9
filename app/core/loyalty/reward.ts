/** What a member may have for points, what one redemption of it promises, and what Shopify is asked to make for it. */
import { dayFromIso, isoDate, startOfDay, type ShopCalendar } from "../calendar.ts";
import { DAY_MS } from "./ledger.ts";

export type RewardGives =
  /** `amounts`: minor units by currency, where the merchant has named what it is worth in other markets' own. */
  | { kind: "amount-off"; valueMinor: number; amounts?: Readonly<Record<string, number>> }
  | { kind: "percentage"; percent: number }
  | { kind: "free-shipping" }
  /** One unit of it. */
  | { kind: "free-product"; variantId: number }
  | { kind: "gift-card"; valueMinor: number }
  | { kind: "store-credit"; valueMinor: number }
  | MadeHere;

export type RewardKind = RewardGives["kind"];

/** A code of another business, out of a pool that the merchant has uploaded. */
interface PartnerCode {
  kind: "partner-code";
  /** Who takes it. */
  partner: string;
  /** What one costs the shop; 0: nothing. */
  valueMinor: number;
  /** How many a member may have; `null`: any number. */
  perMember: number | null;
  /** How many of the pool are handed out in all; `null`: the whole pool. */
  inAll: number | null;
}

/** The shop gives the amount to the cause. */
interface Donation {
  kind: "donation";
  cause: string;
  valueMinor: number;
}

/** Something that the member brings, to be refilled or taken back; the shop confirms it by the code. */
interface Refill {
  kind: "refill";
  /** What is brought. */
  goods: string;
  /** What one costs the shop; 0: nothing. */
  valueMinor: number;
}

/** One of so many places on a day. */
interface EventPlace {
  kind: "event";
  /** Where, as members read it. */
  venue: string;
  /** The shop's day (`2027-05-31`) of the event, and the last on which a place can be had and given back. */
  on: string;
  until: string;
  /** What one place costs the shop; 0: nothing. */
  valueMinor: number;
  places: number;
  perMember: number | null;
}

/** What Perennial gives by itself. */
export type MadeHere = PartnerCode | Donation | Refill | EventPlace;

const MADE_HERE = new Set<RewardKind>(["partner-code", "donation", "refill", "event"]);

/** Shopify makes nothing for it: it is there once the points are spent. */
export function isMadeHere(gives: RewardGives): gives is MadeHere {
  return MADE_HERE.has(gives.kind);
}

/** There are only so many: each is a row that is handed out once. */
export function isLimited(gives: RewardGives): gives is PartnerCode | EventPlace {
  return gives.kind === "partner-code" || gives.kind === "event";
}

/** In the merchant's words: who takes the code, who gets the money, what is brought, or where it is. */
export function wordOf(gives: MadeHere): string {
  switch (gives.kind) {
    case "partner-code":
      return gives.partner;
    case "donation":
      return gives.cause;
    case "refill":
      return gives.goods;
    case "event":
      return gives.venue;
  }
}

/** The first moment after the shop's day. */
function endOfDay(day: string, calendar: ShopCalendar): number {
  return startOfDay(dayFromIso(day) + 1, calendar);
}

/** It can be redeemed for, as far as days tell. */
export function isInTime(gives: RewardGives, calendar: ShopCalendar, now: number): boolean {
  return gives.kind !== "event" || now < endOfDay(gives.until, calendar);
}

/**
 * A member may give it back unused. Not money that was given, nor a code that may have been used where nobody tells us, nor a place that
 * would stay empty.
 */
export function isReturnable(gives: RewardGives, calendar: ShopCalendar, now: number): boolean {
  const stays = gives.kind === "store-credit" || gives.kind === "partner-code" || gives.kind === "donation";
  return !stays && isInTime(gives, calendar, now);
}

/** With which other discounts a code may be used together. */
interface CombinesWith {
  order: boolean;
  product: boolean;
  shipping: boolean;
}

export interface Reward {
  id: string;
  /** As the merchant calls it, and the shopper reads it. */
  name: string;
  gives: RewardGives;
  costPoints: number;
  /** What the cart must come to, for a code; `null`: anything. */
  minimumMinor: number | null;
  combinesWith: CombinesWith;
  /** Counted from the redemption. */
  validDays: number;
  /** The points of a code that expires unused go back. */
  returnsUnused: boolean;
  isActive: boolean;
}

/** What was promised for the points: kept with the redemption, whatever becomes of the reward. */
export interface RedemptionTerms extends Pick<
  Reward,
  "name" | "gives" | "minimumMinor" | "combinesWith" | "returnsUnused"
> {
  currency: string;
  /** The shop's day (`2027-05-31`) of the expiry, which is as exact as gift cards are. */
  expiresOn: string;
}

/** One redemption's reward, decided whole before anything is made: the same asked for twice is made once. */
export interface Grant extends Omit<RedemptionTerms, "returnsUnused"> {
  /** The redemption's own: letters and digits, as gift cards ask. Store credit has none and is known by `expiresAt`. */
  code: string;
  customerId: number;
  /** Epoch milliseconds, in whole seconds as Shopify keeps them. */
  startsAt: number;
  expiresAt: number;
}

const SECOND_MS = 1000;

/**
 * When a redemption begins and ends, in whole seconds. No two of a member's end in the same second, because that second is all by which a
 * store credit can be told from another.
 */
export function lifeOfRedemption(
  { validDays, gives }: Pick<Reward, "validDays" | "gives">,
  now: number,
  taken: ReadonlySet<number>,
  calendar: ShopCalendar,
): { startsAt: number; expiresAt: number } {
  const startsAt = Math.floor(now / SECOND_MS) * SECOND_MS;
  if (gives.kind === "event") return { startsAt, expiresAt: endOfDay(gives.on, calendar) - SECOND_MS };
  let expiresAt = startsAt + validDays * DAY_MS;
  while (taken.has(expiresAt)) expiresAt += SECOND_MS;
  return { startsAt, expiresAt };
}

export function termsOfReward(
  { name, gives, minimumMinor, combinesWith, returnsUnused }: Reward,
  expiresAt: number,
  currency: string,
  calendar: ShopCalendar,
): RedemptionTerms {
  const expiresOn = isoDate(calendar.dayOf(expiresAt));
  return { name, gives, minimumMinor, combinesWith, returnsUnused, currency, expiresOn };
}

/** Without what is read as 1, I, 0 or O. */
const LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** Twelve letters that nobody guesses: nearly 59 bits of the random bytes. */
export function codeFrom(bytes: Uint8Array): string {
  if (bytes.length < 12) throw new Error("a code takes twelve bytes");
  return Array.from(bytes.subarray(0, 12), (byte) => LETTERS[byte % LETTERS.length]).join("");
}
