/** What a customer is shown: which products, and why each of them. */

/**
 * Why a product is named. due: bought before and used up by now; bought-before; bought-together: the same customers buy it as `because`;
 * new: published since the customer's last order, and like `because`; pinned: the merchant wants it seen; popular: what sells now.
 */
type Reason = "due" | "bought-before" | "bought-together" | "new" | "pinned" | "popular";

export interface ListItem {
  productId: number;
  /** The product bought before that is the reason; `null` where the reason is no product. */
  because: number | null;
  reason: Reason;
}

export interface CustomerLists {
  buyAgain: ListItem[];
  forYou: ListItem[];
  newForYou: ListItem[];
  /** Sees what is popular in the place of each list, so that the lists' effect can be told. */
  isHeldOut: boolean;
}

/** Longer than shown: what is sold out or in the cart is dropped where lists are shown. */
export const LIST_LENGTH = 24;
export const GOES_WITH_LENGTH = 12;

export function heldOutLists(popular: readonly ListItem[]): CustomerLists {
  return { buyAgain: [...popular], forYou: [...popular], newForYou: [...popular], isHeldOut: true };
}
