/**
 * What is told to receivers outside: the kinds of events, what each says, and its form as a webhook and as a trigger of Shopify Flow. It says
 * whom it is about by Shopify's id and ours and nothing else of them; whoever receives it asks Shopify for the rest.
 */

/** Moments are epoch milliseconds, days `YYYY-MM-DD` of the shop. */
export interface EventData {
  "points.expiring": { points: number; expiresAt: number; lastDay: string };
  "points.earned": {
    points: number;
    /** Kind of the transaction, such as `earn`, and what caused it, such as an order's id. */
    source: string;
    sourceId: string;
    /** From when on they can be spent. */
    availableFrom: number;
    /** What can be spent after it. */
    available: number;
  };
  "reward.redeemed": { points: number; redemption: string; reward: string; name: string };
  "tier.changed": {
    /** `null`: no tier. */
    from: NamedTier | null;
    to: NamedTier | null;
    direction: "up" | "down";
    reason: TierReason;
  };
  "customer.at_risk": {
    /** The chance that they do not order again within a year, in percent. */
    riskPercent: number;
    /** Day of their last order. */
    lastOrderDay: string;
  };
  "referral.completed": {
    referral: string;
    /** Of the member who brought the friend; 0 where their limit is reached. */
    points: number;
    friendPoints: number;
    /** Instead of points, the id of the reward. */
    friendReward: string | null;
  };
  test: Record<string, never>;
}

/** By the merchant's name for it. */
interface NamedTier {
  id: string;
  name: string;
}

/** By what the new tier is held, `lost` where there is none; `programme`: the merchant changed the tiers, and this member did nothing. */
type TierReason = "amount" | "grace" | "bought" | "given" | "lost" | "programme";

export type EventKind = keyof EventData;

/** What one can subscribe to, in the order in which pages list it. */
export const EVENT_KINDS = [
  "points.earned",
  "points.expiring",
  "reward.redeemed",
  "tier.changed",
  "customer.at_risk",
  "referral.completed",
] as const satisfies readonly EventKind[];

export type OutgoingEvent = {
  [Kind in EventKind]: {
    id: string;
    kind: Kind;
    /** Epoch milliseconds. */
    occurredAt: number;
    data: EventData[Kind];
  };
}[EventKind];

/** Whom it is about; both `null` for a test. */
export interface EventSubject {
  customerId: number | null;
  memberId: number | null;
}

const iso = (at: number) => new Date(at).toISOString();

/** As `POST`ed to an address of the shop's. Field names never change their meaning; new ones may be added. */
export function webhookPayload(event: OutgoingEvent, subject: EventSubject, shopDomain: string) {
  const { customerId, memberId } = subject;
  return {
    id: event.id,
    type: event.kind,
    timestamp: iso(event.occurredAt),
    shop: shopDomain,
    data: {
      ...(customerId === null ? {} : { customer: `gid://shopify/Customer/${customerId}` }),
      ...(memberId === null ? {} : { member: memberId }),
      ...factsOf(event),
    },
  };
}

function factsOf(event: OutgoingEvent): Record<string, unknown> {
  switch (event.kind) {
    case "points.expiring": {
      const { points, expiresAt, lastDay } = event.data;
      return { points, expires_at: iso(expiresAt), last_day: lastDay };
    }
    case "points.earned": {
      const { points, source, sourceId, availableFrom, available } = event.data;
      return {
        ...{ points, source, source_id: sourceId },
        ...{ available_from: iso(availableFrom), available_points: available },
      };
    }
    case "reward.redeemed": {
      const { points, redemption, reward, name } = event.data;
      return { points, redemption, reward, reward_name: name };
    }
    case "tier.changed": {
      const { from, to, direction, reason } = event.data;
      return { from_tier: from, to_tier: to, direction, reason };
    }
    case "customer.at_risk": {
      const { riskPercent, lastOrderDay } = event.data;
      return { risk_percent: riskPercent, last_order_day: lastOrderDay };
    }
    case "referral.completed": {
      const { referral, points, friendPoints, friendReward } = event.data;
      return { referral, points, friend_points: friendPoints, friend_reward: friendReward };
    }
    case "test":
      return {};
  }
}
