/** Builds the app for the demo, unless what is built was made from the same sources. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { demoFiles } from "./folder.ts";
import { CannotRun } from "./options.ts";

const SOURCES = [
  "app/**/*.{ts,tsx,css,json}",
  "public/**/*",
  "vite.config.ts",
  "tsconfig.json",
  "package-lock.json",
];
const STAMP = path.join(demoFiles.root, "build", "sources.sha256");
const SERVER = path.join(demoFiles.root, "build", "server", "index.js");

/** Whether it had to be built. */
export async function buildApp(): Promise<boolean> {
  const digest = digestOfSources();
  if (existsSync(SERVER) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === digest) return false;
  const remix = path.join(demoFiles.root, "node_modules/@remix-run/dev/dist/cli.js");
  try {
    await promisify(execFile)(process.execPath, [remix, "vite:build"], {
      cwd: demoFiles.root,
      env: { ...process.env, NODE_ENV: "production" },
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const { stderr = "", message = "" } = error as { stderr?: string; message?: string };
    throw new CannotRun(`The app could not be built:\n${(stderr || message).trim()}`);
  }
  writeFileSync(STAMP, digest);
  return true;
}

function digestOfSources(): string {
  const hash = createHash("sha256");
  const files = globSync(SOURCES, { cwd: demoFiles.root }).filter((file) => !file.includes(".test.")).sort(); // prettier-ignore
  for (const file of files) hash.update(file).update(readFileSync(path.join(demoFiles.root, file)));
  return hash.digest("hex");
}
