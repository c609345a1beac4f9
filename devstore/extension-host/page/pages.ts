/** Mounts the extensions of checkout and of the pages after it, with what those pages let them do. */
import type { PageData } from "../hosted-page.ts";
import type { PlacedExtension } from "../hosted.ts";
import { mountExtension, type HostApi } from "./mount-extension.ts";
import { PageSignal } from "./signal.ts";

type Signals = Map<string, PageSignal<unknown>>;

const element = document.getElementById("extensions");
if (element) mountAll(JSON.parse(element.textContent) as PageData);

function mountAll(data: PageData): void {
  const shared = signalsOf(data.signals);
  const functions = data.kind === "checkout" ? checkoutFunctions(data, shared) : {};
  for (const [index, extension] of data.extensions.entries()) {
    const container = document.querySelector<HTMLElement>(`[data-extension="${index}"]`);
    if (!container) continue;
    const language = { isoCode: languageOf(extension, data.language) };
    const api = nested([
      ...shared,
      ...signalsOf({ ...extension.signals, "localization.extensionLanguage": language }),
      ...Object.entries({ ...data.values, ...extension.values }),
      ...Object.entries({ ...functions, ...ownFunctions(extension) }),
    ]);
    mountExtension(extension, api, container, { ...data, fetchShopify }).catch((error: unknown) => {
      container.dataset["extensionState"] = "failed";
      container.textContent = String(error);
    });
  }
}

/** Null on the way is nothing. */
function signalsOf(values: Readonly<Record<string, unknown>>): Signals {
  return new Map(
    Object.entries(values).map(([path, value]) => [path, new PageSignal<unknown>(value ?? undefined)]),
  );
}

function languageOf({ texts }: PlacedExtension, language: string): string {
  const tongue = language.split("-")[0] ?? language;
  return [language, tongue].find((each) => each in texts.byLanguage) ?? texts.defaultLanguage;
}

/** `cost.totalAmount` becomes a member of `cost`. */
function nested(entries: Iterable<readonly [string, unknown]>): HostApi {
  const api: Record<string, unknown> = {};
  for (const [path, value] of entries) {
    const names = path.split(".");
    const last = names.pop() ?? path;
    let holder = api;
    for (const name of names) holder = (holder[name] ??= {}) as Record<string, unknown>;
    holder[last] = value;
  }
  return api;
}

/** Shared by all targets of an extension; where the browser keeps nothing for the page, neither does it. */
function ownFunctions({ handle, capabilities, surface }: PlacedExtension) {
  const named = (key: unknown) => `extension:${handle}:${String(key)}`;
  return {
    "sessionToken.get": async () => {
      const { token } = await posted<{ token: string }>("/extension-host/session-token", { handle });
      return token;
    },
    /** The Storefront API, by the capability api_access. */
    query: (query: unknown, options: unknown) => {
      if (!capabilities.includes("api_access"))
        throw new Error(
          "shopify.query: the extension does not ask for api_access in its shopify.extension.toml",
        );
      const { variables } = (options ?? {}) as { variables?: unknown };
      return posted(`/api/${surface.apiVersion}/graphql.json`, { query, variables });
    },
    requireLogin: () => location.assign(`/account/login?return_to=${encodeURIComponent(location.pathname)}`),
    "storage.read": (key: unknown) => {
      const kept = localStorage.getItem(named(key));
      return kept === null ? null : (JSON.parse(kept) as unknown);
    },
    "storage.write": (key: unknown, value: unknown) =>
      localStorage.setItem(named(key), JSON.stringify(value)),
    "storage.delete": (key: unknown) => localStorage.removeItem(named(key)),
  };
}

/** Shopify's own addresses for extensions: the Customer Account API, of whoever is logged in. */
async function fetchShopify(url: string, body: string): Promise<{ status: number; text: string }> {
  const version = /^shopify:\/\/customer-account\/api\/([\d-]+)\/graphql\.json$/.exec(url)?.[1];
  if (version === undefined) throw new TypeError(`${url} is not simulated by the local Shopify`);
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`/customer/api/${version}/graphql`, { method: "POST", headers, body });
  return { status: answer.status, text: await answer.text() };
}

interface Changed {
  result: { type: string; message?: string };
  signals: Record<string, unknown>;
  summary: string;
}

function checkoutFunctions({ changeUrl = "" }: PageData, shared: Signals) {
  return {
    applyDiscountCodeChange: async (change: unknown) => {
      const { result, signals, summary } = await posted<Changed>(changeUrl, change);
      for (const [path, value] of Object.entries(signals)) {
        const signal = shared.get(path);
        if (signal) signal.value = value ?? undefined;
      }
      const shown = document.getElementById("order-summary");
      if (shown) shown.innerHTML = summary;
      return result;
    },
  };
}

async function posted<T>(url: string, body: unknown): Promise<T> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
