/**
 * An order as Shopify tells it, with its connections as plain arrays: the one shape that page, `nodes(ids:)` and bulk end
 * in and that the mapper reads (fragments in operations/orders.ts).
 */
import type { WholeOrderFragment } from "./generated/admin.generated.d.ts";

export interface OrderNode {
  id: string;
  createdAt: string;
  processedAt: string;
  updatedAt: string;
  cancelledAt?: string | null;
  test: boolean;
  sourceName?: string | null;
  displayFinancialStatus?: string | null;
  discountCodes: readonly string[];
  customer?: { id: string } | null;
  purchasingEntity?: { __typename: string } | null;
  customerJourneySummary?: { firstVisit?: { source: string } | null } | null;
  shippingAddress?: { countryCodeV2?: string | null } | null;
  currentTotalPriceSet: ShopMoney;
  originalTotalPriceSet: { presentmentMoney: { amount: string; currencyCode: string } };
  transactions: readonly { kind: string; status: string; processedAt?: string | null }[];
  customAttributes?: readonly { key: string; value?: string | null }[];
  disputes: readonly { initiatedAs: string; status: string }[];
  lines: LineNode[];
  agreements: AgreementNode[];
}

interface ShopMoney {
  shopMoney: { amount: string };
}

export interface LineNode {
  id: string;
  isGiftCard: boolean;
  product?: { id: string } | null;
  variant?: { id: string } | null;
  originalUnitPriceSet: ShopMoney;
  sellingPlan?: { name: string } | null;
}

export interface AgreementNode {
  id: string;
  happenedAt: string;
  reason: string;
  sales: SaleNode[];
}

export interface SaleNode {
  id: string;
  actionType: string;
  lineType: string;
  quantity?: number | null;
  totalAmount: ShopMoney;
  totalTaxAmount: ShopMoney;
  totalDiscountAmountBeforeTaxes: ShopMoney;
  /** Of products and gift cards. */
  lineItem?: { id: string } | null;
}

type AgreementEdge = WholeOrderFragment["agreements"]["edges"][number];
type Sale = AgreementEdge["node"]["sales"]["nodes"][number];

/** An order of a page or of `nodes(ids:)`. What its connections left out is added by `completeOrder` (orders.server.ts). */
export function orderNodeOf(order: WholeOrderFragment): OrderNode {
  const { lineItems, agreements, ...facts } = order;
  return { ...facts, lines: [...lineItems.nodes], agreements: agreements.edges.map(agreementNodeOf) };
}

export function agreementNodeOf({ node }: AgreementEdge): AgreementNode {
  return {
    id: node.id,
    happenedAt: node.happenedAt,
    reason: node.reason,
    sales: node.sales.nodes.map(saleNodeOf),
  };
}

export function saleNodeOf(sale: Sale): SaleNode {
  return sale;
}
