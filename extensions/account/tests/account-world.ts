/** Shopify and Perennial as an account page meets them: answers by question, and what was asked. */
import { onTestFinished, vi } from "vitest";
import { openExtension, type Shopper } from "../../testing/open-extension.ts";

export const FOLDER = "extensions/account";
const API = "https://app.example/ui";

const REWARD = {
  id: "five",
  kind: "amount-off",
  cost: 100,
  name: "Five off",
  valueMinor: 500,
  percent: null,
  minimumMinor: null,
};

export const PROGRAMME = {
  v: 1,
  api: API,
  name: null,
  state: "on",
  currency: "EUR",
  rules: null,
  rewards: [REWARD],
  survey: null,
};

const MEMBERSHIP = {
  debt: 0,
  next: { points: 40, on: "2027-01-05" },
  expiry: { points: 20, on: "2027-05-31" },
  goal: null,
  codes: [{ id: "red-1", reward: "five", code: "TEATIME23456", until: "2027-02-01" }],
};

/** As metafields hold them; `null` is no member. */
export const MEMBER: Readonly<Record<string, string>> = {
  points: "1200",
  pending: "40",
  membership: JSON.stringify(MEMBERSHIP),
  birthday: "02-29",
  buy_again: JSON.stringify(["gid://shopify/Product/1"]),
  for_you: "[]",
};

export const LINE = {
  ...{ kind: "earn", at: "2026-12-01T10:00:00.000Z", points: 0, pending: 40, owed: 0 },
  balance: { available: 1200, pending: 40, owed: 0 },
  ...{ order: 1, orderName: "#1001", reward: null, reason: null },
  ...{ ripensAt: "2027-01-05T00:00:00.000Z", expiresAt: null },
};

export const REDEEMED = {
  ...{ redemption: "red-1", reward: "five", name: "Five off", kind: "amount-off", status: "issued" },
  ...{ code: "TEATIME23456", last4: "3456", about: null, until: "2027-02-01", canGiveBack: true },
};

export const ACCOUNT = {
  ...{ ok: true, member: true, points: 1200, pending: 40, debt: 0, since: null },
  ...{ expiring: [] as { points: number; at: string }[], codes: [REDEEMED] },
};

export const ORDER = {
  ...{ id: "gid://shopify/Order/1", name: "#1001", processedAt: "2026-12-01T10:00:00Z", cancelledAt: null },
  ...{ fulfillmentStatus: "FULFILLED", statusPageUrl: "https://shop.example/account/orders/1" },
  totalPrice: { amount: "25.0", currencyCode: "EUR" },
  fulfillments: {
    nodes: [
      {
        ...{ id: "f1", latestShipmentStatus: "IN_TRANSIT", estimatedDeliveryAt: "2026-12-05T00:00:00Z" },
        trackingInformation: [{ company: "Post", number: "1Z", url: "https://post.example/1Z" }],
      },
    ],
  },
  returns: { nodes: [] as { id: string; name: string; status: string }[] },
  returnInformation: {
    returnableLineItems: {
      nodes: [{ quantity: 2, lineItem: { id: "gid://shopify/LineItem/7", title: "Tea" } }],
    },
  },
};

type Answer = Record<string, unknown>;

export interface AccountWorld {
  programme: object | null;
  member: Readonly<Record<string, string>> | null;
  marketing: string | null;
  orders: object[];
  products: object[];
  /** Of Perennial, by action; an action that is missing is not answered. */
  backend: Record<string, (body: Answer) => Promise<Answer> | Answer>;
  /** Of Shopify's mutations, by name. */
  mutations: Record<string, (variables: Answer) => unknown>;
}

const PRODUCT = {
  ...{
    id: "gid://shopify/Product/1",
    title: "Green tea",
    onlineStoreUrl: "https://shop.example/products/green-tea",
  },
  ...{ availableForSale: true, featuredImage: { url: "https://shop.example/1.svg", altText: "Green tea" } },
  priceRange: {
    minVariantPrice: { amount: "1500.0", currencyCode: "JPY" },
    maxVariantPrice: { amount: "2500.0", currencyCode: "JPY" },
  },
};

