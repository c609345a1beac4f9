/** How often a key may ask, and how often an address may come without a valid one. */
import type { Database } from "../../db/types.ts";
import { countOne, type Counted } from "../storefront/rate-limits.server.ts";

/** In a minute. */
export const MOST_OF_A_KEY = 600;
const MOST_WITHOUT_A_KEY = 60;

export function countKey(db: Database, shopId: number, keyId: string): Promise<Counted> {
  return countOne(db, { name: "api-key", most: MOST_OF_A_KEY }, `${shopId} ${keyId}`);
}

export function countStranger(db: Database, address: string | null): Promise<Counted> {
  return countOne(db, { name: "api-stranger", most: MOST_WITHOUT_A_KEY }, address ?? "unknown");
}

/** As the drafts of RateLimit headers and RFC 9110 have them. */
export function limitHeaders({ most, left, resetMs, isOver }: Counted): Record<string, string> {
  const seconds = String(Math.ceil(resetMs / 1_000));
  return {
    "RateLimit-Limit": String(most),
    "RateLimit-Remaining": String(left),
    "RateLimit-Reset": seconds,
    "RateLimit-Policy": `${most};w=60`,
    ...(isOver && { "Retry-After": seconds }),
  };
}
