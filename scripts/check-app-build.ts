/**
 * `npm run check:app`: Shopify's own command line builds a copy of the app's extensions, without an account or network. The functions are left
 * out, because compiling them to WebAssembly needs programs that the command line downloads.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
const NEEDS_DOWNLOADS = ["points-discount", "tier-access"];
const SECONDS = 120;

function build(copy: string): string[] {
  const { status, stdout, stderr } = spawnSync(
    path.join(ROOT, "node_modules/.bin/shopify"),
    ["app", "build", "--path", copy, "--client-id", "0".repeat(32), "--skip-dependencies-installation"],
    {
      cwd: copy,
      encoding: "utf8",
      timeout: SECONDS * 1000,
      env: { ...process.env, CI: "1", HOME: path.join(copy, "home"), SHOPIFY_CLI_NO_ANALYTICS: "1" },
    },
  );
  if (status === 0) return [];
  return [`shopify app build: ${status === null ? `not done in ${SECONDS} seconds` : ""}${stdout}${stderr}`];
}

const copy = mkdtempSync(path.join(tmpdir(), "perennial-app-"));
try {
  for (const name of ["shopify.app.toml", "package.json", "app/core"])
    cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  for (const name of readdirSync(path.join(ROOT, "extensions")).filter(
    (each) => !NEEDS_DOWNLOADS.includes(each),
  ))
    cpSync(path.join(ROOT, "extensions", name), path.join(copy, "extensions", name), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
  const faults = build(copy);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
