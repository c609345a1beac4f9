/** What an order's disputes (Shopify Payments) mean for its points: one state of them all, the worst first. */
import type { DisputeState } from "../core/loyalty/order-target.ts";
import type { OrderNode } from "./order-nodes.ts";

/** While a bank only inquires no money has been taken: it holds nothing. */
export function disputeStateOf({ disputes }: Pick<OrderNode, "disputes">): DisputeState | null {
  const is = (...statuses: string[]) => disputes.some(({ status }) => statuses.includes(status));
  if (is("LOST", "ACCEPTED")) return "lost";
  const isOpen = ({ initiatedAs, status }: OrderNode["disputes"][number]) =>
    initiatedAs === "CHARGEBACK" && (status === "NEEDS_RESPONSE" || status === "UNDER_REVIEW");
  if (disputes.some(isOpen)) return "open";
  return is("WON", "PREVENTED") ? "won" : null;
}
