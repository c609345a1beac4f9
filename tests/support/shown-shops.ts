/** Shops with the app in them, all synced, and a browser to look at its pages. */
import { readFile } from "node:fs/promises";
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { syncStatus } from "../../app/db/queries/sync-status.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import type { ShopState, World } from "../../devstore/state/model.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import type { AppPage } from "./app-pages.ts";
import { adminAddress, launchBrowser, openInAdmin, openWindow, type AppWindow } from "./browser.ts";
import { untilSynced } from "./local-shopify.ts";
import { expectGoodPage } from "./page-checks.ts";
import { startRunningApp, type RunningApp } from "./running-app.ts";

export interface ShownShops {
  world: World;
  app: RunningApp;
  db: Database;
  browser: Browser;
  shopIdOf(domain: string): Promise<number>;
  stop(): Promise<void>;
}

/** Opens the app in every shop of the world, as its merchant does, and waits until it knows them. */
export async function showShops(world: World): Promise<ShownShops> {
  const app = await startRunningApp(world);
  const undo = [() => app.stop()];
  const stop = async () => {
    for (const step of undo.splice(0)) await step();
  };
  try {
    const db = await openDatabase(app.databaseUrl);
    undo.unshift(() => db.close());
    const domains = [...world.shops.keys()];
    for (const domain of domains) await openAppInAdmin(app.shopifyUrl, "perennial", domain);
    const browser = await launchBrowser();
    undo.unshift(() => browser.close());
    const shopIdOf = async (domain: string) => {
      const shop = await findShop(db, domain);
      if (!shop) throw new Error(`${domain} is not installed`);
      return shop.id;
    };
    const untilShopSynced = async (domain: string) => {
      const shopId = await shopIdOf(domain);
      await untilSynced(db, shopId, 300_000).catch(async (error: unknown) => {
        const status = JSON.stringify(await syncStatus(db, shopId));
        throw new Error(`${domain}: ${status}\n${app.output().slice(-4_000)}`, { cause: error });
      });
    };
    await Promise.all(domains.map(untilShopSynced));
    return { world, app, db, browser, shopIdOf, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of somebody who has bought, for pages about one customer. */
export function paramsOf({ orders }: ShopState): { customerId: number } {
  return { customerId: [...orders.values()].find(({ customerId }) => customerId !== null)?.customerId ?? 0 };
}

/** Inside a `describe`: a test for each of the pages, in one window. `hasFiles`: whatever can be downloaded is looked into. */
export function testPages(
  domain: string,
  pages: readonly AppPage[],
  shown: () => ShownShops,
  { hasFiles = false } = {},
): void {
  let window: AppWindow;

  beforeAll(async () => {
    window = await openWindow(shown().browser);
  });

  afterAll(async () => {
    await window.context.close();
  });

  test.each(pages)(
    "$name: readable, accessible, and as narrow as a phone",
    async ({ address }) => {
      const { app, world } = shown();
      const shop = world.shops.get(domain);
      if (!shop) throw new Error(`no shop ${domain}`);
      const { page, faults } = window;
      const frame = await openInAdmin(page, adminAddress(app.shopifyUrl, domain, address(paramsOf(shop))));
      const looked = hasFiles ? await expectFiles(page, frame) : 0;
      await expectGoodPage(page, { isFresh: looked === 0 });
      expect(faults.splice(0)).toEqual([]);
    },
    60_000,
  );
}

/** Every export button gives a file with something in it. Returns how many there are. */
async function expectFiles(page: Page, frame: Frame): Promise<number> {
  const buttons = await frame.getByRole("button", { name: /as CSV$/ }).all();
  for (const button of buttons) {
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    const text = await readFile(await download.path(), "utf8");
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    expect(text.split("\r\n").length, download.suggestedFilename()).toBeGreaterThan(2);
  }
  return buttons.length;
}
