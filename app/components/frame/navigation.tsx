/** The app's pages, for App Bridge to show in the admin's own navigation. */
import { createElement } from "react";

export function Navigation() {
  return createElement(
    "ui-nav-menu",
    null,
    <a href="/app" rel="home">
      Overview
    </a>,
    <a href="/app/privacy">Privacy requests</a>,
  );
}
