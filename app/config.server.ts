/** The environment, parsed once: every setting that a deployment can change, with a clear error for each that is missing. */
import { z } from "zod";

const flag = z
  .enum(["0", "1"])
  .default("0")
  .transform((value) => value === "1");

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

const environment = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  /** Where a process that only works jobs answers /healthz, /readyz and /metrics; nowhere unless set. */
  WORKER_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** `file:PATH` is SQLite, `postgresql://...` PostgreSQL. */
  DATABASE_URL: z.string().default("file:.data/perennial.db"),
  SHOPIFY_API_KEY: z.string().min(1),
  SHOPIFY_API_SECRET: z.string().min(1),
  /** The secret before a rotation: webhooks may be signed with it for an hour. */
  SHOPIFY_API_SECRET_PREVIOUS: z.string().optional(),
  SHOPIFY_APP_URL: z.url(),
  SCOPES: z.string().default(""),
  /** `id:base64key[,id:base64key]`, 32-byte keys; the first one seals, all open. */
  ENCRYPTION_KEYS: z
    .string()
    .regex(/^[\w-]+:[A-Za-z0-9+/]{43}=(,[\w-]+:[A-Za-z0-9+/]{43}=)*$/, "id:base64key, 32 bytes each"),
  /** What this process does: web, worker or both. */
  PERENNIAL_ROLES: z
    .string()
    .default("web,worker")
    .transform((value) => value.split(",").map((role) => role.trim()))
    .pipe(z.array(z.enum(["web", "worker"])).min(1)),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  /** Bearer token for /metrics; without one it answers only to loopback. */
  METRICS_TOKEN: z.string().optional(),
  /** Demo mode: origin of a local Shopify that stands in for every *.myshopify.com. Never set in production. */
  DEMO_SHOPIFY_ORIGIN: z
    .url()
    .refine((url) => LOOPBACK.has(new URL(url).hostname), "only a local Shopify on this machine")
    .optional(),
  /** Webhooks may go to this machine, also without TLS: for development and tests. Private networks stay closed. */
  PERENNIAL_LOCAL_WEBHOOKS: flag,
  /** Runs without the 15-minute and daily cron jobs. */
  PERENNIAL_NO_CRON: flag,
});

/** The names of all settings. */
export const SETTINGS: readonly string[] = Object.keys(environment.shape);

export type Config = z.infer<typeof environment>;

/** Parses an environment; throws one error that names every setting at fault. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const result = environment.safeParse(env);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The environment is not complete. ${faults.join("; ")}`);
}

let parsed: Config | undefined;

/** The process's own configuration. */
export function config(): Config {
  parsed ??= parseConfig(process.env);
  return parsed;
}
