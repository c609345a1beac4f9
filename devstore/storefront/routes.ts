/** A shop's storefront over HTTP: pages, cart, log-in, checkout, as addresses of the shop itself. */
import { randomBytes } from "node:crypto";
import compression from "compression";
import express, { Router, type NextFunction, type Request, type Response } from "express";
import type { AppSettings } from "../auth/app-settings.ts";
import { createCustomer } from "../state/actions.ts";
import { handleOf } from "../state/checks.ts";
import type { CustomerState, OrderState, ShopState, World } from "../state/model.ts";
import { placeOrder } from "../state/place-order.ts";
import { runValidations, type ValidatedCart } from "../functions/run-validation.ts";
import { accountPage } from "./account-pages.ts";
import { cartJson, lineJson } from "./cart-json.ts";
import {
  addToCart,
  MOST_CODES,
  newCart,
  priceCart,
  SHIPPING_MINOR,
  setQuantity,
  type CartState,
} from "./carts.ts";
import { cookieOf, dropCookie, setCookie } from "./cookies.ts";
import { checkoutState, orderState, ownersOf } from "../extension-host/checkout-state.ts";
import { hostedPage, stateJson } from "../extension-host/hosted-page.ts";
import { extensionsOf } from "./extension.ts";
import { productSvg } from "./images.ts";
import { StorefrontError } from "./liquid/thing.ts";
import { splitLanguage } from "./markets.ts";
import { shownCart } from "./objects/cart.ts";
import { createRenderer } from "./page.ts";
import {
  cartRefusedPage,
  checkoutPage,
  checkoutSummary,
  faultPage,
  loginPage,
  orderStatusPage,
  thanksPage,
} from "./plain-pages.ts";
import { themeNamed } from "./theme.ts";
import { localUrl, newView, type Subject, type View } from "./view.ts";

export interface Storefront {
  router: Router;
  /** Who is logged in, for what else is asked of the shop's addresses. */
  customerIdOf(shop: ShopState, request: Request): number | null;
}

interface Asked {
  request: Request;
  response: Response;
  view: View;
  body: Body;
}

type Body = Record<string, unknown>;

/** Shopify's longest answer to `sections`. */
const MOST_SECTIONS = 5;

