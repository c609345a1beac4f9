/** What the cart earns by today's rules, as far as that can be known before the order is there. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { RuleTable } from "../../../app/core/loyalty/rule-table.ts";
import type { MemberFacts } from "../../shared/facts.ts";
import { pointsOfCheckout, type CheckoutCart } from "./cart.ts";
import { useGoods, type Asks } from "./goods.ts";
import { pointsIn, type I18n } from "./words.ts";

/** Of the pages before and right after payment. */
export interface CartApi extends Asks {
  lines: { value: CheckoutCart["lines"] };
  discountAllocations: { value: CheckoutCart["discountAllocations"] };
  cost: {
    totalShippingAmount: { value: CheckoutCart["shipping"] };
    totalTaxAmount: { value: CheckoutCart["tax"] };
    totalAmount: { value: CheckoutCart["total"] };
  };
  shippingAddress?: { value: { countryCode?: string | undefined } | undefined } | undefined;
  localization: { country: { value: { isoCode: string } | undefined } };
  buyerIdentity?: { customer: { value: { ordersCount: number } | undefined } } | undefined;
  i18n: unknown;
}

export function Estimate({
  api,
  rules,
  member,
  otherwise = null,
}: {
  api: CartApi;
  rules: RuleTable;
  /** `null`: a guest, or no member. */
  member: MemberFacts | null;
  /** Where nothing is earned. */
  otherwise?: ComponentChildren;
}) {
  const i18n = api.i18n as I18n;
  const { translate } = i18n;
  const cart = { ...cartOf(api), tier: member?.tier ?? null };
  const goods = useGoods(api, cart.lines);
  // Of the rules that hold when the page is opened: a checkout does not outlast an event by much.
  const [openedAt] = useState(Date.now);
  const found = pointsOfCheckout(rules, cart, goods, openedAt);
  if (!found) {
    if (rules.points === 0) return otherwise;
    const { points, amount } = rules.rate;
    const money = i18n.formatCurrency(amount / 100, { currency: rules.currency });
    return <s-text>{translate("earn.rate", { points: pointsIn(i18n, points), amount: money })}</s-text>;
  }
  if (found.points === 0) return otherwise;
  const points = translate(`certainty.${found.certainty}`, { points: pointsIn(i18n, found.points) });
  return <s-text>{translate(member ? "earn.order" : "earn.guest", { points })}</s-text>;
}

function cartOf(api: CartApi): Omit<CheckoutCart, "tier"> {
  return {
    lines: api.lines.value,
    discountAllocations: api.discountAllocations.value,
    shipping: api.cost.totalShippingAmount.value,
    tax: api.cost.totalTaxAmount.value,
    total: api.cost.totalAmount.value,
    country: api.shippingAddress?.value?.countryCode ?? api.localization.country.value?.isoCode ?? "",
    ordersCount: api.buyerIdentity?.customer.value?.ordersCount,
  };
}
