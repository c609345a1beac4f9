/** Holds what is wanted of an owner's metafields against what is known to stand there: only what differs is written. */
import { createHash } from "node:crypto";
import type { Contents } from "../../core/storefront/metafields.ts";
import type { Written } from "../../db/stores/publication-row.ts";

/** Of a value as it means, not as it is spelt: Shopify may give JSON back with other spaces or keys in another order. */
export function hashOf(type: string, value: string): string {
  const meant =
    type === "json" || type.startsWith("list.") ? JSON.stringify(JSON.parse(value), sorted) : value;
  return createHash("sha256").update(meant).digest("base64url").slice(0, 16);
}

function sorted(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface Difference {
  set: { key: string; type: string; value: string; hash: string; compareDigest: string | null }[];
  /** Keys of what is to go. */
  remove: string[];
}

export function differenceOf(
  types: Readonly<Record<string, string>>,
  contents: Contents,
  written: Written,
): Difference {
  const difference: Difference = { set: [], remove: [] };
  for (const [key, value] of Object.entries(contents)) {
    const type = types[key];
    if (type === undefined) throw new Error(`there is no metafield ${key}`);
    const [before, digest] = written[key] ?? [];
    if (value === null) {
      if (before !== undefined) difference.remove.push(key);
      continue;
    }
    const hash = hashOf(type, value);
    if (hash !== before) difference.set.push({ key, type, value, hash, compareDigest: digest ?? null });
  }
  return difference;
}

/** Parts whose metafields fit into one call, of whole owners, so that nobody is seen half changed. */
export function* inCalls<Owner extends { difference: Difference }>(
  owners: readonly Owner[],
  atOnce: number,
): Generator<Owner[]> {
  let part: Owner[] = [];
  let size = 0;
  for (const owner of owners) {
    const own = owner.difference.set.length;
    if (part.length > 0 && size + own > atOnce) {
      yield part;
      part = [];
      size = 0;
    }
    part.push(owner);
    size += own;
  }
  if (part.length > 0) yield part;
}
