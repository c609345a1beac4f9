/** What a member may have for points, what one redemption of it promises, and what Shopify is asked to make for it. */
import { isoDate, type ShopCalendar } from "../calendar.ts";
import { DAY_MS } from "./ledger.ts";

export type RewardGives =
  /** `amounts`: minor units by currency, where the merchant has named what it is worth in other markets' own. */
  | { kind: "amount-off"; valueMinor: number; amounts?: Readonly<Record<string, number>> }
  | { kind: "percentage"; percent: number }
  | { kind: "free-shipping" }
  /** One unit of it. */
  | { kind: "free-product"; variantId: number }
  | { kind: "gift-card"; valueMinor: number }
  | { kind: "store-credit"; valueMinor: number };

export type RewardKind = RewardGives["kind"];

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
  { validDays }: Pick<Reward, "validDays">,
  now: number,
  taken: ReadonlySet<number>,
): { startsAt: number; expiresAt: number } {
  const startsAt = Math.floor(now / SECOND_MS) * SECOND_MS;
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
