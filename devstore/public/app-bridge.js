/**
 * App Bridge for apps under the local admin: the same global `shopify`, elements and events as Shopify's, spoken to the admin
 * shell by postMessage. What it does not model throws.
 */
(() => {
  const script = document.currentScript;
  const shell = new URL(script.src).origin;
  const query = new URLSearchParams(location.search);
  const framed = window.parent !== window;

  const recalled = recall();
  const meta = document.querySelector('meta[name="shopify-api-key"]');
  const config = {
    apiKey: script.dataset.apiKey ?? meta?.content ?? recalled.apiKey ?? "",
    host: query.get("host") ?? recalled.host ?? "",
    shop: query.get("shop") ?? recalled.shop ?? "",
    locale: query.get("locale") ?? recalled.locale ?? "en",
    appOrigins: [location.origin],
    disabledFeatures: [],
    experimentalFeatures: [],
  };
  remember();

  // A frame of another site may be denied storage; the address is all there is then.
  function recall() {
    try {
      return JSON.parse(sessionStorage.getItem("app-bridge-config") ?? "{}");
    } catch {
      return {};
    }
  }

  function remember() {
    try {
      sessionStorage.setItem("app-bridge-config", JSON.stringify(config));
    } catch {
      // See recall.
    }
  }

  // Talking to the shell

  let lastId = 0;
  const waiting = new Map();
  const listeners = {};

  function tell(type, detail = {}) {
    if (framed) window.parent.postMessage({ appBridge: 1, type, ...detail }, shell);
  }

  function ask(type, detail = {}) {
    if (!framed) return Promise.reject(new Error(`shopify: ${type} needs the admin around the app`));
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      tell(type, { id, ...detail });
    });
  }

  window.addEventListener("message", (event) => {
    if (event.origin !== shell || event.source !== window.parent || event.data?.appBridge !== 1) return;
    const { type, id, value, error } = event.data;
    if (type === "answer") {
      const { resolve, reject } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (error) reject?.(new Error(error));
      else resolve?.(value);
      return;
    }
    listeners[type]?.(event.data);
  });

  // Session tokens

  const idToken = () => ask("idToken");
  const plainFetch = window.fetch.bind(window);

  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    const own = new URL(request.url).origin === location.origin;
    if (!own || !framed || request.headers.has("Authorization")) return plainFetch(request);
    const again = request.clone();
    const response = await plainFetch(await withToken(request));
    const elsewhere = response.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
    if (elsewhere) {
      window.open(elsewhere, "_top");
      return response;
    }
    const retry = response.status === 401 && response.headers.get("X-Shopify-Retry-Invalid-Session-Request");
    return retry ? plainFetch(await withToken(again)) : response;
  };

  async function withToken(request) {
    const headers = new Headers(request.headers);
    headers.set("Authorization", `Bearer ${await idToken()}`);
    headers.set("X-Requested-With", "XMLHttpRequest");
    return new Request(request, { headers });
  }

  // A page that only loads this script waits to be loaded again with a fresh token.
  const reload = query.get("shopify-reload");
  if (reload) {
    const target = new URL(reload, location.href);
    if (target.origin === location.origin) {
      idToken().then((token) => {
        target.searchParams.set("id_token", token);
        location.replace(target);
      });
    }
  }

  // Navigation

  const EMBED = [
    "embedded",
    "hmac",
    "host",
    "id_token",
    "locale",
    "session",
    "shop",
    "timestamp",
    "shopify-reload",
  ];
  let navigators = 0;
  const addListener = window.addEventListener.bind(window);
  const removeListener = window.removeEventListener.bind(window);
  window.addEventListener = (type, ...rest) => {
    if (type === "shopify:navigate") navigators += 1;
    return addListener(type, ...rest);
  };
  window.removeEventListener = (type, ...rest) => {
    if (type === "shopify:navigate") navigators -= 1;
    return removeListener(type, ...rest);
  };

  function announcePath() {
    const url = new URL(location.href);
    if (reload) return;
    for (const name of EMBED) url.searchParams.delete(name);
    tell("navigated", { path: url.pathname + url.search + url.hash });
  }

  for (const method of ["pushState", "replaceState"]) {
    const original = history[method].bind(history);
    history[method] = (...args) => {
      original(...args);
      announcePath();
    };
  }
  addListener("popstate", announcePath);
  addListener("hashchange", announcePath);

  function navigate(href) {
    const target = new URL(href, location.href);
    if (target.origin !== location.origin) {
      window.open(target, "_top");
      return;
    }
    if (navigators === 0) {
      for (const name of ["host", "shop"]) target.searchParams.set(name, config[name]);
      target.searchParams.set("embedded", "1");
      location.assign(target);
      return;
    }
    const path = target.pathname + target.search + target.hash;
    const link = [...document.querySelectorAll(NAVIGATION)].find((one) => one.getAttribute("href") === path);
    const anchor =
      link ?? document.body.appendChild(Object.assign(document.createElement("a"), { hidden: true }));
    anchor.setAttribute("href", path);
    anchor.dispatchEvent(new CustomEvent("shopify:navigate", { bubbles: true }));
    if (anchor !== link) anchor.remove();
  }
  listeners.navigate = ({ href }) => navigate(href);

  const plainOpen = window.open.bind(window);
  window.open = (url, target, features) => {
    const text = String(url ?? "");
    if (/^shopify:(\/\/)?admin/.test(text)) {
      tell("openAdmin", { path: text.replace(/^shopify:(\/\/)?admin/, "") });
      return null;
    }
    return plainOpen(url, target, features);
  };

  addListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="shopify:"]') : null;
    if (!link) return;
    event.preventDefault();
    window.open(link.getAttribute("href"), link.target);
  });

  // The app's menu, title and save bar, which the shell shows

  const NAVIGATION = "ui-nav-menu a, s-app-nav a, s-app-nav s-link";

  function announceMenu() {
    const links = [...document.querySelectorAll(NAVIGATION)]
      .filter((link) => link.getAttribute("rel") !== "home" && link.hasAttribute("href"))
      .map((link) => ({ label: link.textContent.trim(), href: link.getAttribute("href") }));
    tell("menu", { links });
  }

  const buttonsOf = (element) => [...element.querySelectorAll("button, a")];
  const described = (element) =>
    buttonsOf(element).map((button) => ({
      label: button.textContent.trim(),
      primary: button.getAttribute("variant") === "primary",
      disabled: button.disabled === true,
    }));

  let titleBar = null;
  function announceTitle() {
    const shown = document.querySelector("ui-title-bar:not(ui-modal *)");
    titleBar = shown;
    tell("titleBar", {
      title: shown?.getAttribute("title") ?? document.title,
      buttons: shown ? described(shown) : [],
    });
  }
  listeners.titleButton = ({ index }) => titleBar && buttonsOf(titleBar)[index]?.click();

  class Hidden extends HTMLElement {
    connectedCallback() {
      this.style.display = "none";
      later();
    }
    disconnectedCallback() {
      later();
    }
  }

  let planned = false;
  function later() {
    if (planned) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      announceMenu();
      announceTitle();
    });
  }

  class NavMenu extends Hidden {}
  class AppNav extends Hidden {}
  class TitleBar extends Hidden {
    connectedCallback() {
      if (!this.closest("ui-modal")) super.connectedCallback();
    }
  }

  // Save bars

  const shownBars = new Map();
  function showBar(id, save, discard, options = {}) {
    shownBars.set(id, { save, discard });
    tell("saveBar", { shown: true, options });
  }
  function hideBar(id) {
    shownBars.delete(id);
    if (shownBars.size === 0) tell("saveBar", { shown: false });
  }
  listeners.saveBarButton = ({ button }) => {
    const [, actions] = [...shownBars].at(-1) ?? [];
    actions?.[button]();
  };

  class SaveBar extends HTMLElement {
    connectedCallback() {
      this.style.display = "none";
    }
    disconnectedCallback() {
      this.hide();
    }
    get showing() {
      return shownBars.has(this);
    }
    show() {
      const primary = this.querySelector('button[variant="primary"]');
      const other = this.querySelector('button:not([variant="primary"])');
      showBar(
        this,
        () => primary?.click(),
        () => other?.click(),
        { asksBeforeDiscard: this.hasAttribute("discardconfirmation") },
      );
      this.dispatchEvent(new CustomEvent("show"));
      return Promise.resolve();
    }
    hide() {
      if (!this.showing) return Promise.resolve();
      hideBar(this);
      this.dispatchEvent(new CustomEvent("hide"));
      return Promise.resolve();
    }
    toggle() {
      return this.showing ? this.hide() : this.show();
    }
  }

  const formOf = (event) => event.target.closest?.("form[data-save-bar]");
  function watchForm(event) {
    const form = formOf(event);
    if (!form) return;
    const save = () => form.requestSubmit();
    const asksBeforeDiscard = form.hasAttribute("data-discard-confirmation");
    showBar(form, save, () => form.reset(), { asksBeforeDiscard });
  }
  document.addEventListener("input", watchForm, true);
  document.addEventListener("change", watchForm, true);
  for (const type of ["submit", "reset"]) {
    document.addEventListener(type, (event) => formOf(event) && hideBar(formOf(event)), true);
  }

  // Modals: shown inside the app's frame

  class Modal extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      root.innerHTML = `<style>
        dialog { border: 0; border-radius: 12px; padding: 0; min-width: min(620px, 90vw); max-width: 90vw; }
        dialog::backdrop { background: rgb(0 0 0 / 50%); }
        header { display: flex; justify-content: space-between; padding: 12px 16px; background: #f3f3f3; font-weight: 650; }
        footer { display: flex; flex-direction: row-reverse; gap: 8px; padding: 12px 16px; }
        footer:empty { display: none; }
        iframe { border: 0; width: 100%; height: 60vh; }
      </style>
      <dialog><header><span></span><button type="button" aria-label="Close">✕</button></header><slot></slot><footer></footer></dialog>`;
      root.querySelector("header button").addEventListener("click", () => this.hide());
      this.dialog.addEventListener("close", () => this.dispatchEvent(new CustomEvent("hide")));
    }
    get dialog() {
      return this.shadowRoot.querySelector("dialog");
    }
    get content() {
      return this;
    }
    show() {
      if (this.dialog.open) return Promise.resolve();
      const bar = this.querySelector("ui-title-bar");
      const title = bar?.getAttribute("title") ?? "";
      this.dialog.setAttribute("aria-label", title);
      this.shadowRoot.querySelector("header span").textContent = title;
      const source = this.getAttribute("src");
      if (source && !this.shadowRoot.querySelector("iframe")) {
        const frame = Object.assign(document.createElement("iframe"), { src: source, title });
        this.dialog.insertBefore(frame, this.shadowRoot.querySelector("footer"));
      }
      this.shadowRoot.querySelector("footer").replaceChildren(...(bar ? buttonsOf(bar).map(standIn) : []));
      this.dialog.showModal();
      this.dispatchEvent(new CustomEvent("show"));
      return Promise.resolve();
    }
    hide() {
      if (this.dialog.open) this.dialog.close();
      return Promise.resolve();
    }
    toggle() {
      return this.dialog.open ? this.hide() : this.show();
    }
  }

  function standIn(button) {
    const shown = document.createElement("button");
    shown.type = "button";
    shown.textContent = button.textContent;
    shown.disabled = button.disabled === true;
    shown.addEventListener("click", () => button.click());
    return shown;
  }

  customElements.define("ui-nav-menu", NavMenu);
  customElements.define("s-app-nav", AppNav);
  customElements.define("ui-title-bar", TitleBar);
  customElements.define("ui-save-bar", SaveBar);
  customElements.define("ui-modal", Modal);

  new MutationObserver((changes) => {
    const concerns = ({ target }) =>
      (target.closest ? target : target.parentElement)?.closest(
        "ui-nav-menu, s-app-nav, ui-title-bar, title",
      );
    if (changes.some(concerns)) later();
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });

  // The global

  function byId(id, tag) {
    const element = document.getElementById(id);
    if (element?.localName !== tag) throw new Error(`shopify: there is no <${tag} id="${id}">`);
    return element;
  }
  const acting = (tag) => ({
    show: (id) => byId(id, tag).show(),
    hide: (id) => byId(id, tag).hide(),
    toggle: (id) => byId(id, tag).toggle(),
  });

  const toasts = new Map();
  listeners.toastEvent = ({ toastId, event }) => {
    const options = toasts.get(toastId);
    if (event === "action") options?.onAction?.();
    else {
      toasts.delete(toastId);
      options?.onDismiss?.();
    }
  };

  const api = {
    config,
    idToken,
    origin: shell,
    ready: Promise.resolve(),
    environment: { embedded: framed, mobile: false, pos: false },
    loading: (isLoading = true) => tell("loading", { isLoading: isLoading !== false }),
    toast: {
      show(message, options = {}) {
        const id = `toast-${crypto.randomUUID()}`;
        toasts.set(id, options);
        const { duration, isError, action } = options;
        tell("toast", { toastId: id, message: String(message), duration, isError, action });
        return id;
      },
      hide: (toastId) => tell("toastHide", { toastId }),
    },
    modal: acting("ui-modal"),
    saveBar: {
      ...acting("ui-save-bar"),
      leaveConfirmation: () => (shownBars.size === 0 ? Promise.resolve() : ask("leaveConfirmation")),
    },
    resourcePicker: (options) => ask("resourcePicker", { options }),
    scopes: {
      query: () => ask("scopes", { action: "query" }),
      request: (scopes) => ask("scopes", { action: "request", scopes }),
      revoke: (scopes) => ask("scopes", { action: "revoke", scopes }),
    },
    user: () => Promise.resolve({}),
  };

  const LOOKED_AT = new Set(["then", "toJSON", "$$typeof", "nodeType", "tagName", "constructor"]);
  window.shopify = new Proxy(api, {
    get(target, name) {
      if (name in target || typeof name === "symbol" || LOOKED_AT.has(name)) return target[name];
      throw new Error(`shopify.${name} is not simulated by the local Shopify`);
    },
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", later);
  else later();
  announcePath();
})();
