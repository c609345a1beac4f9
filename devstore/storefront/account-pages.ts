/** The pages of Shopify's customer accounts: orders, profile, and the full pages that extensions bring. */
import type { AppSettings } from "../auth/app-settings.ts";
import { accountState, ownersOf } from "../extension-host/checkout-state.ts";
import { uiExtensionsIn } from "../extension-host/declared.ts";
import { hostedPage } from "../extension-host/hosted-page.ts";
import type { CustomerState } from "../state/model.ts";
import path from "node:path";
import { escapedHtml } from "./liquid/text.ts";
import { document_, orderStatusPath } from "./plain-pages.ts";
import { localUrl, type View } from "./view.ts";

const FULL_PAGE = "customer-account.page.render";
const PROFILE_BLOCK = "customer-account.profile.block.render";
const ORDERS_SHOWN = 50;

/** `null`: there is no such page for who is logged in. */
export function accountPage(view: View, apps: readonly AppSettings[]): string | null {
  const { path: address, customer } = view;
  if (!customer) return null;
  if (address === "/account/orders") return ordersPage(view, apps, customer);
  if (address === "/account/profile") return profilePage(view, apps, customer);
  const handle = /^\/account\/pages\/([a-z0-9-]+)$/.exec(address)?.[1];
  const page = fullPages(apps).find((each) => each.handle === handle);
  return page ? framed(view, apps, page.name, hosted(view, apps, FULL_PAGE)) : null;
}

function fullPages(apps: readonly AppSettings[]) {
  return apps
    .flatMap(({ tomlPath }) => uiExtensionsIn(path.dirname(path.resolve(tomlPath))))
    .filter(({ targets }) => targets.some(({ target }) => target === FULL_PAGE));
}

function hosted(view: View, apps: readonly AppSettings[], place: string): string {
  const { places, script } = hostedPage(apps, view.shop, {
    kind: "account",
    places: [place],
    language: view.locale,
    currency: view.market.currency,
    state: accountState(view),
    owners: ownersOf(view),
  });
  return places.join("") + script;
}

function framed(view: View, apps: readonly AppSettings[], title: string, content: string): string {
  const links = [
    ["/account/orders", "Orders"],
    ["/account/profile", "Profile"],
    ...(view.shop.installation ? fullPages(apps) : []).map(({ handle, name }) => [
      `/account/pages/${handle}`,
      name,
    ]),
    ["/account/logout", "Log out"],
  ] as const;
  const shown = links.map(([address = "", name = ""]) => {
    const current = address === view.path ? ' aria-current="page"' : "";
    return `<a href="${localUrl(view, address)}"${current}>${escapedHtml(name)}</a>`;
  });
  return document_(
    view.locale,
    `${title} · ${view.shop.name}`,
    `<nav aria-label="Account">${shown.join(" · ")}</nav><main>${content}</main>`,
  );
}

function ordersPage(view: View, apps: readonly AppSettings[], customer: CustomerState): string {
  const day = new Intl.DateTimeFormat(view.locale, { dateStyle: "long", timeZone: view.shop.timeZone });
  const orders = [...view.shop.orders.values()]
    .filter(({ customerId }) => customerId === customer.id)
    .toSorted((a, b) => b.processedAt - a.processedAt)
    .slice(0, ORDERS_SHOWN)
    .map(
      (order) =>
        `<tr><td><a href="${localUrl(view, orderStatusPath(order))}">#${order.number}</a></td><td>${escapedHtml(day.format(order.processedAt))}</td></tr>`,
    );
  const list = orders.length === 0 ? "<p>No orders yet.</p>" : `<table>${orders.join("")}</table>`;
  return framed(view, apps, "Orders", `<h1>Orders</h1>${list}`);
}

function profilePage(view: View, apps: readonly AppSettings[], customer: CustomerState): string {
  const { firstName, lastName, email } = customer;
  const name = [firstName, lastName].filter(Boolean).join(" ");
  const facts = [name, email ?? ""].filter(Boolean).map((fact) => `<p>${escapedHtml(fact)}</p>`);
  return framed(
    view,
    apps,
    "Profile",
    `<h1>Profile</h1>${facts.join("")}${hosted(view, apps, PROFILE_BLOCK)}`,
  );
}
