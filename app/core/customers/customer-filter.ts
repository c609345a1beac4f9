/** Which of a shop's customers somebody wants to see. */
import type { ActionKind } from "../clv/action-kinds.ts";
import type { ChurnBand } from "../clv/churn-risk.ts";

/** Both ends belong to a range; an end that is left out is open. */
export interface Range {
  from?: number | undefined;
  to?: number | undefined;
}

export interface CustomerFilter {
  orders?: Range | undefined;
  netMinor?: Range | undefined;
  /** Days of the shop. */
  firstDay?: Range | undefined;
  lastDay?: Range | undefined;
  firstProductId?: number | undefined;
  /** Customers with a tag that the merchant leaves out are in no figure; here they can be looked at. */
  standing?: "counted" | "excluded" | "any" | undefined;
  /** What is expected of them; nobody fits where that is not known. */
  valueMinor?: Range | undefined;
  bands?: readonly ChurnBand[] | undefined;
  /** When the next order is due: the window is still open, or has passed. */
  due?: "open" | "passed" | undefined;
  /** Whom one of the things to do is about. */
  action?: ActionKind | undefined;
}
