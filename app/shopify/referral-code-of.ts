/** The code that a cart has brought to its order. */
import { REFERRAL_ATTRIBUTE } from "../core/referrals/referral-rules.ts";
import type { OrderNode } from "./order-nodes.ts";

/** `null`: none. */
export function referralCodeOf({
  customAttributes = [],
}: Pick<OrderNode, "customAttributes">): string | null {
  return customAttributes.find(({ key }) => key === REFERRAL_ATTRIBUTE)?.value ?? null;
}
