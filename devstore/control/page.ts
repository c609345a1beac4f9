/** The control page: one plain page over the control API, for a person who wants to see something happen. */
import { FAULTS } from "../state/chaos.ts";
import { statusOf } from "../state/discounts.ts";
import { decimalAmount } from "../state/money.ts";
import type { DisputeState, OrderState, ShopState, World } from "../state/model.ts";
import { financialStatus, orderTotals } from "../state/totals.ts";
import { now } from "../state/world.ts";
import { DEEDS } from "./deeds.ts";

/** Text that is safe in a page as it is. */
interface Html {
  html: string;
}

type Piece = Html | string | number | null | readonly Html[];

const ORDERS_SHOWN = 20;
const CUSTOMERS_SHOWN = 10;
const DISCOUNTS_SHOWN = 20;
const DELIVERIES_SHOWN = 30;

export function controlPage(world: World, domain: string | null): string {
  const shop = (domain === null ? undefined : world.shops.get(domain)) ?? [...world.shops.values()][0];
  return `<!doctype html>${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Local Shopify: control</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <h1>Local Shopify</h1>
        <p id="answer" role="status"></p>
        ${shopsSection(world, shop)} ${shop ? shopSections(shop, now(world)) : ""} ${clockSection(world)}
        ${chaosSection(world)} ${logSection(world)} ${fileSection()}
        <script>
          ${{ html: SCRIPT }};
        </script>
      </body>
    </html>`.html
  }`;
}

function shopsSection(world: World, chosen: ShopState | undefined): Html {
  const rows = [...world.shops.values()].map(
    (shop) =>
      html`<tr>
        <td>
          <a href="?shop=${shop.domain}" ${shop === chosen ? { html: 'aria-current="page"' } : ""}
            >${shop.domain}</a
          >
        </td>
        <td>${shop.name}</td>
        <td>${shop.currency}, ${shop.timeZone}</td>
        <td>${shop.orders.size} orders, ${shop.customers.size} customers, ${shop.products.size} products</td>
        <td>${shop.installation ? "installed" : "not installed"}</td>
        <td>
          <a href="/admin?shop=${shop.domain}">Admin</a> <a href="/?shop=${shop.domain}">Store</a>
          ${
            shop.installation
              ? button("Uninstall", `shops/${shop.domain}/uninstall`)
              : button("Install", `shops/${shop.domain}/install`)
          }
        </td>
      </tr>`,
  );
  return html`<section>
    <h2>Shops</h2>
    <table>
      ${rows}
    </table>
    <form data-path="shops">
      <label>Domain <input name="domain" required placeholder="tea" /></label>
      <label>Currency <input name="currency" value="USD" size="4" /></label>
      <label>Time zone <input name="timeZone" value="America/New_York" /></label>
      <button>Create shop</button>
    </form>
  </section>`;
}

function shopSections(shop: ShopState, at: number): Html {
  return html`${ordersSection(shop)} ${disputesSection(shop)} ${discountsSection(shop, at)}
  ${customersSection(shop)} ${anySection(shop)}`;
}

function ordersSection(shop: ShopState): Html {
  const orders = newest(shop.orders, ORDERS_SHOWN);
  const variants = [...shop.variants.values()].slice(0, 200).map((variant) => {
    const title = shop.products.get(variant.productId)?.title ?? "";
    const price = decimalAmount(variant.priceMinor, shop.currency);
    return html`<option value="${variant.id}">${title}, ${variant.title} (${price})</option>`;
  });
  return html`<section>
    <h2>Orders of ${shop.domain}</h2>
    ${
      variants.length === 0
        ? html`<p>There are no products yet: create one below.</p>`
        : html`<form data-path="shops/${shop.domain}/actions/createOrder" data-shape="order">
            <label
              >Variant
              <select name="variantId">
                ${variants}
              </select></label
            >
            <label>Quantity <input name="quantity" type="number" value="1" min="1" /></label>
            <label>Customer's id <input name="customerId" inputmode="numeric" placeholder="guest" /></label>
            <label>Discount codes <input name="codes" placeholder="none" /></label>
            <label
              >Payment
              <select name="payment">
                <option>paid</option>
                <option>pending</option>
                <option>authorized</option>
              </select></label
            >
            <button>Create order</button>
          </form>`
    }
    <table>
      <tr>
        <th>Order</th>
        <th>Placed</th>
        <th>Customer</th>
        <th>Status</th>
        <th>Total</th>
        <th>Now</th>
        <th></th>
      </tr>
      ${orders.map((order) => orderRow(shop, order))}
    </table>
  </section>`;
}

function orderRow(shop: ShopState, order: OrderState): Html {
  const totals = orderTotals(order);
  const act = (action: string) => `shops/${shop.domain}/actions/${action}`;
  const one = order.lines.find(({ currentQuantity }) => currentQuantity > 0);
  const { id: orderId } = order;
  return html`<tr>
    <td><a href="/_control/api/shops/${shop.domain}/orders/${orderId}">#${order.number}</a></td>
    <td>${shortTime(order.processedAt)}</td>
    <td>${order.customerId ?? "guest"}</td>
    <td>${order.cancelledAt === null ? financialStatus(order) : `CANCELLED, ${financialStatus(order)}`}</td>
    <td>${decimalAmount(totals.totalMinor, shop.currency)}</td>
    <td>${decimalAmount(totals.currentTotalMinor, shop.currency)}</td>
    <td>
      ${totals.outstandingMinor > 0 ? button("Pay", act("payOrder"), { orderId }) : ""}
      ${
        one
          ? html`${button("Refund one unit", act("refundOrder"), {
              orderId,
              lines: [{ lineId: one.id, quantity: 1 }],
            })}
            ${button("Remove one unit", act("editOrder"), {
              orderId,
              quantities: [{ lineId: one.id, quantity: one.currentQuantity - 1 }],
            })}`
          : ""
      }
      ${button("Cancel", act("cancelOrder"), { orderId })}
      ${button("Dispute", act("disputeOrder"), { orderId })}
      ${button("Delete", act("deleteOrder"), { orderId })}
    </td>
  </tr>`;
}

function disputesSection(shop: ShopState): Html {
  const rows = newest(shop.disputes, ORDERS_SHOWN).map(({ id: disputeId, orderId, amountMinor, status }) => {
    const settle = (label: string, outcome: DisputeState["status"]) =>
      button(label, `shops/${shop.domain}/actions/settleDispute`, { disputeId, status: outcome });
    const open = html`${settle("Review", "UNDER_REVIEW")} ${settle("Won", "WON")} ${settle("Lost", "LOST")}`;
    return html`<tr>
      <td>${disputeId}</td>
      <td>#${shop.orders.get(orderId)?.number ?? orderId}</td>
      <td>${decimalAmount(amountMinor, shop.currency)}</td>
      <td>${status}</td>
      <td>${status === "WON" || status === "LOST" ? "" : open}</td>
    </tr>`;
  });
  return rows.length === 0
    ? html``
    : html`<section>
        <h2>Disputes</h2>
        <table>
          ${rows}
        </table>
      </section>`;
}

function discountsSection(shop: ShopState, at: number): Html {
  const act = (action: string) => `shops/${shop.domain}/actions/${action}`;
  const rows = newest(shop.discounts, DISCOUNTS_SHOWN).map((discount) => {
    const { id: discountId, code, title, customerIds, uses, usageLimit, endsAt } = discount;
    const status = statusOf(discount, at);
    return html`<tr>
      <td>${code}</td>
      <td>${title}</td>
      <td>${customerIds?.join(", ") ?? "everybody"}</td>
      <td>${status}${endsAt === null ? "" : `, until ${shortTime(endsAt)}`}</td>
      <td>used ${uses.length} of ${usageLimit ?? "any"}</td>
      <td>
        ${status === "EXPIRED" ? "" : button("Deactivate", act("deactivateDiscount"), { discountId })}
        ${button("Delete", act("deleteDiscount"), { discountId })}
      </td>
    </tr>`;
  });
  return rows.length === 0
    ? html``
    : html`<section>
        <h2>Discounts</h2>
        <table>
          ${rows}
        </table>
      </section>`;
}

function customersSection(shop: ShopState): Html {
  const act = (action: string) => `shops/${shop.domain}/actions/${action}`;
  const rows = newest(shop.customers, CUSTOMERS_SHOWN).map(
    ({ id: customerId, firstName, lastName, state, tags }) =>
      html`<tr>
        <td>${customerId}</td>
        <td>${[firstName, lastName].filter((name) => name !== null).join(" ")}</td>
        <td>${state}</td>
        <td>${tags.join(", ")}</td>
        <td>
          ${button("Request data", act("requestCustomerData"), { customerId })}
          ${button("Redact", act("redactCustomer"), { customerId })}
          ${button("Delete", act("deleteCustomer"), { customerId })}
        </td>
      </tr>`,
  );
  return html`<section>
    <h2>Customers</h2>
    <form data-path="${act("createCustomer")}">
      <label>First name <input name="firstName" required /></label>
      <label>E-mail <input name="email" type="email" /></label>
      <button>Create customer</button>
    </form>
    <form data-path="${act("mergeCustomers")}">
      <label>Merge <input name="customerOneId" required data-type="number" /></label>
      <label>and <input name="customerTwoId" required data-type="number" /></label>
      <button>Merge</button>
    </form>
    <table>
      ${rows}
    </table>
  </section>`;
}

function anySection(shop: ShopState): Html {
  const options = [...DEEDS].map(
    ([name, { example }]) => html`<option value="${name}" data-example="${pretty(example)}">${name}</option>`,
  );
  const first = [...DEEDS.values()][0];
  return html`<section>
    <h2>Any action</h2>
    <form data-path="shops/${shop.domain}/actions/" data-shape="any">
      <label
        >Action
        <select name="action">
          ${options}
        </select></label
      >
      <label
        >Input <textarea name="input" rows="6" cols="70">${pretty(first?.example ?? {})}</textarea>
      </label>
      <button>Do it</button>
    </form>
  </section>`;
}

function clockSection(world: World): Html {
  return html`<section>
    <h2>Clock</h2>
    <p>It is ${new Date(now(world)).toISOString()}.</p>
    ${button("An hour on", "clock", { bySeconds: 3600 })} ${button("A day on", "clock", { byDays: 1 })}
    ${button("A month on", "clock", { byDays: 30 })}
  </section>`;
}

function chaosSection(world: World): Html {
  const rows = FAULTS.map((fault) => {
    const { probability, next } = world.chaos[fault];
    return html`<tr>
      <td>${fault}</td>
      <td>
        <input
          name="${fault}.probability"
          aria-label="${fault}: probability"
          type="number"
          min="0"
          max="1"
          step="any"
          value="${probability}"
        />
      </td>
      <td>
        <input name="${fault}.next" aria-label="${fault}: next times" type="number" min="0" value="${next}" />
      </td>
    </tr>`;
  });
  return html`<section>
    <h2>Chaos</h2>
    <form data-path="chaos" data-method="PUT" data-shape="chaos">
      <table>
        <tr>
          <th>Fault</th>
          <th>Probability</th>
          <th>The next times for certain</th>
        </tr>
        ${rows}
      </table>
      <button>Set</button>
    </form>
    ${button("Calm", "chaos", {}, "DELETE")}
  </section>`;
}

function logSection(world: World): Html {
  const rows = [...world.deliveries.values()]
    .slice(-DELIVERIES_SHOWN)
    .reverse()
    .map((delivery) => {
      const last = delivery.attempts.at(-1);
      return html`<tr>
        <td><a href="/_control/api/webhooks/${delivery.id}">${delivery.id}</a></td>
        <td>${shortTime(delivery.triggeredAt)}</td>
        <td>${delivery.shopDomain}</td>
        <td>${delivery.topic}</td>
        <td>${delivery.status} ${delivery.chaos.join(", ")}</td>
        <td>${delivery.attempts.length} attempts</td>
        <td>${last ? (last.error ?? `answered ${last.status} in ${last.tookMs} ms`) : ""}</td>
        <td>${button("Send again", `webhooks/${delivery.id}/redeliver`)}</td>
      </tr>`;
    });
  return html`<section>
    <h2>Webhooks</h2>
    <table>
      ${rows}
    </table>
  </section>`;
}

function fileSection(): Html {
  return html`<section>
    <h2>State</h2>
    ${button("Save", "save")} ${button("Load", "load")}
  </section>`;
}

function button(label: string, path: string, body: Record<string, unknown> = {}, method = "POST"): Html {
  return html`<button
    type="button"
    data-path="${path}"
    data-method="${method}"
    data-body="${JSON.stringify(body)}"
  >
    ${label}
  </button>`;
}

function newest<T extends { id: number }>(all: ReadonlyMap<number, T>, count: number): T[] {
  return [...all.values()].sort((a, b) => b.id - a.id).slice(0, count);
}

function shortTime(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  const parts = strings.map((text, index) => {
    const piece = pieces[index];
    return text + (piece === undefined ? "" : textOf(piece));
  });
  return { html: parts.join("") };
}

function textOf(piece: Piece): string {
  if (piece === null) return "";
  if (typeof piece === "string" || typeof piece === "number") return escaped(String(piece));
  if ("html" in piece) return piece.html;
  return piece.map((each) => each.html).join("");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 1rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
td, th { border-bottom: 1px solid #ddd; padding: .25rem .5rem; text-align: left; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .5rem 0; }
button { font: inherit; padding: .1rem .5rem; }
#answer { white-space: pre-wrap; position: sticky; top: 0; background: #fff; }
#answer.wrong { color: #b00020; }
[aria-current] { font-weight: bold; }
`;