export function openAccount(
  target: "customer-account.page.render" | "customer-account.profile.block.render",
  changes: Partial<AccountWorld> = {},
  shopper: Shopper = {},
) {
  const world: AccountWorld = {
    programme: PROGRAMME,
    member: MEMBER,
    marketing: "NOT_SUBSCRIBED",
    orders: [ORDER],
    products: [PRODUCT],
    backend: { account: () => ACCOUNT, statement: () => ({ ok: true, lines: [LINE], next: null }) },
    mutations: {},
    ...changes,
  };
  const asked: { action: string; body: Answer }[] = [];
  const fetched = vi.fn(async (address: string, { body }: { body: string }) => {
    const question = JSON.parse(body) as Answer;
    if (address.startsWith("shopify://customer-account/"))
      return Response.json(await shopify(world, question));
    const action = address.slice(API.length + 1);
    const answer = world.backend[action];
    asked.push({ action, body: question });
    if (!answer) throw new TypeError("Failed to fetch");
    return Response.json(await answer(question));
  });
  const extension = openExtension(target, FOLDER, shopper);
  vi.stubGlobal("fetch", fetched);
  onTestFinished(() => void vi.unstubAllGlobals());
  Object.assign((globalThis as unknown as { shopify: object }).shopify, {
    query: async () => ({ data: { nodes: world.products } }),
    sessionToken: { get: async () => "token" },
  });
  return { render: () => extension.render(), text: () => extension.text(), world, asked };
}

async function shopify(world: AccountWorld, { query, variables }: Answer): Promise<Answer> {
  const name = /(?:query|mutation) (\w+)/.exec(String(query))?.[1] ?? "";
  if (name === "Account") {
    const metafields = Object.entries(world.member ?? {}).map(([key, value]) => ({ key, value }));
    const ui = world.programme && { value: JSON.stringify(world.programme) };
    const emailAddress = world.marketing === null ? null : { marketingState: world.marketing };
    return {
      data: {
        shop: { url: "https://shop.example", ui },
        customer: { emailAddress, metafields: [...metafields, null] },
      },
    };
  }
  if (name === "Orders") {
    const orders = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: world.orders };
    return { data: { customer: { orders } } };
  }
  const mutate = world.mutations[name];
  if (!mutate) throw new TypeError("Failed to fetch");
  return { data: mutate(variables as Answer) };
}

/** The element whose text or label it is. */
export function find(tag: string, words: string): Element {
  const found = [...document.body.querySelectorAll(tag)].find(
    (element) => element.textContent === words || read(element, "label") === words,
  );
  if (!found) throw new Error(`there is no ${tag} “${words}”`);
  return found;
}

/** Preact sets a property where the element has one, and an attribute else. */
export function read(element: Element, name: string): unknown {
  return (element as unknown as Record<string, unknown>)[name] ?? element.getAttribute(name);
}

/** Elements that nobody has defined hear of an event by the name that the page has written. */
function happen(element: Element, name: string): void {
  element.dispatchEvent(new Event(name));
  element.dispatchEvent(new Event(name.charAt(0).toUpperCase() + name.slice(1)));
}

export function click(words: string): void {
  happen(find("s-button", words), "click");
}

/** Types into a field, chooses or ticks. */
export function change(tag: string, label: string, value: string): void {
  const field = find(tag, label);
  Object.assign(field, { value });
  happen(field, "change");
}

/** The form that has this button. */
export function submit(words: string): void {
  const button = find("s-button", words);
  const form = [...document.body.querySelectorAll("s-form")].find((each) => each.contains(button));
  if (!form) throw new Error(`“${words}” is in no form`);
  happen(form as unknown as Element, "submit");
}