export function createStorefront(
  world: World,
  apps: readonly AppSettings[],
  shopOf: (request: Request) => ShopState | undefined,
): Storefront {
  const carts = new Map<string, CartState>();
  const thanks = new Map<string, number>();
  const router = Router();
  router.use(compression());
  router.use(express.raw({ type: "multipart/form-data", limit: "1mb" }));
  router.use(express.urlencoded({ extended: true }), express.json({ limit: "1mb" }));

  router.get("/extensions/:uuid/:version/assets/*", (request, response, next) => {
    const file = decodeURI(request.path).split("/assets/")[1] ?? "";
    const extension = apps.flatMap(extensionsOf).find(({ uuid }) => uuid === request.params["uuid"]);
    const text = extension?.assets.get(file);
    if (text === undefined) return next();
    sendAsset(response, file, text);
  });
  router.get("/cdn/shop/t/:id/assets/:file", (request, response, next) => {
    const shop = shopOf(request);
    const text = shop && themeNamed(shop.onlineStore.theme).files.get(`assets/${request.params["file"]}`);
    if (text === undefined) return next();
    sendAsset(response, request.params["file"] ?? "", text);
  });
  router.get("/cdn/shop/products/:name", (request, response, next) => {
    const product = shopOf(request)?.products.get(Number.parseInt(request.params["name"] ?? "", 10));
    if (!product) return next();
    sendAsset(response, "product.svg", productSvg(product));
  });

  router.use((request, response, next) => {
    const shop = shopOf(request);
    if (!shop) return next();
    // Whoever names the shop by query once need not do it again.
    if (request.query["shop"] === shop.domain) setCookie(response, "devstore_shop", shop.domain);
    bodyOf(request)
      .then((body) => answer(shop, request, response, body, next))
      .catch((error: unknown) => {
        if (!(error instanceof Error) || response.headersSent) return next(error);
        // What is wrong with a template or a block is said where its author looks.
        const message = faultOf(error);
        if (message === null) return next(error);
        console.warn(`storefront: ${message}`);
        response.status(500).type("html").send(faultPage(message));
      });
  });

  function cartOf(request: Request, response: Response): CartState {
    const known = carts.get(cookieOf(request, "cart") ?? "");
    if (known) return known;
    const cart = newCart();
    carts.set(cart.token, cart);
    setCookie(response, "cart", cart.token);
    const code = cookieOf(request, "discount_code");
    if (code !== null) cart.codes = [code];
    return cart;
  }

  function customerOf(shop: ShopState, request: Request) {
    return shop.customers.get(Number(cookieOf(request, "devstore_customer"))) ?? null;
  }

  function viewOf(shop: ShopState, request: Request, response: Response): View {
    const url = new URL(request.originalUrl, "http://shop");
    const { locale, rootUrl, path } = splitLanguage(shop, decodeURI(url.pathname));
    url.searchParams.delete("shop");
    return newView(
      {
        world,
        shop,
        locale,
        rootUrl,
        path,
        query: url.searchParams,
        origin: `${request.protocol}://${request.header("host") ?? shop.domain}`,
        customer: customerOf(shop, request),
        cart: cartOf(request, response),
      },
      cookieOf(request, "localization"),
    );
  }

  function answer(
    shop: ShopState,
    request: Request,
    response: Response,
    body: Body,
    next: NextFunction,
  ): void {
    const view = viewOf(shop, request, response);
    const asked = { request, response, view, body };
    response.set("Cache-Control", "no-store");
    if (request.method === "POST" && act(asked)) return;
    if (request.method !== "GET" && request.method !== "HEAD") return next();
    if (view.path === "/cart.js" || view.path === "/cart.json") {
      response.json(cartJson(view));
      return;
    }
    if (view.path === "/cart/change" || view.path === "/cart/clear")
      return void act({ ...asked, body: request.query });
    if (own(asked)) return;
    showTemplate(asked);
  }

  function showTemplate(asked: Asked): void {
    const { view, response } = asked;
    const found = templateOf(view);
    view.template = { name: found?.template ?? "404", suffix: view.query.get("view") };
    view.subject = found?.subject ?? {};
    const renderer = createRenderer(view, apps.flatMap(extensionsOf));
    response.status(found ? 200 : 404);
    const ids = view.query.get("sections")?.split(",");
    if (ids) {
      response.json(renderedSections(view, ids));
      return;
    }
    const id = view.query.get("section_id");
    if (id === null) {
      response.type("html").send(renderer.page());
      return;
    }
    const html = renderer.section(id);
    if (html === null) response.status(404).type("html").send("");
    else response.type("html").send(html);
  }

  function renderedSections(view: View, ids: readonly string[]): Record<string, string | null> {
    const renderer = createRenderer(view, apps.flatMap(extensionsOf));
    return Object.fromEntries(ids.slice(0, MOST_SECTIONS).map((id) => [id, renderer.section(id)]));
  }

  /** Pages that no theme renders. */
  function own({ view, response }: Asked): boolean {
    const { path, query } = view;
    const needsCustomer = /^\/account\/(orders|pages\/[^/]+|profile)$/.test(path);
    const returnTo =
      localPath(query.get("return_url") ?? query.get("return_to")) ??
      localUrl(view, needsCustomer ? path : "/account");
    if (
      path === "/account/login" ||
      (needsCustomer && !view.customer) ||
      path === "/account/register" ||
      (path === "/account" && !view.customer)
    ) {
      response.type("html").send(loginPage(view, query.get("q") ?? "", returnTo));
      return true;
    }
    if (path === "/account/logout") {
      dropCookie(response, "devstore_customer");
      response.redirect(localUrl(view, "/"));
      return true;
    }
    const code = /^\/discount\/([^/]+)$/.exec(path)?.[1];
    if (code !== undefined) {
      addCode(view.cart, code);
      setCookie(response, "discount_code", code);
      response.redirect(localPath(query.get("redirect")) ?? localUrl(view, "/"));
      return true;
    }
    if (path === "/checkout") {
      if (view.cart.lines.length === 0) response.redirect(localUrl(view, "/cart"));
      else sendCheckout(view, response, null);
      return true;
    }
    const account = accountPage(view, apps);
    if (account !== null) {
      response.type("html").send(account);
      return true;
    }
    const orderId = /^\/account\/orders\/(\d+)$/.exec(path)?.[1];
    const followed = orderId === undefined ? undefined : view.shop.orders.get(Number(orderId));
    if (followed && view.customer !== null && followed.customerId === view.customer.id) {
      const place = "customer-account.order-status.block.render";
      response
        .type("html")
        .send(orderStatusPage(view, view.shop, followed, orderHosted(view, place, followed)));
      return true;
    }
    const token = /^\/checkout\/thank-you\/(\w+)$/.exec(path)?.[1];
    const order = token === undefined ? undefined : view.shop.orders.get(thanks.get(token) ?? 0);
    if (order) {
      const hosted = orderHosted(view, "purchase.thank-you.block.render", order);
      response.type("html").send(thanksPage(view, view.shop, order, hosted));
    }
    const product = /^\/products\/([^/]+)\.js$/.exec(path)?.[1];
    if (product !== undefined) throw new StorefrontError("/products/….js is not simulated");
    return order !== undefined;
  }

  /** Whatever changes something. */
  function act(asked: Asked): boolean {
    const { view, response, body, request } = asked;
    const isAjax = view.path.endsWith(".js") || (request.header("accept") ?? "").includes("application/json");
    switch (view.path.replace(/\.js$/, "")) {
      case "/cart/add":
        return answerAdd(asked, isAjax);
      case "/cart/change":
        return answerCart(asked, isAjax, () => changeLine(view, body));
      case "/cart":
      case "/cart/update":
        if (body["checkout"] !== undefined) {
          updateCart(view, body);
          response.redirect(localUrl(view, "/checkout"));
          return true;
        }
        return answerCart(asked, isAjax, () => updateCart(view, body));
      case "/cart/clear":
        return answerCart(asked, isAjax, () => {
          Object.assign(view.cart, { lines: [], note: "", attributes: {} });
          return null;
        });
      case "/localization":
        return localize(asked);
      case "/account/login":
        setCookie(response, "devstore_customer", text(body["customer_id"]));
        response.redirect(localPath(text(body["return_to"])) ?? localUrl(view, "/account"));
        return true;
      case "/checkout/discount":
        sendCheckout(view, response, addCode(view.cart, text(body["code"])));
        return true;
      case "/checkout/discount-code":
        return changeDiscountCode(asked);
      case "/checkout":
        pay(asked);
        return true;
      default:
        return false;
    }
  }

  function answerAdd(asked: Asked, isAjax: boolean): boolean {
    const { view, response, body } = asked;
    const several = Array.isArray(body["items"]) ? (body["items"] as Body[]) : [body];
    const before = structuredClone(view.cart.lines);
    const keys: string[] = [];
    for (const item of several) {
      const added = addToCart(view.shop, view.cart, {
        variantId: Number(item["id"]),
        quantity: item["quantity"] === undefined ? 1 : Number(item["quantity"]),
        properties: textsOf(item["properties"]),
      });
      if (!added.ok) {
        view.cart.lines = before;
        const status = added.reason === "not-found" ? 404 : 422;
        if (isAjax)
          response.status(status).json({ status, message: added.message, description: added.message });
        else response.status(status).type("html").send(faultPage(added.message));
        return true;
      }
      keys.push(added.value.key);
    }
    const refusal = undoRefused(view, before);
    if (refusal !== null) {
      refuseCart(asked, isAjax, refusal);
      return true;
    }
    if (!isAjax) {
      response.redirect(localPath(text(body["return_to"])) ?? localUrl(view, "/cart"));
      return true;
    }
    const { lines } = shownCart(view);
    const items = keys
      .flatMap((key) => lines.filter(({ line }) => line.key === key))
      .map((line) => lineJson(view, line));
    const answered = Array.isArray(body["items"]) ? { items } : (items[0] ?? {});
    response.json({ ...answered, ...sectionsAsked(asked) });
    return true;
  }

  /** A change that the shop's validations refuse is not made; answers what they say. */
  function undoRefused(view: View, before: CartState["lines"]): string | null {
    const refusals = invalid(view, "CART_INTERACTION", view.customer);
    if (refusals.length === 0) return null;
    view.cart.lines = before;
    return refusals.join(" ");
  }

  function refuseCart({ view, response }: Asked, isAjax: boolean, message: string): void {
    response.status(422);
    if (isAjax) response.json({ status: 422, message, description: message });
    else response.type("html").send(cartRefusedPage(view, message));
  }

  function answerCart(asked: Asked, isAjax: boolean, change: () => string | null): boolean {
    const { view, response } = asked;
    const before = structuredClone(view.cart.lines);
    const fault = change();
    const refusal = fault === null ? undoRefused(view, before) : null;
    if (refusal !== null) refuseCart(asked, isAjax, refusal);
    else if (isAjax && fault !== null)
      response.status(422).json({ status: 422, message: "Cart Error", description: fault });
    else if (isAjax) response.json({ ...cartJson(view), ...sectionsAsked(asked) });
    else response.redirect(localUrl(view, "/cart"));
    return true;
  }

  /** `sections` of the Ajax API: rendered with the cart as it is now, as on the page that `sections_url` names. */
  function sectionsAsked({ view, body, request }: Asked): { sections?: Record<string, string | null> } {
    const named = body["sections"];
    if (named === undefined) return {};
    const ids = Array.isArray(named) ? named.map(text) : text(named).split(",");
    const origin =
      text(body["sections_url"]) || new URL(request.header("referer") ?? "/", view.origin).pathname;
    const url = new URL(origin, view.origin);
    const { path, locale, rootUrl } = splitLanguage(view.shop, decodeURI(url.pathname));
    const page: View = { ...view, path, locale, rootUrl, query: url.searchParams, things: new Map() };
    const found = templateOf(page);
    page.template = { name: found?.template ?? "404", suffix: null };
    page.subject = found?.subject ?? {};
    return { sections: renderedSections(page, ids) };
  }

  function localize({ view, response, body }: Asked): boolean {
    const country = text(body["country_code"]);
    const market = view.markets.find((each) => each.country === country) ?? view.market;
    if (country !== "") setCookie(response, "localization", market.country);
    const asked = text(body["locale_code"]) || text(body["language_code"]) || view.locale;
    const locale = market.languages.includes(asked) ? asked : (market.languages[0] ?? view.locale);
    const target = new URL(localPath(text(body["return_to"])) ?? "/", "http://shop");
    const { path } = splitLanguage(view.shop, target.pathname);
    const rootUrl = splitLanguage(view.shop, `/${locale}`).rootUrl;
    response.redirect(localUrl({ ...view, rootUrl }, path) + target.search);
    return true;
  }

  function sendCheckout(view: View, response: Response, error: string | null): void {
    const hosted = hostedPage(apps, view.shop, {
      kind: "checkout",
      places: ["purchase.checkout.reductions.render-after", "purchase.checkout.block.render"],
      language: view.locale,
      currency: view.market.currency,
      state: checkoutState(view),
      owners: ownersOf(view),
      changeUrl: localUrl(view, "/checkout/discount-code"),
    });
    const [reductions = "", block = ""] = hosted.places;
    const errors = error === null ? invalid(view, "CHECKOUT_INTERACTION", view.customer) : [error];
    response.type("html").send(checkoutPage(view, errors, { reductions, block, script: hosted.script }));
  }

  function orderHosted(view: View, place: string, order: OrderState): string {
    const { places, script } = hostedPage(apps, view.shop, {
      kind: "order",
      places: [place],
      language: view.locale,
      currency: order.presentmentCurrency,
      state: orderState(view, order),
      owners: ownersOf(view, order),
    });
    return places.join("") + script;
  }

  /** As `shopify.applyDiscountCodeChange` asks: a code that does not apply is refused and leaves the cart as it was. */
  function changeDiscountCode({ view, body, response }: Asked): boolean {
    const code = text(body["code"]).trim();
    const isAdding = body["type"] === "addDiscountCode";
    const refusal = isAdding ? tryCode(view, code) : dropCode(view.cart, code);
    const after = { ...view, things: new Map<string, unknown>() };
    response.json({
      result: refusal === null ? { type: "success" } : { type: "error", message: refusal },
      signals: stateJson(checkoutState(after)).signals,
      summary: checkoutSummary(after),
    });
    return true;
  }

  /** What the shop's validations say of the cart. */
  function invalid(view: View, step: ValidatedCart["step"], customer: CustomerState | null): string[] {
    const lines = view.cart.lines.map(({ variantId, quantity }) => {
      const productId = view.shop.variants.get(variantId)?.productId ?? null;
      return { productId, variantId, quantity };
    });
    return runValidations(world, view.shop, {
      ...{ lines, step, locale: view.locale },
      ...{ customerId: customer?.id ?? null, isAuthenticated: view.customer !== null },
    });
  }

  function pay({ view, body, request, response }: Asked): void {
    const { shop, cart, markets } = view;
    const market = markets.find(({ country }) => country === text(body["country"])) ?? view.market;
    const priced = shownCart(view).priced;
    const email = text(body["email"]).trim() || null;
    const customer = view.customer ?? customerByEmail(email, shop);
    const attributes = Object.entries(cart.attributes).map(([key, value]) => ({ key, value }));
    const refusals = invalid(view, "CHECKOUT_COMPLETION", customer);
    if (refusals.length > 0) {
      response.status(422);
      sendCheckout(view, response, refusals.join(" "));
      return;
    }
    const needsShipping = shownCart(view).lines.some(({ product }) => !product.isGiftCard);
    const order = placeOrder(world, shop, {
      lines: cart.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
      codes: priced.uses.map(({ code }) => code),
      ...(needsShipping && { shippingMinor: SHIPPING_MINOR }),
      ...(customer && { customerId: customer.id }),
      ...(email !== null && { email }),
      payment: "paid",
      sourceName: "web",
      shippingCountry: market.country,
      ...(attributes.length > 0 && { customAttributes: attributes }),
      ...(request.ip !== undefined && { clientIp: request.ip }),
      presentmentCurrency: market.currency,
      presentmentRate: market.rate,
    });
    if (!order.ok) {
      response.status(422);
      sendCheckout(view, response, order.message);
      return;
    }
    carts.delete(cart.token);
    dropCookie(response, "cart");
    dropCookie(response, "discount_code");
    const token = randomBytes(12).toString("hex");
    thanks.set(token, order.value.id);
    response.redirect(303, localUrl(view, `/checkout/thank-you/${token}`));
  }

  /** A checkout makes a customer of who names an e-mail address, as Shopify does. */
  function customerByEmail(email: string | null, shop: ShopState) {
    if (email === null) return null;
    const known = [...shop.customers.values()].find((each) => each.email === email);
    if (known) return known;
    const made = createCustomer(world, shop, { email, state: "DISABLED" });
    return made.ok ? made.value : null;
  }

  return { router, customerIdOf: (shop, request) => customerOf(shop, request)?.id ?? null };
}

