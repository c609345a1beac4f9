/**
 * Events as triggers of Shopify Flow. Each has an extension of its own (extensions/flow-*), whose handle and fields these are; a test holds the
 * two together. Flow wants every field of a trigger, and its keys are letters and spaces.
 */
import type { EventKind, OutgoingEvent } from "./outgoing-event.ts";

export interface FlowTrigger {
  handle: string;
  /** What merchants see in Flow, and by what Flow names it when it tells whether a workflow uses it. */
  name: string;
}

export const FLOW_TRIGGERS: Partial<Readonly<Record<EventKind, FlowTrigger>>> = {
  "points.earned": { handle: "points-earned", name: "Points earned" },
  "points.expiring": { handle: "points-expiring", name: "Points about to expire" },
  "reward.redeemed": { handle: "reward-redeemed", name: "Reward redeemed" },
  "tier.changed": { handle: "tier-changed", name: "Tier changed" },
  "customer.at_risk": { handle: "customer-at-risk", name: "Customer at risk" },
};

/** Flow takes no empty field. */
const NO_TIER = "none";

/** A change of the tiers themselves moves everybody at once, and a workflow that writes to who climbs would write to all of them. */
export function isToldFlow({ kind, data }: Pick<OutgoingEvent, "kind" | "data">): boolean {
  return kind in FLOW_TRIGGERS && !("reason" in data && data.reason === "programme");
}

/** `customer_id` stands for a field of the type customer_reference. */
export type FlowPayload = Readonly<Record<string, string | number>>;

/** `null`: Flow is not told of it. */
export function flowPayload(event: OutgoingEvent, customerId: number): FlowPayload | null {
  const shared = { customer_id: customerId, "Event id": event.id };
  switch (event.kind) {
    case "points.expiring":
      return { ...shared, Points: event.data.points, "Last day": event.data.lastDay };
    case "points.earned": {
      const { points, source, sourceId, available } = event.data;
      return {
        ...shared,
        Points: points,
        Source: source,
        "Source id": sourceId,
        "Available points": available,
      };
    }
    case "reward.redeemed": {
      const { points, name, redemption } = event.data;
      return { ...shared, Points: points, "Reward name": name, "Redemption id": redemption };
    }
    case "tier.changed": {
      const { from, to, direction, reason } = event.data;
      if (!isToldFlow(event)) return null;
      const tiers = { "Former tier": from?.name ?? NO_TIER, Tier: to?.name ?? NO_TIER };
      return { ...shared, ...tiers, Direction: direction, Reason: reason };
    }
    case "customer.at_risk": {
      const { riskPercent, lastOrderDay } = event.data;
      return { ...shared, Risk: riskPercent, "Last order day": lastOrderDay };
    }
    case "referral.completed":
    case "test":
      return null;
  }
}
