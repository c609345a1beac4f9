/**
 * `npm run screenshots`: takes the README's pictures, one of each page from a running demo, three of its checkout and account and two of a
 * dressed storefront, into docs/images.
 * Without an address it starts a demo of its own, with the generated shop and a points programme, in a folder that is gone afterwards.
 *
 * `npm run screenshots [-- --admin http://localhost:4000/admin/apps/perennial?shop=demo.myshopify.com] [--folder docs/images]
 * [--only recommendations,storefront]`
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { appPages } from "../tests/support/app-pages.ts";
import { launchBrowser, missingBrowser, openInAdmin, openWindow } from "../tests/support/browser.ts";
import { freePort } from "./free-port.ts";
import { extensionPictures } from "./screenshots/extension-pictures.ts";
import { countAnImport } from "./screenshots/begun-import.ts";
import { bringFriends, startProgramme } from "./screenshots/running-programme.ts";
import { storefrontPictures } from "./screenshots/storefront-pictures.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const SIZE = { width: 1280, height: 1080 };
/** Larger ones are a burden to whoever clones the repository. */
const MOST_BYTES = 200_000;

const { values: options } = parseArgs({
  options: {
    admin: { type: "string" },
    folder: { type: "string", default: "docs/images" },
    only: { type: "string" },
  },
});
const isWanted = (name: string) => options.only?.split(",").includes(name) ?? true;

interface Demo {
  /** Of the app in the shop's admin. */
  admin: string;
  databaseUrl: string;
  stop(): Promise<void>;
}

async function startDemo(): Promise<Demo> {
  const folder = mkdtempSync(path.join(tmpdir(), "perennial-screenshots-"));
  const [port, appPort] = [await freePort(), await freePort()];
  const args = ["scripts/demo.ts", "--port", String(port), "--app-port", String(appPort)];
  const demo = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, DEMO_FOLDER: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(demo, "exit");
  async function stop(): Promise<void> {
    demo.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
  const address = new Promise<string>((resolve) => {
    createInterface({ input: demo.stdout }).on("line", (line) => {
      console.log(line);
      const [, found] = /The app in the shop's admin\s+(\S+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const failed = ended.then(() => {
    throw new Error("the demo has ended");
  });
  try {
    const admin = await Promise.race([address, failed]);
    const domain = new URL(admin).searchParams.get("shop") ?? "";
    const databaseUrl = `file:${path.join(folder, "perennial.db")}`;
    takeKeys(folder, new URL(admin).origin);
    await startProgramme(databaseUrl, domain);
    return { admin, databaseUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    failed.catch(() => undefined);
  }
}

/** What is written for the app is sealed with its keys. */
function takeKeys(folder: string, shopifyUrl: string): void {
  const { clientId, clientSecret, encryptionKeys } = JSON.parse(
    readFileSync(path.join(folder, "demo.json"), "utf8"),
  ) as Record<"clientId" | "clientSecret" | "encryptionKeys", string>;
  Object.assign(process.env, {
    SHOPIFY_API_KEY: clientId,
    SHOPIFY_API_SECRET: clientSecret,
    SHOPIFY_APP_URL: shopifyUrl,
    ENCRYPTION_KEYS: encryptionKeys,
  });
}

/** One of the app's pages in the admin whose address was given. */
function addressIn(admin: string, address: string): string {
  const url = new URL(admin);
  const { pathname, searchParams } = new URL(address, url);
  url.pathname = url.pathname.replace(/\/$/, "") + pathname;
  for (const [name, value] of searchParams) url.searchParams.set(name, value);
  return url.href;
}

/** Customers are known by the list of them: the one who brought most. */
async function someCustomer(page: Page, admin: string): Promise<string | null> {
  const list = appPages().find(({ name }) => name === "customers");
  if (!list) return null;
  const frame = await openInAdmin(page, addressIn(admin, `${list.address()}?sort=net-desc`));
  const link = frame.locator('main a[href*="/app/customers/"]').first();
  return /\/app\/customers\/(\d+)/.exec((await link.getAttribute("href")) ?? "")?.[1] ?? null;
}

/** As a merchant does who has looked at the settings: the guide then makes room for the figures. */
async function finishGuide(page: Page, admin: string): Promise<void> {
  const frame = await openInAdmin(page, addressIn(admin, "/app"));
  const confirm = frame.getByRole("button", { name: "These settings are right" });
  if ((await confirm.count()) === 0) return;
  await confirm.click();
  await confirm.waitFor({ state: "detached" });
}

/** In a shop of its own, everything may be done; a demo that somebody else runs is only looked at. */
async function takePictures(admin: string, folder: string, own: Demo | null): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  try {
    const { page, faults } = await openWindow(browser, SIZE.width);
    await page.setViewportSize(SIZE);
    // Charts are drawn at once, without growing.
    await page.emulateMedia({ reducedMotion: "reduce" });
    if (own) await finishGuide(page, admin);
    const customerId = await someCustomer(page, admin);
    if (own && customerId !== null) await prepare(page, own, Number(customerId));
    for (const { name, params, address } of appPages()) {
      if (!isWanted(name) || (params.length > 0 && customerId === null)) continue;
      await openInAdmin(page, addressIn(admin, address({ customerId: customerId ?? "" })));
      keep(folder, name, await page.screenshot());
    }
    for (const { name, png } of await storefrontPictures(browser)) keep(folder, name, png);
    if (own && customerId !== null) {
      const { databaseUrl } = own;
      const shown = await extensionPictures(browser, { admin, databaseUrl, customerId: Number(customerId) });
      for (const { name, png } of shown) keep(folder, name, png);
    }
    for (const fault of faults) console.error(`The browser's console said: ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

/** What pages show only once something has been done. */
async function prepare(page: Page, own: Demo, customerId: number): Promise<void> {
  if (isWanted("referrals")) await bringFriends(own, customerId);
  if (!isWanted("import")) return;
  const { origin, searchParams } = new URL(own.admin);
  const listed = await fetch(
    `${origin}/_control/api/shops/${searchParams.get("shop") ?? ""}/customers?limit=250`,
  );
  const customers = (await listed.json()) as { email: string | null }[];
  const emails = customers.flatMap(({ email }) => email ?? []).slice(0, 120);
  await countAnImport(page, () => openInAdmin(page, addressIn(own.admin, "/app/loyalty/import")), emails);
}

function keep(folder: string, name: string, png: Buffer): void {
  if (!isWanted(name)) return;
  const file = path.join(folder, `${name}.png`);
  if (png.length > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES} bytes`);
  writeFileSync(file, png);
  console.log(`  ${path.relative(process.cwd(), file)}, ${Math.round(png.length / 1000)} kB`);
}

const missing = missingBrowser();
if (missing !== null) {
  console.error(`There is ${missing}.`);
  process.exitCode = 1;
} else {
  const demo = options.admin ? null : await startDemo();
  try {
    const folder = path.resolve(ROOT, options.folder);
    await takePictures(options.admin ?? demo?.admin ?? "", folder, demo);
  } finally {
    await demo?.stop();
  }
}
