/** A merchant comes from another app: a file with mistakes, what it would come to, the giving, and taking it back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../app/db/database.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { findShop } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import type { ShopState } from "../../devstore/state/model.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { openAppInAdmin } from "../../scripts/demo/merchant.ts";
import { adminAddress, launchBrowser, missingBrowser, openInAdmin, openWindow } from "../support/browser.ts";
import { untilSynced } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { expectGoodPage } from "../support/page-checks.ts";
import { startRunningApp, type RunningApp } from "../support/running-app.ts";
import { generatedShop } from "../support/shops-of-a-kind.ts";
import { unzipped } from "../support/unzipped.ts";

const SHOP = "imports.myshopify.com";
const missing = missingBrowser();

describe.skipIf(missing !== null)(`imports${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let app: RunningApp;
  let browser: Browser;
  let db: Database;
  let shop: ShopState;
  const folder = mkdtempSync(path.join(tmpdir(), "imports-"));

  beforeAll(async () => {
    const world = createWorld({ seed: 37 });
    ({ shop } = generatedShop(world, SHOP, { seed: 37, orders: 60 }));
    app = await startRunningApp(world, { roles: "web" });
    app.startWorker();
    db = await openDatabase(app.databaseUrl);
    await openAppInAdmin(app.shopifyUrl, "perennial", SHOP);
    const { id } = (await findShop(db, SHOP)) ?? { id: 0 };
    await untilSynced(db, id, 90_000);
    await db.write(async (tx) => {
      await saveProgramme(tx, id, { state: "running", membership: "joining", startedAt: Date.now() });
      await addProgrammeVersion(tx, id, Date.now(), makeRules());
    });
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await db?.close();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("are counted, given and undone, and mistakes are told where they are", async () => {
    const { context, page, faults } = await openWindow(browser);
    const frame = page.frameLocator("iframe");
    const toast = (text: string) => page.locator("#toasts").getByText(text).last().waitFor();
    const inDialog = (name: string) => frame.getByRole("dialog").getByRole("button", { name }).click();
    const choose = async (name: string, content: string | Buffer) => {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      await frame.locator('input[type="file"]').setInputFiles(file);
    };
    const emails = [...shop.customers.values()].flatMap(({ email }) => email ?? []).slice(0, 3);

    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty/import"));
    await frame.getByRole("heading", { name: "Bring balances from another app" }).waitFor();
    await expectGoodPage(page);
    await frame.getByRole("button", { name: "Begin an import" }).press("Enter");
    await frame.getByRole("button", { name: "Choose a CSV file" }).waitFor();

    await choose("wrong.csv", Buffer.from([0xff, 0xfe, 0x41, 0x00]));
    await frame.getByText("not written in UTF-8").waitFor();
    await choose("nothing.csv", "Email,Nothing\na@example.com,1\n");
    await frame.getByText("otherwise there is nothing to import").waitFor();
    expect(await frame.getByRole("button", { name: "Count what it would come to" }).isDisabled()).toBe(true);

    const rows = [
      "E-mail;Points Balance;Birthday;Name",
      `${emails[0]?.toUpperCase()};1.250,00;27/05/1990;"<img src=x onerror=alert(1)>"`,
      `${emails[1]};40;13/01/1980;=1+1`,
      `${emails[1]};40;;twice`,
      "nobody@example.com;77;;=HYPERLINK(1)",
      `${emails[2]};-5;;below`,
      `${emails[2]};1e309;;above`,
    ];
    await choose("members.csv", `\uFEFF${rows.join("\r\n")}`);
    expect(await frame.getByLabel("Points", { exact: true }).inputValue()).toBe("1");
    expect(await frame.getByLabel("Dates are written as").inputValue()).toBe("dmy");
    expect(await frame.getByLabel("Decimals are written with").inputValue()).toBe(",");
    await expectGoodPage(page);
    // A wrong separator is seen at once, and nothing is sent.
    await frame.getByLabel("Columns are separated by").selectOption("|");
    await frame.getByText("There is no table to be seen").waitFor();
    await frame.getByLabel("Columns are separated by").selectOption(";");
    await frame.getByRole("button", { name: "Count what it would come to" }).click();
    await frame.getByText("2 customers would get 1,290 points.").waitFor();
    await expectGoodPage(page);
    expect(await db.prisma.member.count()).toBe(0);

    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      frame.getByRole("button", { name: "Save the 4 rows that are left out" }).click(),
    ]);
    const stream = await saved.createReadStream();
    let leftOut = "";
    for await (const piece of stream) leftOut += String(piece);
    expect(leftOut.split("\r\n")).toEqual([
      "Line,Not imported because,E-mail,Points Balance,Birthday,Name",
      `4,The customer stands in the file before,${emails[1]},40,,twice`,
      "5,No customer of the shop,nobody@example.com,77,,'=HYPERLINK(1)",
      `6,Points below zero,${emails[2]},'-5,,below`,
      `7,Points are no whole number,${emails[2]},1e309,,above`,
      "",
    ]);

    await frame.getByRole("button", { name: "Give these points" }).click();
    await inDialog("Give them");
    await frame.getByRole("heading", { name: "Imports so far" }).waitFor({ timeout: 30_000 });
    await frame.getByText("1,290 points to 2 customers, 2 of them new as members.").waitFor();
    await expectGoodPage(page);
    const sums = async () => (await db.prisma.memberBalance.aggregate({ _sum: { available: true } }))._sum;
    expect(Number((await sums()).available)).toBe(1_290);

    await frame.getByRole("button", { name: "Undo" }).click();
    await frame.getByText("1,290 are still there and are taken back").waitFor();
    await expectGoodPage(page);
    await inDialog("Undo it");
    await toast("The import is being undone");
    await frame.getByText("1,290 points were taken back.").waitFor({ timeout: 30_000 });
    expect(Number((await sums()).available)).toBe(0);

    // As it leaves for yet another app.
    await openInAdmin(page, adminAddress(app.shopifyUrl, SHOP, "/app/loyalty/export"));
    const [archive] = await Promise.all([
      page.waitForEvent("download"),
      frame.getByRole("button", { name: "Save everything" }).click(),
    ]);
    expect(archive.suggestedFilename()).toMatch(/^perennial-.*\.zip$/);
    const files = [...unzipped(readFileSync(await archive.path())).keys()];
    expect(files).toContain("members.csv");
    await frame.getByText("The archive is saved.").waitFor();
    expect(faults).toEqual([]);
    await context.close();
  }, 240_000);
});
