/**
 * How often shoppers may ask, by customer and by address. SQLite serves one machine with one process for pages, so its counts stay in
 * memory; on PostgreSQL, where several may answer, they share a table of counts. Neither a customer nor an address is written down: what
 * is counted is a hash under a key that changes with the day, and a count is gone soon after its minute. What only reads has limits of its
 * own: a page that looks again and again must not take from what its shopper wants to do.
 */
import { createHmac, hkdfSync } from "node:crypto";
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from "rate-limiter-flexible";
import { config } from "../../config.server.ts";
import { parseKeys } from "../../db/seal.server.ts";
import { COUNTS } from "../../db/shared-counts.ts";
import type { Database } from "../../db/types.ts";

const DAY_MS = 86_400_000;
const WINDOW_SECONDS = 60;

/** Asked in a minute. Whole offices and mobile networks share an address. */
export const MOST_ASKED = {
  act: { customer: 20, address: 120 },
  read: { customer: 60, address: 600 },
} as const;

export type Asked = keyof typeof MOST_ASKED;
type Who = "customer" | "address";
type Limiters = Record<Asked, Record<Who, RateLimiterAbstract>>;

const limiters = new WeakMap<Database, Limiters>();

interface Asking {
  customerId: number | null;
  address: string | null;
}

/** How long to wait before asking again; 0: go on. */
export async function countAsked(
  db: Database,
  shopId: number,
  { customerId, address }: Asking,
  asked: Asked = "act",
  now = Date.now(),
): Promise<number> {
  const counted = limitersOf(db)[asked];
  const count = (kind: Who, who: string | number | null) =>
    who === null ? 0 : consume(counted[kind], hashed(`${asked} ${kind} ${shopId} ${who}`, now));
  const waits = await Promise.all([count("customer", customerId), count("address", address)]);
  return Math.max(...waits);
}

/** A limit by itself, such as that of a key. */
interface Limit {
  name: string;
  /** In a minute. */
  most: number;
}

export interface Counted {
  most: number;
  left: number;
  /** Until all are there again. */
  resetMs: number;
  isOver: boolean;
}

const ownLimiters = new WeakMap<Database, Map<string, RateLimiterAbstract>>();

export async function countOne(
  db: Database,
  { name, most }: Limit,
  who: string,
  now = Date.now(),
): Promise<Counted> {
  const known = ownLimiters.get(db) ?? new Map<string, RateLimiterAbstract>();
  ownLimiters.set(db, known);
  const limiter = known.get(name) ?? limiterOf(db, name, most);
  known.set(name, limiter);
  const counted = await limiter.consume(hashed(`${name} ${who}`, now)).catch((refused: unknown) => {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return refused;
  });
  const { consumedPoints, msBeforeNext } = counted;
  const isOver = consumedPoints > most;
  return { most, left: Math.max(0, most - consumedPoints), resetMs: Math.max(1, msBeforeNext), isOver };
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.max(1, refused.msBeforeNext);
  }
}

function limitersOf(db: Database): Limiters {
  const known = limiters.get(db);
  if (known) return known;
  const of = (asked: Asked, who: Who) => limiterOf(db, `${asked}-${who}`, MOST_ASKED[asked][who]);
  const both = (asked: Asked) => ({ customer: of(asked, "customer"), address: of(asked, "address") });
  const made = { act: both("act"), read: both("read") };
  limiters.set(db, made);
  return made;
}

function limiterOf(db: Database, keyPrefix: string, points: number): RateLimiterAbstract {
  const options = { points, duration: WINDOW_SECONDS, keyPrefix };
  if (db.dialect === "sqlite") return new RateLimiterMemory(options);
  return new RateLimiterPostgres({
    ...options,
    storeClient: db.pool,
    storeType: "pool",
    schemaName: COUNTS.schema,
    tableName: COUNTS.table,
    tableCreated: true,
    // Whoever floods is refused by each process without asking the database again.
    inMemoryBlockOnConsumed: points + 1,
  });
}

let root: Uint8Array | undefined;

function rootKey(): Uint8Array {
  if (root) return root;
  const [first] = parseKeys(config().ENCRYPTION_KEYS);
  if (!first) throw new Error("no key to hash with");
  return (root = new Uint8Array(hkdfSync("sha256", first.key, "", "perennial rate limits", 32)));
}

function hashed(text: string, now: number): string {
  const ofDay = createHmac("sha256", rootKey())
    .update(String(Math.floor(now / DAY_MS)))
    .digest();
  return createHmac("sha256", ofDay).update(text).digest("base64url");
}
