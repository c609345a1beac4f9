/**
 * Pictures of the extensions as a member of a running demo's shop meets them: points used in checkout, what the order brings and the survey
 * after it, and the account that explains every line. The merchant allows it, switches the storefront on and asks what buyers think.
 */
import type { Browser, Page } from "playwright-core";
import { openDatabase } from "../../app/db/database.server.ts";
import { changeShop, findShop } from "../../app/db/stores/shops.server.ts";
import { changeSurvey } from "../../app/services/loyalty/change-survey.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import { adjustPoints } from "../../app/services/loyalty/adjust-points.server.ts";
import { switchStorefront } from "../../app/services/storefront/switch-storefront.server.ts";
import { openWindow } from "../../tests/support/browser.ts";
import type { Picture } from "./storefront-pictures.ts";

const SCOPES = ["write_customers", "write_products", "write_discounts"];
/** Everything about a shop's thousands of customers is published before. */
const PATIENCE_MS = 180_000;
const SIZE = { width: 900, height: 1080 };

interface DemoShop {
  databaseUrl: string;
  /** Of the app in the shop's admin. */
  admin: string;
  customerId: number;
}

export async function extensionPictures(browser: Browser, demo: DemoShop): Promise<Picture[]> {
  const { origin, searchParams } = new URL(demo.admin);
  const domain = searchParams.get("shop") ?? "";
  const variantId = await openToShoppers(demo, domain);
  const { context, page } = await openWindow(browser, SIZE.width);
  await page.setViewportSize(SIZE);
  const pictures: Picture[] = [];
  const take = async (name: string) =>
    pictures.push({ name, png: await page.screenshot({ fullPage: true }) });
  const part = (target: string) => page.locator(`[data-extension-target="${target}"]`);

  await page.goto(`${origin}/account/login?shop=${domain}`);
  await page.request.post(`${origin}/account/login`, { form: { customer_id: String(demo.customerId) } });
  await page.request.post(`${origin}/cart/add.js`, { data: { id: variantId, quantity: 2 } });
  const use = page.getByRole("button", { name: "Use points" });
  await lookUntil(page, `${origin}/checkout`, () => use.isVisible());
  await use.click();
  await part("purchase.checkout.reductions.render-after").getByText("is applied to this order").waitFor();
  await take("checkout");

  await page.getByRole("button", { name: "Pay now" }).click();
  await page.waitForURL("**/thank-you/**");
  const brought = part("purchase.thank-you.block.render").getByText(/^This order brings/);
  await lookUntil(page, page.url(), () => brought.isVisible());
  await page.getByLabel("How good are the products?").selectOption("5");
  await take("thank-you");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you for your answers.").waitFor();

  const answered = page.getByText("Earned for an answer");
  await lookUntil(page, `${origin}/account/pages/account-page`, () => answered.isVisible());
  await page.getByText("Your orders").waitFor();
  await page.setViewportSize({ width: SIZE.width, height: 1600 });
  pictures.push({ name: "account", png: await page.screenshot() });
  await context.close();
  return pictures;
}

/** As the merchant does it; answers something to buy. */
async function openToShoppers({ databaseUrl, admin, customerId }: DemoShop, domain: string): Promise<number> {
  const { origin } = new URL(admin);
  const granted = await fetch(`${origin}/admin/shell/scopes?shop=${domain}&app=perennial`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ action: "request", scopes: SCOPES }),
  });
  if (!granted.ok) throw new Error(`the scopes were not granted: ${await granted.text()}`);
  const db = await openDatabase(databaseUrl);
  try {
    const shop = await findShop(db, domain);
    if (!shop) throw new Error(`${domain} is not installed`);
    // The app learns of them when its pages ask next.
    const scopes = [...new Set([...shop.scopes.split(","), ...SCOPES])].join(",");
    await db.write((tx) => changeShop(tx, shop.id, { scopes }));
    await changeSurvey(db, shop.id, { intent: "survey", points: "20" });
    const joined = await joinProgramme(db, shop.id, customerId);
    if (!joined.ok) throw new Error(joined.reason);
    const { memberId } = joined;
    await adjustPoints(db, shop, { key: "for-pictures", memberId, points: 500, reason: "Thank you" });
    const switched = await switchStorefront(db, shop.id, true);
    if (!switched.ok) throw new Error(switched.reason);
    const variant = await db.prisma.productVariant.findFirst({ where: { shopId: shop.id } });
    if (!variant) throw new Error("there is nothing to buy");
    return Number(variant.id);
  } finally {
    await db.close();
  }
}

/** What a page shows follows by jobs. */
async function lookUntil(page: Page, address: string, isThere: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    await page.goto(address);
    await page.waitForLoadState("networkidle");
    if (await isThere()) return;
    await page.waitForTimeout(1_000);
  }
  throw new Error(`${address} never showed what the picture is of`);
}
