/**
 * Remembers an erased customer without keeping the id: a keyed hash, useless to whoever has the database alone.
 * The keys are derived from ENCRYPTION_KEYS; a retired key must stay in that list for as long as its erasures matter.
 */
import { createHmac, hkdfSync } from "node:crypto";
import { parseKeys } from "./seal.server.ts";

/** One hashing key for each encryption key, in their order. */
export function subjectKeys(encryptionKeys: string): Uint8Array[] {
  return parseKeys(encryptionKeys).map(
    ({ key }) => new Uint8Array(hkdfSync("sha256", key, "", "perennial erasures", 32)),
  );
}

/** The customer's hash under each key, the current key's first. */
export function hashSubject(keys: readonly Uint8Array[], shopId: number, customerId: number): string[] {
  return keys.map((key) => createHmac("sha256", key).update(`${shopId}:${customerId}`).digest("base64url"));
}
