/** Events and what became of them, in words. */
import type { EventKind } from "../../core/events/outgoing-event.ts";

export const EVENT_WORDS: Readonly<Record<EventKind, string>> = {
  "points.earned": "Points earned",
  "points.expiring": "Points about to expire",
  "reward.redeemed": "Reward redeemed",
  "referral.completed": "A referral counts",
  "tier.changed": "Tier changed",
  "customer.at_risk": "Customer at risk",
  test: "Test",
};

export interface Counts {
  waiting: number;
  delivered: number;
  failed: number;
}
