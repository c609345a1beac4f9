/** Seals Shopify's tokens before they are stored: AES-256-GCM under keys of the environment, with rotation. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

export interface SealingKey {
  id: string;
  key: Buffer;
}

/** Parses ENCRYPTION_KEYS, `id:base64key[,id:base64key]` with 32-byte keys. The first one seals, all of them open. */
export function parseKeys(text: string): SealingKey[] {
  const keys = text.split(",").map((part, position) => {
    const [, id, encoded] = /^([\w-]+):([A-Za-z0-9+/]+=*)$/.exec(part.trim()) ?? [];
    if (!id || !encoded) throw new Error(`ENCRYPTION_KEYS: key ${position + 1} is not of the form id:base64`);
    const key = Buffer.from(encoded, "base64");
    if (key.length !== 32)
      throw new Error(`ENCRYPTION_KEYS: key ${id} has ${key.length} bytes instead of 32`);
    return { id, key };
  });
  if (new Set(keys.map(({ id }) => id)).size < keys.length)
    throw new Error("ENCRYPTION_KEYS: an id occurs twice");
  return keys;
}

/**
 * Seals a text for one purpose: `context` (such as the shop and the column) is authenticated with it, so that a sealed
 * text copied to another row does not open.
 */
export function seal(keys: readonly SealingKey[], text: string, context: string): string {
  const [first] = keys;
  if (!first) throw new Error("no key to seal with");
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", first.key, nonce).setAAD(
    Buffer.from(`${first.id}|${context}`),
  );
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const body = Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
  return `v1.${first.id}.${body}`;
}

/** Opens what `seal` made; throws if it was changed, is another context's, or its key is gone. */
export function unseal(keys: readonly SealingKey[], sealed: string, context: string): string {
  const [version, id, body] = sealed.split(".");
  const key = keys.find((candidate) => candidate.id === id);
  if (version !== "v1" || !id || !body) throw new Error("not a sealed text");
  if (!key) throw new Error(`sealed with key ${id}, which ENCRYPTION_KEYS does not have`);
  const bytes = Buffer.from(body, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key.key, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(`${id}|${context}`)).setAuthTag(bytes.subarray(12, 28));
  return decipher.update(bytes.subarray(28), undefined, "utf8") + decipher.final("utf8");
}

/** Whether a text was sealed with another key than today's. */
export function needsReseal(keys: readonly SealingKey[], sealed: string): boolean {
  return sealed.split(".")[1] !== keys[0]?.id;
}
