/** What a demo keeps between two runs, all of it in one folder that git ignores: the shop, the database, the keys, the logs. */
import { createHash, randomBytes } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { whyUnreadable } from "../../devstore/history/table.ts";
import { CannotRun, type DemoOptions } from "./options.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** Another folder for a second demo beside the first. */
const FOLDER = path.resolve(ROOT, process.env.DEMO_FOLDER ?? ".data/demo");

export const demoFiles = {
  root: ROOT,
  folder: FOLDER,
  state: path.join(FOLDER, "demo.json"),
  running: path.join(FOLDER, "running.pid"),
  world: path.join(FOLDER, "shopify.ndjson.gz"),
  database: path.join(FOLDER, "perennial.db"),
  appLog: path.join(FOLDER, "app.log"),
  shopifyLog: path.join(FOLDER, "shopify.log"),
};

export const demoDatabaseUrl = `file:${demoFiles.database}`;

const source = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("generated"), seed: z.number() }),
  z.object({
    kind: z.literal("file"),
    name: z.string(),
    sha256: z.string(),
    columns: z.string().nullable(),
    dates: z.enum(["dmy", "mdy"]).nullable(),
    currency: z.string().nullable(),
    timeZone: z.string().nullable(),
  }),
]);
export type DemoSource = z.infer<typeof source>;

const state = z.object({
  shopDomain: z.string(),
  source,
  clientId: z.string(),
  clientSecret: z.string(),
  encryptionKeys: z.string(),
});
export type DemoState = z.infer<typeof state>;

const DEFAULT_SEED = 1;

/** The demo of an earlier run, `null` where there is none (or it never got as far as its shop). */
export function readDemoState(): DemoState | null {
  if (!existsSync(demoFiles.state) || !existsSync(demoFiles.world)) return null;
  const parsed = state.safeParse(JSON.parse(readFileSync(demoFiles.state, "utf8")));
  if (!parsed.success) {
    throw new CannotRun("The demo's state is of another version: pass --reset to begin anew.");
  }
  return parsed.data;
}

export function newDemoState(from: DemoSource): DemoState {
  return {
    shopDomain: "demo.myshopify.com",
    source: from,
    clientId: randomBytes(16).toString("hex"),
    clientSecret: randomBytes(24).toString("hex"),
    encryptionKeys: `demo:${randomBytes(32).toString("base64")}`,
  };
}

/** Written last, when the shop is complete: what is there after a crash before that is made again. */
export function writeDemoState(from: DemoState): void {
  const part = `${demoFiles.state}.part`;
  writeFileSync(part, JSON.stringify(from, null, 2), { mode: 0o600 });
  renameSync(part, demoFiles.state);
}

export function clearDemo(): void {
  for (const file of [demoFiles.state, demoFiles.world, demoFiles.appLog, demoFiles.shopifyLog]) {
    rmSync(file, { force: true });
  }
  for (const suffix of ["", "-wal", "-shm"]) rmSync(demoFiles.database + suffix, { force: true });
}

/** What the command line asks the shop to be; `null` where it asks for nothing in particular. */
export async function sourceAskedFor(options: DemoOptions): Promise<DemoSource | null> {
  const { data, columns, dates, currency, timeZone, seed } = options;
  if (data === null) return seed === null ? null : { kind: "generated", seed };
  return {
    kind: "file",
    name: path.basename(data),
    sha256: await digestOf(data),
    columns,
    dates,
    currency,
    timeZone,
  };
}

export const DEFAULT_SOURCE: DemoSource = { kind: "generated", seed: DEFAULT_SEED };

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw new CannotRun(whyUnreadable(file, error));
  }
  return hash.digest("hex");
}

/** Whether two runs mean the same shop: the file's content counts, not its name. */
export function isSameSource(a: DemoSource, b: DemoSource): boolean {
  if (a.kind === "file" && b.kind === "file")
    return JSON.stringify({ ...a, name: "" }) === JSON.stringify({ ...b, name: "" });
  return JSON.stringify(a) === JSON.stringify(b);
}

export function describeSource(from: DemoSource): string {
  return from.kind === "file" ? from.name : `generated from seed ${from.seed}`;
}

/** One demo at a time: two would write the same files. Returns what frees the folder. */
export function takeFolder(): () => void {
  mkdirSync(FOLDER, { recursive: true });
  const other = existsSync(demoFiles.running) ? Number(readFileSync(demoFiles.running, "utf8")) : 0;
  if (other > 0 && other !== process.pid && isAlive(other)) {
    throw new CannotRun(`A demo is running already (process ${other}): stop it with Ctrl-C first.`);
  }
  writeFileSync(demoFiles.running, String(process.pid));
  return () => rmSync(demoFiles.running, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
