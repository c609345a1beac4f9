/** Builds the app, unless what is built was made from the same sources. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import { CannotRun } from "./demo/options.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const SOURCES = [
  "app/**/*.{ts,tsx,css,json}",
  "public/**/*",
  "vite.config.ts",
  "scripts/polaris-styles.ts",
  "tsconfig.json",
  "package-lock.json",
];
const STAMP = path.join(ROOT, "build", "sources.sha256");
const ASSETS = path.join(ROOT, "build", "client", "assets");
const SERVER = path.join(ROOT, "build", "server", "index.js");

/** Whether it had to be built. */
export async function buildApp(): Promise<boolean> {
  const digest = digestOfSources();
  if (existsSync(SERVER) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === digest) return false;
  const remix = path.join(ROOT, "node_modules/@remix-run/dev/dist/cli.js");
  try {
    await promisify(execFile)(process.execPath, [remix, "vite:build"], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: "production" },
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const { stderr = "", message = "" } = error as { stderr?: string; message?: string };
    throw new CannotRun(`The app could not be built:\n${(stderr || message).trim()}`);
  }
  await compressAssets();
  writeFileSync(STAMP, digest);
  return true;
}

/** As small as they get, for the server to send as they are. */
async function compressAssets(): Promise<void> {
  for (const file of globSync("*.{css,js}", { cwd: ASSETS })) {
    const address = path.join(ASSETS, file);
    writeFileSync(`${address}.br`, await promisify(brotliCompress)(readFileSync(address)));
  }
}

function digestOfSources(): string {
  const hash = createHash("sha256");
  const files = globSync(SOURCES, { cwd: ROOT }).filter((file) => !file.includes(".test.")).sort(); // prettier-ignore
  for (const file of files) hash.update(file).update(readFileSync(path.join(ROOT, file)));
  return hash.digest("hex");
}
