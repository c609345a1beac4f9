/** `npm run report`: the demo shop over all its time, as text or, with --json, as one JSON object. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { findShop } from "../app/db/stores/shops.server.ts";
import { reportShop } from "../app/services/metrics/report-shop.server.ts";
import { reportText, say } from "./demo/display.ts";
import { demoDatabaseUrl, demoFiles, readDemoState } from "./demo/folder.ts";
import { CannotRun } from "./demo/options.ts";
import { openExisting } from "./open-existing.ts";

async function main(): Promise<void> {
  const { values } = parse();
  const url = process.env.DATABASE_URL ?? demoDatabaseUrl;
  if (url === demoDatabaseUrl && !existsSync(demoFiles.database)) {
    throw new CannotRun("There is no demo shop yet: run npm run demo first.");
  }
  const domain = values.shop ?? readDemoState()?.shopDomain ?? "demo.myshopify.com";
  const shopId = await shopIdOf(url, domain);
  const report = await reportShop(url, shopId);
  say(values.json ? JSON.stringify(report.figures) : `${domain}\n\n${reportText(report)}`);
}

function parse() {
  try {
    return parseArgs({ options: { json: { type: "boolean" }, shop: { type: "string" } } });
  } catch {
    throw new CannotRun("Usage: npm run report -- [--json] [--shop DOMAIN]");
  }
}

async function shopIdOf(url: string, domain: string): Promise<number> {
  const db = await openExisting(url);
  try {
    const shop = await findShop(db, domain);
    if (!shop) throw new CannotRun(`The database knows no shop ${domain}.`);
    return shop.id;
  } finally {
    await db.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof CannotRun ? error.message : error);
  process.exitCode = 1;
});