function templateOf(view: View): { template: string; subject: Subject } | null {
  const { path, shop, query } = view;
  const [, kind = "", handle, rest] = path.split("/");
  if (path === "/") return { template: "index", subject: {} };
  if (path === "/cart") return { template: "cart", subject: {} };
  if (path === "/search") return { template: "search", subject: { search: { terms: query.get("q") ?? "" } } };
  if (path === "/account") return { template: "customers/account", subject: {} };
  if (path === "/collections") return { template: "list-collections", subject: {} };
  if (handle === undefined || rest !== undefined) return null;
  if (kind === "products") {
    const product = [...shop.products.values()].find(
      (each) => each.handle === handle && each.status === "ACTIVE",
    );
    const variantId = Number(query.get("variant"));
    const chosen = product?.variantIds.includes(variantId) ? variantId : null;
    return product ? { template: "product", subject: { product: { product, variantId: chosen } } } : null;
  }
  if (kind === "collections") {
    if (handle === "all") return { template: "collection", subject: { collection: "all" } };
    const collection = [...shop.collections.values()].find(({ title }) => handleOf(title) === handle);
    return collection ? { template: "collection", subject: { collection } } : null;
  }
  const page = kind === "pages" ? PAGES.get(handle) : undefined;
  return page ? { template: "page", subject: { page: { handle, ...page } } } : null;
}

