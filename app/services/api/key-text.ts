/**
 * What a key looks like: `prn_SHOP_ID_SECRET`. The shop's number is in it, because everything of a shop is looked up by it; 32 random bytes
 * need no slow hash.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { ApiKey } from "../../db/stores/api-keys.server.ts";

const KEY = /^prn_([1-9a-z][0-9a-z]{0,6})_([0-9a-z]{8})_([\w-]{43})$/;
const LARGEST_SHOP = 2 ** 31 - 1;

export interface NewKey {
  id: string;
  /** Shown once. */
  text: string;
  hash: string;
}

/** `id`: of a key that gets a new secret. */
export function newKey(shopId: number, id = randomId()): NewKey {
  const text = `${keyPrefix(shopId, id)}_${randomBytes(32).toString("base64url")}`;
  return { id, text, hash: hashOf(text) };
}

/** By which people know it again. */
export function keyPrefix(shopId: number, id: string): string {
  return `prn_${shopId.toString(36)}_${id}`;
}

function randomId(): string {
  return Array.from(randomBytes(8), (byte) => (byte % 36).toString(36)).join("");
}

/** Whose it says that it is. */
export function readKey(text: string): { shopId: number; id: string } | null {
  const [, shop = "", id = ""] = KEY.exec(text) ?? [];
  const shopId = Number.parseInt(shop, 36);
  return id === "" || shopId > LARGEST_SHOP ? null : { shopId, id };
}

export function isKey(
  text: string,
  { hash, previousHash, previousUntil }: Pick<ApiKey, "hash" | "previousHash" | "previousUntil">,
  now: number,
): boolean {
  const given = Buffer.from(hashOf(text));
  const isOne = (known: string) =>
    known.length === given.length && timingSafeEqual(given, Buffer.from(known));
  const isFormer =
    previousHash !== null && previousUntil !== null && previousUntil > now && isOne(previousHash);
  return isOne(hash) || isFormer;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
