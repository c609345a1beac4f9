/**
 * One target of an extension under test: Shopify's own harness, with what that leaves out: signals that tell of their changes, the
 * extension's texts in a language, `buyerIdentity`.
 */
import "./dom.ts";
import path from "node:path";
import { Signal } from "@preact/signals";
import { getExtension, type AnyExtensionTarget } from "@shopify/ui-extensions-tester";
import { render } from "preact";
import { onTestFinished } from "vitest";
import { textsIn, type ExtensionTexts } from "../../devstore/extension-host/declared.ts";
import { createI18n, extensionLanguage } from "../../devstore/extension-host/i18n.ts";

export interface Shopper {
  /** As Shopify names it: `pl`, `en-GB`. */
  language?: string;
  country?: string;
  currency?: string;
  /** A guest has none. */
  customerId?: number;
  metafields?: readonly { owner: "customer" | "shop"; key: string; type: string; value: string }[];
}

export type OpenedExtension<T extends AnyExtensionTarget> = ReturnType<typeof getExtension<T>> & {
  /** All text that the shopper reads, in order. */
  text(): string;
};

/** Ends with the test. Change `extension.shopify` before or after `render()`: signals draw anew. */
export function openExtension<T extends AnyExtensionTarget>(
  target: T,
  folder: string,
  shopper: Shopper = {},
): OpenedExtension<T> {
  const extension = getExtension(target, { configSearchDir: path.resolve(folder) });
  extension.setUp();
  onTestFinished(() => {
    render(null, document.body);
    extension.tearDown();
  });
  const api = live(extension.shopify) as Record<string, unknown>;
  dress(api, textsIn(path.resolve(folder)), shopper);
  (globalThis as Record<string, unknown>)["shopify"] = api;
  return Object.assign(extension, { text: () => textOf(document.body) });
}

/** As Shopify's: the older names for reading it and for letting it go are there as well. */
class HostSignal<Value> extends Signal<Value> {
  get current(): Value {
    return this.value;
  }
  destroy = async () => undefined;
}

const isSignal = (value: object) => "value" in value && "subscribe" in value;

/** The harness' values behind signals that work; it would wrap each anew whenever it is read. */
function live(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (isSignal(value)) return new HostSignal((value as { value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, live(each)]));
}

function dress(api: Record<string, unknown>, texts: ExtensionTexts, shopper: Shopper): void {
  const { language = "en", country = "US", currency = "USD", customerId, metafields = [] } = shopper;
  const customer = customerId === undefined ? undefined : { id: `gid://shopify/Customer/${customerId}` };
  api["i18n"] = createI18n(texts, language, currency);
  const localization = api["localization"] as Record<string, HostSignal<unknown>>;
  const setSignal = (key: string, value: unknown) => {
    const signal = localization[key];
    if (signal) signal.value = value;
  };
  setSignal("language", { isoCode: language });
  setSignal("extensionLanguage", { isoCode: extensionLanguage(texts, language) });
  setSignal("country", { isoCode: country });
  setSignal("currency", { isoCode: currency });
  if ("appMetafields" in api)
    api["appMetafields"] = new HostSignal(
      metafields.map(({ owner, key, type, value }) => ({
        target: { type: owner, id: owner === "customer" ? String(customerId ?? "") : "1" },
        metafield: { namespace: "$app", key, type, value, valueType: valueTypeOf(type) },
      })),
    );
  if (!("authenticatedAccount" in api))
    api["buyerIdentity"] = {
      customer: new HostSignal(customer),
      email: new HostSignal(undefined),
      phone: new HostSignal(undefined),
      purchasingCompany: new HostSignal(undefined),
    };
}

const valueTypeOf = (type: string) =>
  type === "json" ? "json_string" : type === "number_integer" ? "integer" : "string";

/** Attributes that shoppers read. */
const READ_ATTRIBUTES = ["heading", "label", "details", "error", "placeholder"];

function textOf(node: Node): string {
  if (node.nodeType === 3) return node.textContent ?? "";
  const element = node as Element;
  const attributes = READ_ATTRIBUTES.map((name) => readable(element, name));
  return [...attributes, ...[...node.childNodes].map(textOf)].filter((each) => each !== "").join(" ");
}

/** Preact sets a property where the element has one, and an attribute else. */
function readable(element: Element, name: string): string {
  const property = (element as unknown as Record<string, unknown>)[name];
  return typeof property === "string" ? property : (element.getAttribute?.(name) ?? "");
}