const PAGES: ReadonlyMap<string, { title: string; content: string }> = new Map([
  ["about", { title: "About", content: "<p>A shop that lives on this machine, to try things in.</p>" }],
  ["rewards", { title: "Rewards", content: "" }],
]);

function changeLine({ cart }: View, body: Body): string | null {
  const line = body["line"] === undefined ? undefined : cart.lines[Number(body["line"]) - 1];
  const key = line?.key ?? text(body["id"]);
  const changed = setQuantity(cart, key, Number(body["quantity"]));
  return changed.ok ? null : changed.message;
}

function updateCart({ cart }: View, body: Body): string | null {
  if (body["note"] !== undefined) cart.note = text(body["note"]);
  Object.assign(cart.attributes, textsOf(body["attributes"]));
  if (typeof body["discount"] === "string") {
    const codes = body["discount"]
      .split(",")
      .map((code) => code.trim())
      .filter(Boolean);
    if (codes.length > MOST_CODES) return `A cart takes at most ${MOST_CODES} codes.`;
    cart.codes = [...new Set(codes)];
  }
  const updates = body["updates"];
  const pairs = Array.isArray(updates)
    ? updates.map((quantity: unknown, index) => [cart.lines[index]?.key ?? "", quantity] as const)
    : Object.entries((updates ?? {}) as Body);
  for (const [key, quantity] of pairs) {
    const changed = setQuantity(cart, key, Number(quantity));
    if (!changed.ok) return changed.message;
  }
  return null;
}

