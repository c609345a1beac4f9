/** Shoppers in a browser: what the blocks look like to axe and to a phone, what a page asks for, and what the buttons do. */
import axe, { type AxeResults } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, missingBrowser, NARROW, USER_AGENT, WIDE } from "../support/browser.ts";
import {
  openDressedStorefront,
  productNamed,
  type DressedStorefront,
} from "../support/dressed-storefront.ts";

let open: DressedStorefront;
let browser: Browser;
const skip = missingBrowser() !== null;

beforeAll(async () => {
  if (skip) return;
  [open, browser] = await Promise.all([openDressedStorefront(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await open?.stop();
});

interface Visit {
  context: BrowserContext;
  page: Page;
  faults: string[];
  /** Addresses that the pages asked for. */
  asked: URL[];
}

async function visit(customerId: number | null, width = WIDE, javaScriptEnabled = true): Promise<Visit> {
  const viewport = { width, height: 900 };
  const context = await browser.newContext({ userAgent: USER_AGENT, viewport, javaScriptEnabled });
  if (customerId !== null)
    await context.addCookies([{ name: "devstore_customer", value: String(customerId), url: open.url }]);
  const page = await context.newPage();
  const faults: string[] = [];
  const asked: URL[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("request", (request) => asked.push(new URL(request.url())));
  return { context, page, faults, asked };
}

/** With contrast, in the page as it is. */
async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (): Promise<AxeResults["violations"]> => {
    const { axe: ours } = globalThis as unknown as { axe: typeof axe };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
    return (await ours.run(document, { resultTypes: ["violations"], runOnly: tags })).violations;
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`);
}

const isScroller = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe.skipIf(skip).each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test("nothing for axe, no sideways scrolling at 360 px, and nothing asked of us", async () => {
    open.useTheme(theme);
    const { context, page, faults, asked } = await visit(open.rich.id);
    const add = { id: productNamed(open.products, "Teapot").variantIds[0], quantity: 1 };
    await page.goto(`${open.url}/products/green-tea`);
    await page.evaluate(
      (body) =>
        fetch("/cart/add.js", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        }),
      add,
    );
    for (const address of ["/", "/products/mug", "/cart", "/search?q=tea", "/nope", "/pl"]) {
      await page.goto(open.url + address);
      for (const width of [NARROW, WIDE]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await isScroller(page), `${address} at ${width} px`).toBe(false);
      }
      // That nothing is there says its status, and the console with it.
      if (address === "/nope") expect(faults.splice(0)).toEqual([expect.stringContaining("404")]);
      expect(await axeFindings(page), address).toEqual([]);
      const lists = page.locator(".perennial", { has: page.locator(".perennial__cards") });
      expect(await lists.count(), address).toBeGreaterThan(0);
      expect(await lists.getByText("Black tea").count(), "what is sold out").toBe(0);
    }
    await page.getByRole("button", { name: "Punkty i nagrody" }).click();
    expect(await page.locator("#perennial-panel").isVisible()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.locator("#perennial-panel").isVisible()).toBe(false);
    const own = new URL(open.url).host;
    expect(asked.filter(({ host, protocol }) => protocol !== "data:" && host !== own)).toEqual([]);
    expect(asked.filter(({ pathname }) => /^\/apps\/|perennial\.js$/.test(pathname))).toEqual([]);
    await page.setViewportSize({ width: NARROW, height: 900 });
    for (const language of ["ru", "th", "ja", "lv"]) {
      await page.goto(`${open.url}/${language}`);
      expect(await isScroller(page), language).toBe(false);
    }
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    expect(await isScroller(page), "from right to left").toBe(false);
    const launcher = await page.locator(".perennial-launcher").boundingBox();
    const isLeft = launcher && launcher.x + launcher.width / 2 < NARROW / 2;
    expect(isLeft, "the button is on the other side").toBe(theme === "dark");
    expect(faults).toEqual([]);
    await context.close();
  });

  test("guests, new members and those whose points have expired see what is theirs to do", async () => {
    open.useTheme(theme);
    const expired = { member: true, debt: 0, next: null, expiry: null, within: [], codes: [], v: 1 };
    const goal = { reward: "five-off", missing: 500 };
    const owner = `gid://shopify/Customer/${open.expiring.id}`;
    const before = ["points", "membership"].map(
      (key) => open.shop.metafields.get(owner)?.get(`app--1000001.${key}`)?.value ?? "",
    );
    open.publish(owner, { points: ["number_integer", 0], membership: ["json", { ...expired, goal }] });
    const missing = "500 more points until: £5 off";
    for (const [customerId, sees] of [
      [null, "5 points for every £1 you spend"],
      [open.newcomer.id, missing],
      [open.expiring.id, missing],
    ] as const) {
      const { context, page, faults } = await visit(customerId, NARROW);
      await page.goto(open.url);
      const points = page.locator(".shopify-app-block").first();
      await points.getByText(sees).waitFor();
      expect(await points.getByRole("link", { name: "Log in or create an account" }).count()).toBe(
        customerId === null ? 1 : 0,
      );
      expect(await points.getByRole("progressbar", { name: missing }).count()).toBe(
        customerId === null ? 0 : 1,
      );
      expect(await page.getByRole("button", { name: /^Redeem/ }).count()).toBe(0);
      expect(await isScroller(page)).toBe(false);
      expect(await axeFindings(page)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    }
    const [points = "", membership = ""] = before;
    open.publish(owner, { points: ["number_integer", points], membership: ["json", membership] });
  });
});

describe.skipIf(skip)("without scripts", () => {
  test("all can be read and followed, codes used and the panel opened; only what asks us cannot", async () => {
    open.useTheme("light");
    const { context, page } = await visit(open.rich.id, WIDE, false);
    await page.goto(open.url);
    await page.locator("[data-perennial-points]").first().getByText("12,345").waitFor();
    expect(await page.locator(".perennial__card").first().isVisible()).toBe(true);
    const said = page.locator("noscript p").first();
    expect(await said.textContent()).toBe("Turn on JavaScript to redeem rewards here.");
    expect(await said.isVisible()).toBe(true);
    await page.getByRole("button", { name: "Points and rewards" }).click();
    expect(await page.locator("#perennial-panel").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Use in cart" }).first().click();
    await page.waitForURL("**/cart");
    await context.close();
  });
});

describe.skipIf(skip)("what changes", () => {
  test("the badge follows the variant, and the cart's points the cart", async () => {
    open.useTheme("light");
    const { context, page, faults } = await visit(open.newcomer.id);
    await page.goto(`${open.url}/products/sencha`);
    const badge = page.locator(".perennial__earn");
    await badge.filter({ hasText: "45 points" }).waitFor();
    await page.locator("select[name=id]").selectOption({ index: 1 });
    await badge.filter({ hasText: "80 points" }).waitFor();
    await page.locator("button[name=add]").click();
    await page.goto(`${open.url}/cart`);
    await badge.filter({ hasText: "180 points" }).waitFor();
    const line = { id: String(productNamed(open.products, "Sencha").variantIds[1]), quantity: 3 };
    await page.evaluate(
      (body) =>
        fetch("/cart/change.js", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        }).then((answer) => answer.text()),
      line,
    );
    await badge.filter({ hasText: "340 points" }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  test("a reward is asked for once, however often it is pressed until an answer comes", async () => {
    const { context, page, asked } = await visit(open.rich.id);
    const bodies: { reward: string; key: string; locale: string }[] = [];
    // The answering side has tests of its own; here answers get lost, are late, and then come.
    const answers = [
      null,
      { ok: true, message: "It is being made.", points: 11_845, pending: true },
      {
        ok: true,
        message: "Your code: NEWCODE23456",
        points: 11_845,
        redemption: "redemption-1",
        code: "NEWCODE23456",
        until: "2027-01-01",
      },
      { ok: false, reason: "insufficient-points", message: "You do not have enough points." },
    ];
    await page.route("**/apps/perennial/redeem", (route) => {
      bodies.push(route.request().postDataJSON() as (typeof bodies)[number]);
      const answer = answers.shift();
      return answer ? route.fulfill({ json: answer }) : route.abort();
    });
    await page.goto(`${open.url}/`);
    const rewards = page
      .locator(".shopify-app-block", { has: page.getByRole("heading", { name: "Rewards" }) })
      .first();
    const button = rewards.getByRole("button", { name: "Redeem: £5 off" });
    const status = rewards.getByRole("status");
    await button.click();
    await status.filter({ hasText: "That did not work. Please try again." }).waitFor();
    await button.click();
    await status.filter({ hasText: "Your code: NEWCODE23456" }).waitFor();
    expect(new Set(bodies.map(({ key }) => key)).size).toBe(1);
    expect(bodies[0]).toMatchObject({ reward: "five-off", locale: "en" });
    const code = rewards.locator("[data-perennial-code]").last();
    expect(await code.locator("code").textContent()).toBe("NEWCODE23456");
    expect(await code.getByRole("link").getAttribute("href")).toContain("/discount/NEWCODE23456?");
    expect(await code.locator("code").evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.locator("[data-perennial-points]").allTextContents()).toEqual(["11,845", "11,845"]);
    await button.click();
    await status.filter({ hasText: "You do not have enough points." }).waitFor();
    expect(bodies.at(-1)?.key).not.toBe(bodies[0]?.key);
    expect(asked.filter(({ pathname }) => pathname.endsWith("perennial.js"))).toHaveLength(1);
    // It can be given back at once, because the answer named it.
    const given: { redemption: string }[] = [];
    await page.route("**/apps/perennial/give-back", (route) => {
      given.push(route.request().postDataJSON() as (typeof given)[number]);
      return route.fulfill({ json: { ok: true, message: "Your points are back.", points: 12_345 } });
    });
    await code.getByRole("button", { name: "Give back" }).click();
    await status.filter({ hasText: "Your points are back." }).waitFor();
    expect(given).toMatchObject([{ redemption: "redemption-1" }]);
    expect(await rewards.getByText("NEWCODE23456").count()).toBe(0);
    await context.close();
  });

  test("who comes by a member's link is greeted, and the order brings the code; a friend's link can be copied", async () => {
    const guest = await visit(null, NARROW);
    await guest.page.goto(`${open.url}/products/mug?ref=0A1B2C3D4`);
    await guest.page.getByText("A friend has sent you: you get 250 points for your first order.").waitFor();
    expect(await isScroller(guest.page)).toBe(false);
    expect(await axeFindings(guest.page)).toEqual([]);
    const greeting = guest.page.locator("#perennial-welcome");
    await greeting.getByRole("button", { name: "Close" }).click();
    expect(await greeting.isVisible()).toBe(false);
    expect(guest.asked.filter(({ pathname }) => pathname.startsWith("/apps/"))).toEqual([]);
    await guest.page.locator("button[name=add]").click();
    await guest.page.goto(`${open.url}/checkout`);
    await guest.page.getByLabel("E-mail").fill("friend@shop.example");
    await guest.page.getByRole("button", { name: "Pay" }).click();
    await guest.page.waitForURL("**/thank-you/**");
    const order = [...open.shop.orders.values()].at(-1);
    expect(order?.customAttributes).toEqual([{ key: "perennial_ref", value: "0A1B2C3D4" }]);
    expect(guest.faults).toEqual([]);
    await guest.context.close();

    const member = await visit(open.newcomer.id, NARROW);
    await member.page.goto(open.url);
    const form = member.page.locator("form[data-perennial=refer]");
    const sent: unknown[] = [];
    await member.page.route("**/apps/perennial/refer", (route) => {
      sent.push(route.request().postDataJSON());
      return route.fulfill({ json: { ok: true, message: "Your invitation is noted. Order as usual." } });
    });
    await form.getByLabel("Were you invited?").fill("0a1b 2c3d4");
    await form.getByRole("button").click();
    await member.page.getByText("Your invitation is noted. Order as usual.").waitFor();
    expect(sent).toEqual([{ code: "0a1b 2c3d4", locale: "en" }]);
    await member.context.close();

    const rich = await visit(open.rich.id, NARROW);
    await rich.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: open.url });
    await rich.page.goto(open.url);
    const block = rich.page.locator(".shopify-app-block", { has: rich.page.getByRole("heading", { name: "Bring a friend" }) }).last(); // prettier-ignore
    await block.getByRole("button", { name: "Copy link" }).click();
    await block.getByText("The link is copied.").waitFor();
    const copied = await rich.page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/\/collections\/all\?ref=0A1B2C3D4$/);
    await rich.context.close();
  });

  test("what is for a tier only is refused to others in cart and checkout, and sold to its members", async () => {
    const product = productNamed(open.products, "Mug");
    const owner = `gid://shopify/Product/${product.id}`;
    const steps = [{ from: null, tiers: [{ id: "gold", name: "Gold" }] }];
    open.publish(owner, { access: ["json", { v: 1, steps, open: null }] });
    const gold = { v: 1, id: "gold", until: null, then: null, lastDay: null, amount: 0, goal: null };
    open.publish(`gid://shopify/Customer/${open.rich.id}`, { tier: ["json", gold] });
    const check = { handle: "tier-access", title: "Tiers", enabled: true, blockOnFailure: false };
    open.shop.validations = [{ id: 1, ...check, namespace: "app--1000001" }];
    const only = "“Mug” is only for members in Gold and above.";
    const put = async (page: Page, words: string) => {
      await page.goto(`${open.url}/products/mug`);
      await page.getByText(words, { exact: true }).waitFor();
      await page.locator("button[name=add]").click();
      await page.waitForLoadState();
    };
    const expectGood = async (page: Page) => {
      for (const width of [NARROW, WIDE]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await isScroller(page), `at ${width} px`).toBe(false);
      }
      expect(await axeFindings(page)).toEqual([]);
    };

    const guest = await visit(null);
    await put(guest.page, "Only for members in Gold and above");
    await guest.page.goto(`${open.url}/checkout`);
    await guest.page.getByText(`${only} Log in to buy it.`).waitFor();
    await expectGood(guest.page);
    await guest.page.getByLabel("E-mail").fill(String(open.rich.email));
    await guest.page.getByRole("button", { name: "Pay" }).click();
    await guest.page.getByText(`${only} Log in to buy it.`).waitFor();
    expect(guest.page.url()).not.toContain("thank-you");
    await guest.context.close();

    const other = await visit(open.newcomer.id);
    await put(other.page, "Only for members in Gold and above");
    await other.page.getByText(only).waitFor();
    await expectGood(other.page);
    await other.context.close();

    const member = await visit(open.rich.id);
    await put(member.page, "Members only: you can buy it");
    await member.page.goto(`${open.url}/checkout`);
    await member.page.getByRole("button", { name: "Pay" }).click();
    await member.page.waitForURL("**/thank-you/**");
    expect(member.faults).toEqual([]);
    await member.context.close();
    open.shop.validations = [];
    open.publish(owner, { access: ["json", { v: 1, steps, open: "2020-01-01" }] });
  });

  test("a birthday of a day that the month lacks is not sent", async () => {
    const { context, page } = await visit(open.newcomer.id);
    const sent: unknown[] = [];
    await page.route("**/apps/perennial/profile", (route) => {
      sent.push(route.request().postDataJSON());
      return route.fulfill({ json: { ok: true, message: "Saved." } });
    });
    await page.goto(`${open.url}/`);
    const form = page.locator("form[data-perennial=profile]");
    const status = page.locator(".perennial", { has: form }).getByRole("status");
    await form.getByLabel("Month").selectOption("02");
    await form.getByLabel("Day").selectOption("30");
    await form.getByRole("button").click();
    await status.filter({ hasText: "That month has no such day." }).waitFor();
    await form.getByLabel("Day").selectOption("29");
    await form.getByRole("button").click();
    await status.filter({ hasText: "Saved." }).waitFor();
    expect(sent).toEqual([{ birthday: "02-29", locale: "en" }]);
    await context.close();
  });
});
