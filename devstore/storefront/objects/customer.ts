/** The customer who is logged in, with their orders. */
import type { CustomerState, OrderState } from "../../state/model.ts";
import { presentmentMinor } from "../../state/money.ts";
import { financialStatus, orderTotals } from "../../state/totals.ts";
import { liquidAmount } from "../liquid/money.ts";
import { Thing } from "../liquid/thing.ts";
import { once, type View } from "../view.ts";
import { metafieldsOf } from "./catalogue.ts";

export function customerThing(view: View): Thing | null {
  const { customer } = view;
  return customer && once(view, "customer", () => makeCustomer(view, customer));
}

function makeCustomer(view: View, customer: CustomerState): Thing {
  const orders = () =>
    once(view, "customer's orders", () =>
      [...view.shop.orders.values()]
        .filter((order) => order.customerId === customer.id && !order.test)
        .sort((a, b) => b.createdAt - a.createdAt),
    );
  const name = [customer.firstName, customer.lastName].filter(Boolean).join(" ");
  return new Thing("customer", {
    accepts_marketing: () => customer.acceptsMarketing,
    "b2b?": () => false,
    email: () => customer.email,
    first_name: () => customer.firstName,
    has_account: () => customer.state === "ENABLED",
    id: () => customer.id,
    last_name: () => customer.lastName,
    last_order: () => {
      const [last] = orders();
      return last && orderThing(last, view);
    },
    metafields: () => metafieldsOf(view, `gid://shopify/Customer/${customer.id}`),
    name: () => name,
    orders: () =>
      orders()
        .slice(0, 50)
        .map((order) => orderThing(order, view)),
    orders_count: () => orders().length,
    phone: () => customer.phone,
    tags: () => customer.tags,
    tax_exempt: () => false,
    total_spent: () =>
      orders()
        .filter(({ cancelledAt }) => cancelledAt === null)
        .reduce(
          (sum, order) => sum + liquidAmount(orderTotals(order).currentTotalMinor, view.shop.currency),
          0,
        ),
  });
}

function orderThing(order: OrderState, { shop }: View): Thing {
  const shown = (minor: number) =>
    liquidAmount(
      presentmentMinor(minor, shop.currency, order.presentmentCurrency, order.presentmentRate),
      order.presentmentCurrency,
    );
  return new Thing("order", {
    cancelled: () => order.cancelledAt !== null,
    created_at: () => new Date(order.createdAt).toISOString(),
    financial_status: () => financialStatus(order).toLowerCase(),
    id: () => order.id,
    item_count: () => order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    name: () => `#${order.number}`,
    order_number: () => order.number,
    tags: () => order.tags,
    total_price: () => shown(orderTotals(order).totalMinor),
  });
}
