/** The admin's own pages as HTML: the list of apps, and the shell around one. */
import type { AppSettings } from "../auth/app-settings.ts";
import type { ShopState } from "../state/model.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const STYLE = `
  * { box-sizing: border-box; }
  body { margin: 0; font: 14px/1.4 system-ui, sans-serif; color: #303030; background: #f1f1f1; }
  body > header { height: 48px; padding: 0 16px; display: flex; align-items: center; gap: 16px; background: #1a1a1a; color: #fff; }
  body > header a { color: #fff; }
  .shell { display: grid; grid-template-columns: 220px 1fr; height: calc(100vh - 48px); }
  nav { padding: 16px; display: flex; flex-direction: column; gap: 8px; background: #ebebeb; overflow: auto; }
  nav a { color: #303030; text-decoration: none; padding: 4px 8px; border-radius: 8px; }
  nav a[aria-current], nav a:hover { background: #fff; }
  #menu { display: flex; flex-direction: column; gap: 4px; padding-left: 16px; }
  main { display: flex; flex-direction: column; min-width: 0; }
  .bar { display: flex; align-items: center; gap: 8px; min-height: 44px; padding: 0 16px; background: #fff; border-bottom: 1px solid #e3e3e3; }
  .bar h1 { font-size: 14px; margin: 0; flex: 1; }
  .bar[hidden], [hidden] { display: none; }
  iframe { border: 0; flex: 1; width: 100%; background: #f1f1f1; }
  button { font: inherit; padding: 4px 12px; border: 1px solid #8a8a8a; border-radius: 8px; background: #fff; color: #303030; }
  button.primary { background: #303030; color: #fff; }
  #toasts { position: fixed; bottom: 16px; left: 16px; right: 16px; display: grid; gap: 8px; justify-items: center; pointer-events: none; }
  .toast { pointer-events: auto; display: flex; gap: 12px; align-items: center; padding: 8px 16px; border-radius: 8px; background: #1a1a1a; color: #fff; }
  .toast.error { background: #8e1f0b; }
  #loading { position: fixed; top: 0; left: 0; right: 0; height: 3px; background: #29845a; }
  dialog { border: 0; border-radius: 12px; padding: 16px; min-width: min(420px, calc(100vw - 32px)); }
  #picker-list { display: grid; gap: 8px; max-height: 50vh; overflow: auto; margin: 12px 0; }
  .page { padding: 24px; }
  @media (max-width: 600px) {
    .shell { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); }
    nav { flex-direction: row; padding: 4px 8px; }
    #menu { flex-direction: row; padding-left: 0; white-space: nowrap; }
    dialog { min-width: 0; }
  }
`;

function page(title: string, body: string, attributes = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body ${attributes}>${body}</body>
</html>`;
}

const header = (shop: ShopState) =>
  `<header><strong>Local Shopify</strong><a href="/admin?shop=${escaped(shop.domain)}">${escaped(shop.name)}</a></header>`;

const addressOf = (app: AppSettings, shop: ShopState) =>
  `/admin/apps/${encodeURIComponent(app.handle)}?shop=${encodeURIComponent(shop.domain)}`;

/** All shops of this local Shopify. */
export function shopsPage(shops: Iterable<ShopState>): string {
  const items = [...shops].map(
    (shop) =>
      `<li><a href="/admin?shop=${escaped(shop.domain)}">${escaped(shop.name)}</a> ${escaped(shop.domain)}</li>`,
  );
  return page(
    "Shops",
    `<header><strong>Local Shopify</strong></header><main class="page"><h1>Shops</h1><ul>${items.join("")}</ul>` +
      `<p><a href="/_control">Control this Shopify</a></p></main>`,
  );
}

/** The apps of a shop. */
export function appsPage(shop: ShopState, apps: readonly AppSettings[]): string {
  const items = apps.map((app) => {
    const state = shop.installation ? "installed" : "opening it installs it";
    return `<li><a href="${addressOf(app, shop)}">${escaped(app.title)}</a> (${state})</li>`;
  });
  return page(
    `${shop.name} · Apps`,
    `${header(shop)}<main class="page"><h1>Apps</h1><ul>${items.join("")}</ul>` +
      `<p><a href="${storefrontAddress(shop)}">Online store</a></p>` +
      `<p><a href="/admin/themes/current/editor?shop=${escaped(shop.domain)}">Theme editor</a></p>` +
      `<p><a href="/_control">Control this Shopify</a></p></main>`,
  );
}

/** From this address, which may be any, into the shop's own. */
const storefrontAddress = (shop: ShopState) => `/?shop=${encodeURIComponent(shop.domain)}`;

export interface EditorFacts {
  theme: string;
  themes: readonly string[];
  templates: readonly string[];
  template: string;
  target: string;
  kind: "activate" | "add" | "look";
  /** Its name, as the merchant reads it. */
  block: string;
  message: string | null;
}

/** What a deep link into the theme editor would do, and a button that does it. */
export function editorPage(shop: ShopState, facts: EditorFacts): string {
  const { theme, themes, templates, template, target, kind, block, message } = facts;
  const options = templates.map(
    (each) => `<option${each === template ? " selected" : ""}>${escaped(each)}</option>`,
  );
  const asks = {
    activate: `<p>The app embed <strong>${escaped(block)}</strong> would be turned on.</p><button class="primary">Turn on</button>`,
    add:
      `<p>The block <strong>${escaped(block)}</strong> would be added (${escaped(target)}) to the template ` +
      `<select name="template" aria-label="Template">${options.join("")}</select></p><button class="primary">Add block</button>`,
    look: "<p>Links of apps lead here with a block to add.</p>",
  };
  const publish = themes
    .filter((each) => each !== theme)
    .map((each) => `<button name="publish" value="${each}">Publish ${escaped(each)}</button>`);
  return page(
    `${shop.name} · Theme editor`,
    `${header(shop)}<main class="page"><h1>Theme editor: ${escaped(theme)}</h1>` +
      (message === null ? "" : `<p role="status">${escaped(message)}</p>`) +
      `<form method="post">${asks[kind]}</form>` +
      `<form method="post"><p>${publish.join(" ")} <button name="reset" value="1">Take back all changes</button></p></form>` +
      `<p><a href="${storefrontAddress(shop)}">Online store</a></p></main>`,
  );
}

/** The shell around an app, whose first page has the address given. */
export function shellPage(shop: ShopState, app: AppSettings, source: string): string {
  const title = escaped(app.title);
  return page(
    `${app.title} · ${shop.name}`,
    `${header(shop)}
<div id="loading" role="progressbar" aria-label="Loading" hidden></div>
<div class="shell">
  <nav aria-label="Apps"><a href="${addressOf(app, shop)}">${title}</a><div id="menu"></div></nav>
  <main>
    <div id="save-bar" class="bar" role="region" aria-label="Unsaved changes" hidden>
      <span style="flex:1">Unsaved changes</span>
      <button id="discard" type="button">Discard</button>
      <button id="save" type="button" class="primary">Save</button>
    </div>
    <div class="bar"><h1 id="title" data-app="${title}">${title}</h1><div id="title-buttons"></div></div>
    <iframe name="app-iframe" title="${title}" src="${escaped(source)}" allow="clipboard-write"></iframe>
  </main>
</div>
<div id="toasts" role="status" aria-live="polite"></div>
<dialog id="leaving" aria-label="Unsaved changes"><form method="dialog">
  <p>Leave the page with unsaved changes?</p>
  <button value="stay">Stay</button> <button value="leave" class="primary">Leave page</button>
</form></dialog>
<dialog id="discarding" aria-label="Discard changes"><form method="dialog">
  <p>Discard all unsaved changes?</p>
  <button value="keep">Continue editing</button> <button value="discard" class="primary">Discard changes</button>
</form></dialog>
<dialog id="picker" aria-label="Choose"><form method="dialog">
  <input id="picker-search" type="search" aria-label="Search" autocomplete="off">
  <div id="picker-list"></div>
  <button value="">Cancel</button> <button value="select" class="primary">Select</button>
</form></dialog>
<script src="/admin-shell.js"></script>`,
    `data-shop="${escaped(shop.domain)}" data-handle="${escaped(app.handle)}" data-app-origin="${escaped(new URL(app.appUrl).origin)}"`,
  );
}
