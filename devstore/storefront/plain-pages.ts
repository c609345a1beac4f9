/** The pages that Shopify renders by itself: log-in, checkout, thanks, and what is shown where a theme or a block is wrong. */
import { presentmentMinor } from "../state/money.ts";
import type { CustomerState, OrderState, ShopState } from "../state/model.ts";
import { orderTotals } from "../state/totals.ts";
import { formatMoney, liquidAmount } from "./liquid/money.ts";
import { escapedHtml } from "./liquid/text.ts";
import { amountOf, shippingOf, shownCart } from "./objects/cart.ts";
import { localUrl, type View } from "./view.ts";

const STYLE = `
  * { box-sizing: border-box; }
  body { margin: 0 auto; padding: 24px 16px; max-width: 720px; font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff; }
  h1 { font-size: 24px; }
  table { width: 100%; border-collapse: collapse; }
  td { padding: 6px 0; border-bottom: 1px solid #e3e3e3; }
  td:last-child { text-align: right; white-space: nowrap; }
  label { display: block; margin: 12px 0; }
  input, select, button { font: inherit; padding: 8px 12px; width: 100%; margin-top: 4px; }
  button { background: #1a1a1a; color: #fff; border: 0; border-radius: 6px; cursor: pointer; }
  form.row { display: flex; gap: 8px; margin: 4px 0; }
  pre { white-space: pre-wrap; background: #fbeaea; padding: 16px; border-radius: 6px; }
`;

export function document_(language: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="${escapedHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapedHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>${body.includes("<main") ? body : `<main>${body}</main>`}</body>
</html>`;
}

/** Names what is wrong, so that whoever wrote the template or block sees it. */
export function faultPage(message: string): string {
  return document_(
    "en",
    "The storefront cannot show this page",
    `<h1>The storefront cannot show this page</h1><pre data-storefront-error>${escapedHtml(message)}</pre>`,
  );
}

/** Where a form of the theme, without a script, asked for what the shop's validations refuse. */
export function cartRefusedPage(view: View, message: string): string {
  return document_(
    view.locale,
    "Cart error",
    `<h1>Cart error</h1><p role="alert">${escapedHtml(message)}</p>
<p><a href="${localUrl(view, "/cart")}">Back to the cart</a></p>`,
  );
}

const CUSTOMERS_SHOWN = 50;

/** Everybody may be anybody here. */
export function loginPage(view: View, search: string, returnTo: string): string {
  const words = search.toLowerCase();
  const nameOf = ({ firstName, lastName, email, id }: CustomerState) =>
    [firstName, lastName].filter(Boolean).join(" ") || (email ?? `Customer ${id}`);
  const found = [...view.shop.customers.values()]
    .reverse()
    .filter((each) => `${nameOf(each)} ${each.email ?? ""} ${each.id}`.toLowerCase().includes(words))
    .slice(0, CUSTOMERS_SHOWN);
  const orders = new Map<number, number>();
  for (const { customerId } of view.shop.orders.values())
    if (customerId !== null) orders.set(customerId, (orders.get(customerId) ?? 0) + 1);
  const rows = found.map(
    (customer) => `<form class="row" method="post" action="${localUrl(view, "/account/login")}">
<input type="hidden" name="return_to" value="${escapedHtml(returnTo)}">
<button name="customer_id" value="${customer.id}">${escapedHtml(nameOf(customer))} (${orders.get(customer.id) ?? 0} orders)</button></form>`,
  );
  return document_(
    view.locale,
    "Log in",
    `<h1>Log in to ${escapedHtml(view.shop.name)} as</h1>
<form method="get"><label>Search <input name="q" value="${escapedHtml(search)}"></label></form>
${rows.join("")}<p><a href="${localUrl(view, "/")}">Back to the shop</a></p>`,
  );
}

/** Lines, what the codes take off, and the total; redrawn where an extension changes a code. */
export function checkoutSummary(view: View): string {
  const cart = shownCart(view);
  const money = (amount: number) => escapedHtml(formatMoney(amount, view.market.currency, "with-currency"));
  const shipping = shippingOf(view);
  const lines = cart.lines.map(
    ({ line, product, linePrice }) =>
      `<tr><td>${escapedHtml(product.title)} × ${line.quantity}</td><td>${money(linePrice)}</td></tr>`,
  );
  const off = cart.priced.uses.map((use) => {
    const amount = cart.lines
      .flatMap(({ productOff, orderOff }) => [...productOff, ...orderOff])
      .filter((each) => each.use === use);
    const freed = use.shippingMinor > 0 ? shipping : 0;
    return `<tr><td>${escapedHtml(use.code)}</td><td>-${money(amountOf(amount) + freed)}</td></tr>`;
  });
  const isFree = cart.priced.uses.some(({ shippingMinor }) => shippingMinor > 0);
  return `<table>${lines.join("")}${off.join("")}
<tr><td>Shipping</td><td>${money(shipping)}</td></tr>
<tr><td><strong>Total</strong></td><td><strong>${money(cart.total + (isFree ? 0 : shipping))}</strong></td></tr></table>`;
}

/** `hosted` is what extensions draw, by the place they draw it at. */
export function checkoutPage(view: View, errors: readonly string[], hosted: CheckoutPlaces): string {
  const cart = shownCart(view);
  const countries = view.markets.map(({ country }) => {
    const name = new Intl.DisplayNames([view.locale], { type: "region" }).of(country) ?? country;
    const selected = country === view.market.country ? " selected" : "";
    return `<option value="${country}"${selected}>${escapedHtml(name)}</option>`;
  });
  const refused = view.cart.codes.filter((code) => cart.priced.applicable.get(code) !== true);
  const notes = [...errors, ...refused.map((code) => `${code} does not apply to this cart.`)];
  return document_(
    view.locale,
    `Checkout · ${view.shop.name}`,
    `<h1>Checkout</h1>
${notes.map((note) => `<p role="alert">${escapedHtml(note)}</p>`).join("")}
<div id="order-summary">${checkoutSummary(view)}</div>
<form method="post" action="${localUrl(view, "/checkout/discount")}"><label>Discount code <input name="code"></label><button>Apply</button></form>
${hosted.reductions}
<form method="post" action="${localUrl(view, "/checkout")}">
<label>E-mail <input type="email" name="email" value="${escapedHtml(view.customer?.email ?? "")}" required></label>
<label>Country <select name="country">${countries.join("")}</select></label>
${hosted.block}
<button name="pay" value="1">Pay now</button></form>${hosted.script}`,
  );
}

export interface CheckoutPlaces {
  reductions: string;
  block: string;
  script: string;
}

export function thanksPage(view: View, shop: ShopState, order: OrderState, hosted: string): string {
  const status = view.customer?.id === order.customerId && order.customerId !== null;
  return orderPage(view, shop, order, {
    title: "Thank you",
    heading: `Thank you for your order #${order.number}`,
    rest: `${hosted}${status ? `<p><a href="${localUrl(view, orderStatusPath(order))}">Follow your order</a></p>` : ""}`,
  });
}