/** Answers why the code cannot be used with this cart, which then keeps the codes it had. */
function tryCode({ world, shop, cart, customer }: View, code: string): string | null {
  const before = cart.codes;
  const wrong = addCode(cart, code);
  if (wrong !== null || cart.codes === before) return wrong;
  const refusal = priceCart(world, shop, cart, customer?.id ?? null).refusals.get(code) ?? null;
  if (refusal !== null) cart.codes = before;
  return refusal;
}

function dropCode(cart: CartState, code: string): string | null {
  const rest = cart.codes.filter((each) => each.toLowerCase() !== code.toLowerCase());
  if (rest.length === cart.codes.length) return `${code} is not in this cart.`;
  cart.codes = rest;
  return null;
}

/** Answers what is wrong with it. */
function addCode(cart: CartState, code: string): string | null {
  const wanted = code.trim();
  if (wanted === "" || cart.codes.some((each) => each.toLowerCase() === wanted.toLowerCase())) return null;
  if (cart.codes.length >= MOST_CODES) return `A cart takes at most ${MOST_CODES} codes.`;
  cart.codes = [...cart.codes, wanted];
  return null;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, text(each)]));
}

/** Only within the shop. */
function localPath(value: string | null): string | null {
  return value !== null && /^\/(?![/\\])/.test(value) ? value : null;
}

