/** Rewards in words: what one is worth, and its terms as shoppers read them. */
import { dayFromIso } from "../../core/calendar.ts";
import { isLimited, type Reward, type RewardGives, type RewardKind } from "../../core/loyalty/reward.ts";
import { canReturnUnused, isCode } from "../../core/loyalty/reward-bounds.ts";
import type { Show } from "../frame/show.ts";

export const REWARD_KIND_WORDS: Readonly<Record<RewardKind, string>> = {
  "amount-off": "Amount off an order",
  percentage: "Percentage off an order",
  "free-shipping": "Free shipping",
  "free-product": "Free product",
  "gift-card": "Gift card",
  "store-credit": "Store credit",
  "partner-code": "Code of a partner",
  donation: "Donation to a cause",
  refill: "Refill or return of goods",
  event: "Place at an event",
};

/** Optional scopes, as merchants are asked for them. */
const SCOPE_WORDS: Readonly<Record<string, string>> = {
  write_discounts: "create discounts",
  write_gift_cards: "create gift cards",
  write_customers: "edit customers",
  read_store_credit_accounts: "read store credit",
  write_store_credit_account_transactions: "give store credit",
};

export function scopesInWords(scopes: readonly string[]): string {
  const words = scopes.map((scope) => SCOPE_WORDS[scope] ?? scope);
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** `product` is what Shopify calls it; nothing where it could not be asked. */
export function worthInWords(gives: RewardGives, show: Show, product?: string): string {
  switch (gives.kind) {
    case "amount-off":
      return `${show.money(gives.valueMinor)} off`;
    case "percentage":
      return `${show.shareShort(gives.percent / 100)} off`;
    case "free-shipping":
      return "Free shipping";
    case "free-product":
      return product === undefined ? "A free product" : `Free: ${product}`;
    case "gift-card":
      return `Gift card of ${show.money(gives.valueMinor)}`;
    case "store-credit":
      return `Store credit of ${show.money(gives.valueMinor)}`;
    case "partner-code":
      return `A code of ${gives.partner}`;
    case "donation":
      return `${show.money(gives.valueMinor)} for ${gives.cause}`;
    case "refill":
      return `Bring in: ${gives.goods}`;
    case "event":
      return `A place on ${show.day(dayFromIso(gives.on))}`;
  }
}

/** What the shopper is told before redeeming, sentence by sentence. */
export function termsInWords(reward: Omit<Reward, "name" | "id">, show: Show): string[] {
  const { gives, minimumMinor, validDays, returnsUnused } = reward;
  const days = show.counted(validDays, "day", "days");
  const terms = [howItWorks(gives)];
  if (isLimited(gives) && gives.perMember !== null) {
    terms.push(`At most ${show.counted(gives.perMember, "time", "times")} for each member.`);
  }
  if (gives.kind === "event") {
    terms.push(`To be had, and to be given back for the points, until ${show.day(dayFromIso(gives.until))}.`);
  }
  if (gives.kind === "event" || gives.kind === "donation") return terms;
  if (minimumMinor !== null) terms.push(`For orders of ${show.money(minimumMinor)} or more.`);
  terms.push(`Valid for ${days} after you redeem it.`);
  if (isCode(gives)) terms.push(combiningInWords(reward));
  if (canReturnUnused(gives)) terms.push(returningInWords(gives, returnsUnused));
  return terms;
}

function howItWorks(gives: RewardGives): string {
  switch (gives.kind) {
    case "partner-code":
      return `A code to use at ${gives.partner}. It cannot be given back.`;
    case "donation":
      return `We give the amount to ${gives.cause} for you. It cannot be given back.`;
    case "refill":
      return `A code to show when you bring in ${gives.goods}.`;
    case "event":
      return `Where: ${gives.venue}. A code to show at the door.`;
    case "gift-card":
      return "A gift card of your own. What is left on it stays for your next orders.";
    case "store-credit":
      return "Added to your account, and taken off when you pay.";
    case "free-product":
      return "A code for one unit, for you alone. Put the product into the cart and enter the code.";
    default:
      return "A code for one order, for you alone.";
  }
}

function combiningInWords({ gives, combinesWith }: Pick<Reward, "gives" | "combinesWith">): string {
  const { order, product, shipping } = combinesWith;
  const others = [
    ...(order ? ["order discounts"] : []),
    ...(product ? ["product discounts"] : []),
    ...(shipping && gives.kind !== "free-shipping" ? ["shipping discounts"] : []),
  ];
  const last = others.at(-1);
  if (last === undefined) return "Not together with other discounts.";
  const before = others.slice(0, -1).join(", ");
  return `Together with ${before === "" ? last : `${before} and ${last}`}, too.`;
}

function returningInWords({ kind }: RewardGives, returnsUnused: boolean): string {
  const untouched = kind === "gift-card" ? "If nothing was paid with it by then" : "If you do not use it";
  return returnsUnused ? `${untouched}, your points come back.` : `${untouched}, it is lost with its points.`;
}
