/** The app's pages, for App Bridge to show in the admin's own navigation. */
import { createElement } from "react";

const PAGES = [
  ["/app/retention", "Retention"],
  ["/app/customers", "Customers"],
  ["/app/segments", "Segments"],
  ["/app/value", "Value"],
  ["/app/acquisition", "Acquisition"],
  ["/app/loyalty", "Loyalty"],
  ["/app/recommendations", "Recommendations"],
  ["/app/storefront", "Storefront"],
  ["/app/products", "Products"],
  ["/app/data", "Data"],
  ["/app/developers", "Developers"],
  ["/app/settings", "Settings"],
] as const;

export function Navigation() {
  return createElement(
    "ui-nav-menu",
    null,
    <a href="/app" rel="home">
      Overview
    </a>,
    ...PAGES.map(([address, label]) => (
      <a key={address} href={address}>
        {label}
      </a>
    )),
  );
}