/** Forms of themes come as multipart. */
async function bodyOf(request: Request): Promise<Body> {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) return typeof body === "object" && body !== null ? (body as Body) : {};
  const type = request.header("content-type") ?? "";
  const form = await new globalThis.Response(new Uint8Array(body), {
    headers: { "Content-Type": type },
  }).formData();
  const read: Body = {};
  for (const [name, value] of form) {
    const [, outer, inner] = /^(\w+)\[(.+)\]$/.exec(name) ?? [];
    if (outer === undefined || inner === undefined) read[name] = value;
    else read[outer] = { ...(read[outer] as Body | undefined), [inner]: value };
  }
  return read;
}

function faultOf(error: Error): string | null {
  for (let each: unknown = error; each instanceof Error; each = originalOf(each))
    if (each instanceof StorefrontError) return each.message;
  return /Liquid|Parse|Render|Tokeniz/.test(error.name) ? error.message : null;
}

const originalOf = (error: Error & { originalError?: unknown }) => error.originalError ?? error.cause;

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  js: "text/javascript",
  json: "application/json",
  svg: "image/svg+xml",
};

function sendAsset(response: Response, file: string, content: string): void {
  const type = TYPES[file.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  response.set("Cache-Control", "public, max-age=31536000, immutable");
  response.set("Access-Control-Allow-Origin", "*");
  response.type(type).send(content);
}
