/**
 * Every page, in a browser inside the admin, on every kind of shop: one made up, one without an order and one of guests only (of a
 * real one: real-shop.test.ts); and what each of them may never show: another shop's data, to whoever asks and however.
 */
import { createHmac } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { deleteSession, loadSession } from "../../app/db/stores/sessions.server.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import { tableNames } from "../../app/services/metrics/tables.server.ts";
import { mintSessionToken } from "../../devstore/auth/session-token.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { appPages, type AppPage } from "../support/app-pages.ts";
import {
  adminAddress,
  missingBrowser,
  openInAdmin,
  openWindow,
  untilSettled,
  USER_AGENT,
} from "../support/browser.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { expectReadable } from "../support/page-checks.ts";
import { CLIENT } from "../support/running-app.ts";
import { emptyShop, generatedShop, shopOfGuests } from "../support/shops-of-a-kind.ts";
import { paramsOf, showShops, testPages, type ShownShops } from "../support/shown-shops.ts";

const BUSY = "busy.myshopify.com";
const OTHER = "other.myshopify.com";
const GUESTS = "guests.myshopify.com";
const EMPTY = "empty.myshopify.com";

const missing = missingBrowser();
const pages = appPages();

describe.skipIf(missing !== null)(`the pages${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let shown: ShownShops;

  beforeAll(async () => {
    const world = createWorld({ seed: 9 });
    generatedShop(world, BUSY, { seed: 9, orders: 1_500 });
    generatedShop(world, OTHER, { seed: 10, orders: 80 });
    shopOfGuests(world, GUESTS, { seed: 11, orders: 60 });
    emptyShop(world, EMPTY);
    shown = await showShops(world);
    await startProgramme(await shown.shopIdOf(BUSY));
  }, 240_000);

  afterAll(() => shown?.stop());

  function shopOf(domain: string): ShopState {
    const shop = shown.world.shops.get(domain);
    if (!shop) throw new Error(`no shop ${domain}`);
    return shop;
  }

  /** With the points of all orders, so that the pages about them have something to show. */
  async function startProgramme(shopId: number): Promise<void> {
    const rules = makeRules({ windowDays: 14, expiryMonths: 24 });
    await shown.db.write(async (tx) => {
      await saveProgramme(tx, shopId, { state: "running", membership: "automatic", startedAt: 0 });
      await addProgrammeVersion(tx, shopId, 0, rules);
    });
    await accrueChangedOrders(shown.db, shopId, AbortSignal.timeout(60_000));
  }

  describe.each([BUSY, GUESTS, EMPTY])("of %s", (domain) => {
    // Below the page of loyalty there is one sentence to read where there is no programme.
    const saysMore = ({ routeId }: AppPage) =>
      domain !== GUESTS || !routeId.startsWith("routes/app.loyalty_.");
    const ofThisShop = pages.filter((one) => saysMore(one) && (one.params.length === 0 || domain === BUSY));
    testPages(domain, ofThisShop, () => shown, { hasFiles: domain === BUSY });
  });

  describe("a second shop", () => {
    /** The ids of a shop's orders, customers, products and refunds, none of which another shop may see. */
    function idsOf(domain: string): Set<string> {
      const { orders, customers, products, variants } = shopOf(domain);
      return new Set([orders, customers, products, variants].flatMap((some) => [...some.keys()].map(String)));
    }

    /** Numbers as long as Shopify's ids. */
    const longNumbers = (text: string) => text.match(/\d{10,}/g) ?? [];

    async function ask(asker: string, address: string): Promise<{ status: number; text: string }> {
      const token = mintSessionToken(CLIENT, asker, 1);
      const answer = await fetch(`${shown.app.appUrl}${address}`, {
        headers: { Authorization: `Bearer ${token}`, "User-Agent": USER_AGENT },
        redirect: "manual",
      });
      return { status: answer.status, text: await answer.text() };
    }

    /** Every page's data, with the first shop named wherever a request can name one. */
    function addressesOf(domain: string): string[] {
      return pages.map(
        ({ address, routeId }) =>
          `${address(paramsOf(shopOf(domain)))}.data?_routes=${routeId}&shop=${domain}`,
      );
    }

    test("sees nothing of the first by any page's data", async () => {
      const theirs = idsOf(BUSY);
      let seenByOwner = 0;
      for (const address of addressesOf(BUSY)) {
        const own = await ask(BUSY, address);
        expect(own.status, `${address} for its own shop`).toBe(200);
        seenByOwner += longNumbers(own.text).filter((number) => theirs.has(number)).length;
        const foreign = await ask(OTHER, address);
        expect(foreign.status, address).toBeLessThan(500);
        expect(
          longNumbers(foreign.text).filter((number) => theirs.has(number)),
          address,
        ).toEqual([]);
      }
      // Else the search above would have looked for nothing that is ever there.
      if (pages.some(({ params }) => params.includes("customerId"))) expect(seenByOwner).toBeGreaterThan(0);
    });

    test.each(tableNames())("gets nothing of the first in the file of %s", async (name) => {
      const theirs = idsOf(BUSY);
      const parameters = new URLSearchParams({
        shop: BUSY,
        period: "all-time",
        customer: String(paramsOf(shopOf(BUSY)).customerId),
        segment: "repeat",
      });
      const address = `/app/export/${name}?${parameters}`;
      const own = await ask(BUSY, address);
      expect(own.status).toBe(200);
      const foreign = await ask(OTHER, address);
      expect(foreign.status).toBe(200);
      expect(longNumbers(foreign.text).filter((number) => theirs.has(number))).toEqual([]);
    });

    test.each(pages.filter(({ params }) => params.length > 0))(
      "finds no $name of the first",
      async ({ address }) => {
        const { context, page } = await openWindow(shown.browser);
        await page.goto(adminAddress(shown.app.shopifyUrl, OTHER, address(paramsOf(shopOf(BUSY)))));
        const refused = page
          .frameLocator("iframe")
          .getByRole("heading", { name: /^(This page does not exist|No such )/ });
        await refused.first().waitFor({ timeout: 30_000 });
        await context.close();
      },
      60_000,
    );

    test("cannot download what the first was asked for", async () => {
      const shopId = await shown.shopIdOf(BUSY);
      await fetch(`${shown.app.shopifyUrl}/_control/api/shops/${BUSY}/actions/requestCustomerData`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(paramsOf(shopOf(BUSY))),
      });
      await expect
        .poll(() => shown.db.prisma.dataRequest.count({ where: { shopId } }), { timeout: 20_000 })
        .toBe(1);
      const request = await shown.db.prisma.dataRequest.findFirstOrThrow({ where: { shopId } });
      const address = `/app/privacy/requests/${request.id}`;
      expect((await ask(OTHER, address)).status).toBe(404);
      expect((await ask(BUSY, address)).text).toContain(String(paramsOf(shopOf(BUSY)).customerId));
    });
  });

  describe("a lost session", () => {
    /** A token that was good an hour ago. */
    function staleToken(domain: string): string {
      const [header = "", payload = ""] = mintSessionToken(CLIENT, domain, 1).split(".");
      const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, number>;
      const old = { ...claims, iat: 0, nbf: 0, exp: Math.floor(Date.now() / 1000) - 3_600 };
      const body = `${header}.${Buffer.from(JSON.stringify(old)).toString("base64url")}`;
      return `${body}.${createHmac("sha256", CLIENT.clientSecret).update(body).digest("base64url")}`;
    }

    /** A page to go to by the admin's menu. */
    const next = pages.find(({ name, params }) => name !== "overview" && params.length === 0);
    const menuLink = (of: Page) => of.locator(`#menu a[data-href="${next?.address() ?? ""}"]`);

    test("is mended unseen: a stale token by a fresh one, a lost access token by a new exchange", async () => {
      const { context, page } = await openWindow(shown.browser);
      const frame = await openInAdmin(page, adminAddress(shown.app.shopifyUrl, BUSY, "/app"));
      let asked = 0;
      await page.route("**/admin/shell/session-token*", (route) => {
        asked += 1;
        return asked === 1 ? route.fulfill({ json: { token: staleToken(BUSY) } }) : route.continue();
      });
      const shopId = await shown.shopIdOf(BUSY);
      await shown.db.write((tx) => deleteSession(tx, shopId));
      await menuLink(page).click();
      await expect.poll(() => asked, { timeout: 15_000 }).toBeGreaterThan(1);
      await expect.poll(() => new URL(frame.url()).pathname, { timeout: 15_000 }).toBe(next?.address());
      await expectReadable(await untilSettled(page));
      expect((await loadSession(shown.db, shopId))?.accessToken).toMatch(/^v1\./);
      await context.close();
    }, 60_000);

    test("is mended when the frame itself comes with a stale token", async () => {
      const { context, page } = await openWindow(shown.browser);
      const frame = await openInAdmin(page, adminAddress(shown.app.shopifyUrl, BUSY, "/app"));
      const address = new URL(frame.url());
      address.searchParams.set("id_token", staleToken(BUSY));
      await frame.goto(address.href);
      await expectReadable(await untilSettled(page));
      await context.close();
    }, 60_000);

    test("that cannot be mended says so", async () => {
      const { context, page } = await openWindow(shown.browser);
      await openInAdmin(page, adminAddress(shown.app.shopifyUrl, BUSY, "/app"));
      await page.route("**/admin/shell/session-token*", (route) =>
        route.fulfill({ json: { token: staleToken(BUSY) } }),
      );
      await menuLink(page).click();
      await page.frameLocator("iframe").getByText("Your session has ended").waitFor({ timeout: 15_000 });
      await context.close();
    }, 60_000);
  });

  test("an app that does not answer for a while says so, and the page comes back by itself", async () => {
    const { context, page } = await openWindow(shown.browser);
    const frame = await openInAdmin(page, adminAddress(shown.app.shopifyUrl, BUSY, "/app/data"));
    const ofAnyPage = (url: URL) => url.pathname.endsWith(".data");
    await page.route(ofAnyPage, (route) => route.fulfill({ status: 503, body: "restarting" }));
    await page.locator('#menu a[data-href="/app/settings"]').click();
    await frame.getByText("Something went wrong on our side").waitFor({ timeout: 15_000 });
    await page.unroute(ofAnyPage);
    await frame.getByRole("heading", { name: "Settings", level: 1 }).waitFor({ timeout: 30_000 });
    await context.close();
  }, 60_000);
});
