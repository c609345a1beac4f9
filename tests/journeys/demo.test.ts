/** The README's first command, on a small file: from nothing to the report, kept over runs, and clear about what is wrong. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { migrateDatabase } from "../../app/db/migrate.server.ts";
import { freePort } from "../../scripts/free-port.ts";

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "demo-"));
  file = path.join(folder, "orders.csv");
  // Three customers: two orders 40 days apart, one order, and two orders on one day; and a guest.
  const rows = [
    "a,2026-01-10,10.00",
    "b,2026-01-15,7.50",
    "NA,2026-01-20,1.00",
    "c,2026-02-01,2.00",
    "c,2026-02-01,3.00",
    "a,2026-02-19,20.00",
    "d,soon,9.99",
  ];
  writeFileSync(file, ["who,when,paid", ...rows].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  output: string;
  errors: string;
}

const run = (program: string, ...args: string[]) => runIn({}, program, ...args);

function runIn(more: Record<string, string>, program: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, DEMO_FOLDER: path.join(folder, "demo"), LOG_LEVEL: "info", ...more };
  return new Promise((resolve) => {
    execFile(process.execPath, ["scripts/run.mjs", program, ...args], { env }, (error, output, errors) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, output, errors }),
    );
  });
} // prettier-ignore

const demo = (...args: string[]) => run("scripts/demo.ts", ...args);
const COLUMNS = ["--columns", "customer=who,date=when,amount=paid"];

describe("npm run demo", { timeout: 240_000 }, () => {
  it("says in one sentence what is wrong before it touches anything", async () => {
    const taken = createServer().listen(0);
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const free = await freePort();
    const faults: [string[], RegExp][] = [
      [["--port", String(port), "--app-port", String(free)], /Port \d+ is in use/],
      [["--port", String(free), "--app-port", String(port)], /Port \d+ is in use/],
      [["--port", String(free), "--data", path.join(folder, "none.csv")], /^There is no file/],
      [["--port", String(free), "--data", folder], /is a folder/],
      [["--colour"], /Unknown option/],
    ];
    for (const [args, sentence] of faults) {
      const { code, errors } = await demo("--once", ...args);
      expect(code).toBe(1);
      expect(errors.trim().split("\n")).toHaveLength(1);
      expect(errors).toMatch(sentence);
    }
    taken.close();
    const report = await run("scripts/report.ts");
    expect([report.code, report.errors.trim()]).toEqual([
      1,
      "There is no demo shop yet: run npm run demo first.",
    ]);
  });

  it("says in one sentence why there is nothing to report", async () => {
    const none = path.join(folder, "none.db");
    const empty = path.join(folder, "empty.db");
    const migrated = path.join(folder, "migrated.db");
    writeFileSync(empty, "");
    await migrateDatabase(`file:${migrated}`);
    const faults: [string, RegExp][] = [
      [`file:${none}`, /^There is no database at .*none\.db\.$/],
      [`file:${empty}`, /^The database is not migrated to this version: run npm run db:migrate first\.$/],
      [`file:${migrated}`, /^The database knows no shop demo\.myshopify\.com\.$/],
      [`file:${file}`, /^The database of DATABASE_URL cannot be opened: /],
      ["postgresql://nobody:hidden@127.0.0.1:1/none", /^The database cannot be read: /],
      ["mysql://shop", /neither file:PATH nor postgresql/],
    ];
    for (const [url, sentence] of faults) {
      const { code, output, errors } = await runIn({ DATABASE_URL: url }, "scripts/report.ts");
      expect([code, output]).toEqual([1, ""]);
      expect(errors.trim().split("\n")).toHaveLength(1);
      expect(errors.trim()).toMatch(sentence);
      expect(errors).not.toContain("hidden");
    }
    expect(existsSync(none)).toBe(false);
  });

  it("installs, syncs and reports a file's orders, and keeps them for the next run", async () => {
    const ports = ["--port", String(await freePort()), "--app-port", String(await freePort())];
    const first = await demo("--once", ...ports, "--data", file, ...COLUMNS);
    expect(first.errors).toBe("");
    expect(first.code).toBe(0);
    expect(first.output).toMatch(/7 {2}lines in the file/);
    expect(first.output).toMatch(/1 {2}date not understood/);
    expect(first.output).toContain("Synced 6 orders");

    const { output } = await run("scripts/report.ts", "--json");
    expect(JSON.parse(output)).toEqual({
      currency: "USD",
      orders: 6,
      customers: 3,
      guestOrders: 1,
      repeatCustomers: 2,
      repeatPurchaseRate: 2 / 3,
      grossMinor: 4350,
      refundsMinor: 0,
      netMinor: 4350,
      aovMinor: 725,
      purchaseFrequency: 5 / 3,
      medianDaysBetweenOrders: 20,
      cohorts: [
        { month: "2026-01", customers: 2, retention: [1, 0.5], cumulativeNetMinor: [1750, 3750] },
        { month: "2026-02", customers: 1, retention: [1], cumulativeNetMinor: [500] },
      ],
    });

    const second = await demo("--once", ...ports);
    expect(second.code).toBe(0);
    expect(second.output).toContain("Keeping the shop of the last run (orders.csv)");
    expect(second.output).toContain("Repeat purchase rate");

    const other = path.join(folder, "other.csv");
    writeFileSync(other, "who,when,paid\na,2026-01-10,10.00\n");
    const refused = await demo("--once", ...ports, "--data", other, ...COLUMNS);
    expect(refused.code).toBe(1);
    expect(refused.errors).toMatch(/^The demo's shop is another one \(orders\.csv\): pass --reset/);

    // A file that cannot be taken in costs nobody their shop, even with --reset.
    const wrong = ["--columns", "customer=whom,date=when,amount=paid"];
    const mistaken = await demo("--once", ...ports, "--reset", "--data", other, ...wrong);
    expect(mistaken.code).toBe(1);
    expect(mistaken.errors).toMatch(/^There is no column whom; the file has who, when, paid\.$/m);
    const kept = await run("scripts/report.ts", "--json");
    expect(JSON.parse(kept.output)).toMatchObject({ orders: 6 });

    const replaced = await demo("--once", ...ports, "--reset", "--data", other, ...COLUMNS);
    expect(replaced.output).toContain("Synced 1 orders");
    const now = await run("scripts/report.ts", "--json");
    expect(JSON.parse(now.output)).toMatchObject({ orders: 1, customers: 1 });
  });

  it("stays up until Ctrl-C, and takes its servers with it, even when it is killed", async () => {
    const port = await freePort();
    const appPort = await freePort();
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const args = [
        "scripts/run.mjs",
        "scripts/demo.ts",
        "--port",
        String(port),
        "--app-port",
        String(appPort),
      ];
      const env = { ...process.env, DEMO_FOLDER: path.join(folder, "demo"), LOG_LEVEL: "info" };
      const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
      const ended = once(child, "exit");
      for await (const output of child.stdout) if (String(output).includes("Ctrl-C stops")) break;
      expect((await fetch(`http://localhost:${appPort}/readyz`)).status).toBe(200);
      const report = await run("scripts/report.ts");
      expect(report.output).toContain("Counted from the shop's whole history.");
      const second = await demo("--once", "--port", String(await freePort()));
      expect([second.code, second.errors]).toEqual([1, expect.stringContaining("A demo is running already")]);
      child.kill(signal);
      expect(await ended).toEqual(signal === "SIGINT" ? [0, null] : [null, signal]);
      await vi.waitFor(() => expectSilence([port, appPort]), { timeout: 30_000, interval: 200 });
    }
  });
});

async function expectSilence(ports: readonly number[]): Promise<void> {
  for (const port of ports) await expect(fetch(`http://localhost:${port}/healthz`)).rejects.toThrow();
}