export function orderStatusPage(view: View, shop: ShopState, order: OrderState, hosted: string): string {
  const day = new Intl.DateTimeFormat(view.locale, { dateStyle: "long", timeZone: shop.timeZone });
  const state = order.cancelledAt === null ? "Confirmed" : "Cancelled";
  return orderPage(view, shop, order, {
    title: `Order #${order.number}`,
    heading: `Order #${order.number}`,
    rest: `<p>${state} · ${escapedHtml(day.format(order.processedAt))}</p>${hosted}`,
  });
}

export const orderStatusPath = ({ id }: OrderState) => `/account/orders/${id}`;

function orderPage(
  view: View,
  shop: ShopState,
  order: OrderState,
  { title, heading, rest }: { title: string; heading: string; rest: string },
): string {
  const shown = (minor: number) =>
    escapedHtml(
      formatMoney(
        liquidAmount(
          presentmentMinor(minor, shop.currency, order.presentmentCurrency, order.presentmentRate),
          order.presentmentCurrency,
        ),
        order.presentmentCurrency,
        "with-currency",
      ),
    );
  const lines = order.lines.map(
    ({ title, quantity, unitPriceMinor }) =>
      `<tr><td>${escapedHtml(title)} × ${quantity}</td><td>${shown(unitPriceMinor * quantity)}</td></tr>`,
  );
  const { totalMinor, discountMinor, shippingMinor } = orderTotals(order);
  const discount = discountMinor > 0 ? `<tr><td>Discount</td><td>-${shown(discountMinor)}</td></tr>` : "";
  return document_(
    view.locale,
    `${title} · ${shop.name}`,
    `<h1>${escapedHtml(heading)}</h1>
<table data-order-id="${order.id}">${lines.join("")}${discount}
<tr><td>Shipping</td><td>${shown(shippingMinor)}</td></tr>
<tr><td><strong>Total</strong></td><td><strong>${shown(totalMinor)}</strong></td></tr></table>
${rest}
<p><a href="${localUrl(view, "/")}">Back to the shop</a></p>`,
  );
}