/** Sends buttons and forms to the API as JSON, shows what is wrong, and shows the page anew when all is well. */
const SCRIPT = `
const answer = document.getElementById("answer");
async function send(path, method, body) {
  const response = await fetch("/_control/api/" + path, {
    method: method || "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = await response.json();
  answer.className = response.ok ? "" : "wrong";
  answer.textContent = response.ok ? "Done." : result.error.message;
  if (response.ok) setTimeout(() => location.reload(), 300);
}
document.addEventListener("click", (event) => {
  const { path, method, body } = event.target.dataset || {};
  if (path && body) send(path, method, JSON.parse(body));
});
document.addEventListener("change", (event) => {
  if (event.target.name !== "action") return;
  event.target.form.elements.input.value = event.target.selectedOptions[0].dataset.example;
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const fields = [...form.elements].filter((each) => each.name && each.value !== "");
  const value = (each) => (each.dataset.type === "number" ? Number(each.value) : each.value);
  const flat = Object.fromEntries(fields.map((each) => [each.name, value(each)]));
  const { path, method, shape } = form.dataset;
  if (shape === "order") {
    const { variantId, quantity, customerId, payment, codes } = flat;
    const lines = [{ variantId: Number(variantId), quantity: Number(quantity) }];
    const order = { lines, payment, ...(customerId ? { customerId: Number(customerId) } : {}) };
    if (codes) send(path.replace("createOrder", "placeOrder"), method, { ...order, codes: codes.split(/[\\s,]+/) });
    else send(path, method, order);
  } else if (shape === "any") {
    let input;
    try { input = JSON.parse(flat.input || "{}"); } catch (error) {
      answer.className = "wrong";
      answer.textContent = "The input is not JSON: " + error.message;
      return;
    }
    send(path + flat.action, method, input);
  } else if (shape === "chaos") {
    const faults = {};
    for (const [name, number] of Object.entries(flat)) {
      const [fault, key] = name.split(".");
      (faults[fault] ||= {})[key] = Number(number);
    }
    send(path, method, { faults });
  } else send(path, method, flat);
});
`;
