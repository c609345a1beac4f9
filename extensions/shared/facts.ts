/** What is known of the programme and of the customer without asking: the app's metafields, as Shopify hands them to extensions. */
import { tierShownAt, type PublishedTier } from "../../app/core/loyalty/published-tier.ts";
import type { RuleTable } from "../../app/core/loyalty/rule-table.ts";

/** Of checkout and of the customer account alike. */
export interface MetafieldEntry {
  target: { type: string };
  metafield: { key: string; value: string | number | boolean };
}

export interface RewardFacts {
  id: string;
  kind: string;
  /** Points. */
  cost: number;
  name: string;
  /** In the shop's currency. */
  valueMinor: number | null;
  /** In other currencies, where the merchant has named them. */
  amounts?: Readonly<Record<string, number>>;
  percent: number | null;
  minimumMinor: number | null;
  /** Who takes the code, who gets the money, what is brought, or where it is. */
  about?: string;
  /** Of an event: the shop's day on which it is, and the last on which a place can be had. */
  on?: string;
  until?: string;
}

export interface ProgrammeFacts {
  api: string;
  state: "on" | "paused";
  /** The shop's. */
  currency: string;
  rules: RuleTable | null;
  rewards: readonly RewardFacts[];
  survey: { points: number } | null;
  /** Missing: members bring nobody. */
  referral?: ReferralFacts;
  /** From the lowest to the highest; missing: there are none. */
  tiers?: {
    by: "points" | "spend" | "orders";
    ladder: readonly { id: string; name: string; factor: number; perks: readonly string[] }[];
  };
}

interface ReferralFacts {
  /** Of the member who brings a friend. */
  points: number;
  /** The friend's; 0 where the friend gets a reward. */
  friend: number;
  reward: string | null;
  minimumMinor: number | null;
  landing: string;
}

export interface MemberFacts {
  points: number;
  pending: number;
  debt: number;
  /** The points that ripen first, on the shop's day `2027-05-31`. */
  next: { points: number; on: string } | null;
  expiry: { points: number; on: string } | null;
  goal: { reward: string; missing: number } | null;
  codes: readonly { id: string; reward: string; code: string; until: string }[];
  /** `null`: there are no tiers. */
  tier: PublishedTier | null;
  /** Of who brings friends; `null`: nobody does. */
  referral: { code: string; came: number; waiting: number; points: number } | null;
}

export interface Facts {
  /** `null`: there is no programme, or it is not shown. */
  programme: ProgrammeFacts | null;
  /** `null`: a guest, or a customer who is no member. */
  member: MemberFacts | null;
}

export function factsOf(entries: readonly MetafieldEntry[]): Facts {
  const valueOf = (owner: string, name: string) =>
    entries.find(({ target, metafield }) => target.type === owner && metafield.key === name)?.metafield.value;
  // Whom the merchant keeps out of the programme sees none.
  const isKeptOut = jsonOf<{ out?: boolean }>(valueOf("customer", "membership"))?.out === true;
  const programme = isKeptOut ? null : jsonOf<ProgrammeFacts>(valueOf("shop", "ui"));
  const points = valueOf("customer", "points");
  if (points === undefined) return { programme, member: null };
  const membership = jsonOf<Partial<MemberFacts>>(valueOf("customer", "membership")) ?? {};
  const { debt = 0, next = null, expiry = null, goal = null, codes = [], referral = null } = membership;
  const pending = Number(valueOf("customer", "pending") ?? 0);
  const tier = jsonOf<PublishedTier>(valueOf("customer", "tier"));
  const balance = { points: Number(points), pending, debt, next, expiry, goal };
  return { programme, member: { ...balance, codes, tier, referral } };
}

/** The member's tier now; `null`: none. */
export function tierOf({ tiers }: Pick<ProgrammeFacts, "tiers">, member: Pick<MemberFacts, "tier"> | null) {
  const id = tierShownAt(member?.tier ?? null, Date.now() / 1000);
  return tiers?.ladder.find((tier) => tier.id === id) ?? null;
}

/** `null`: nothing stands there, or nothing that can be read. */
function jsonOf<T>(value: unknown): T | null {
  if (typeof value !== "string") return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null ? (parsed as T) : null;
  } catch {
    return null;
  }
}
