/**
 * Session tokens: HS256 JSON web tokens by which the admin tells an app for a minute who looks at it, and checkout and customer accounts tell
 * it for five which customer its extension speaks for.
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { z } from "zod";

const LIFETIME_SECONDS = 60;
const EXTENSION_LIFETIME_SECONDS = 5 * 60;
const TOLERANCE_SECONDS = 10;

const payload = z.object({
  iss: z.url(),
  dest: z.url(),
  aud: z.string(),
  sub: z.string(),
  exp: z.number(),
  nbf: z.number(),
  iat: z.number(),
});

export type SessionTokenPayload = z.infer<typeof payload>;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const sign = (text: string, secret: string) => createHmac("sha256", secret).update(text).digest();

/** Mints a token. It runs on the real clock, as the app that checks it does. */
export function mintSessionToken(
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  shopDomain: string,
  userId: number,
): string {
  return signed(
    {
      iss: `https://${shopDomain}/admin`,
      dest: `https://${shopDomain}`,
      aud: clientId,
      sub: String(userId),
      sid: randomUUID(),
    },
    LIFETIME_SECONDS,
    clientSecret,
  );
}

/** For an extension in checkout or in a customer account; a guest's names nobody. */
export function mintExtensionToken(
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  shopDomain: string,
  customerId: number | null,
): string {
  return signed(
    {
      dest: shopDomain,
      aud: clientId,
      ...(customerId !== null && { sub: `gid://shopify/Customer/${customerId}` }),
    },
    EXTENSION_LIFETIME_SECONDS,
    clientSecret,
  );
}

function signed(claims: object, lifetimeSeconds: number, secret: string): string {
  const now = Math.floor(Date.now() / 1000);
  const times = { exp: now + lifetimeSeconds, nbf: now, iat: now, jti: randomUUID() };
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ ...claims, ...times })}`;
  return `${text}.${sign(text, secret).toString("base64url")}`;
}

/** The token's payload, or why it is not believed. */
export function readSessionToken(
  token: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  shopDomain: string,
): { ok: true; payload: SessionTokenPayload } | { ok: false; reason: string } {
  const [header = "", body = "", signature = "", ...rest] = token.split(".");
  if (rest.length > 0 || signature === "") return { ok: false, reason: "it is no JSON web token" };
  const expected = sign(`${header}.${body}`, clientSecret);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { ok: false, reason: "its signature is wrong" };
  }
  if (readPart(header, z.object({ alg: z.literal("HS256") })) === null) {
    return { ok: false, reason: "its algorithm is not HS256" };
  }
  const claims = readPart(body, payload);
  if (claims === null) return { ok: false, reason: "its claims are incomplete" };
  const now = Date.now() / 1000;
  if (claims.exp < now - TOLERANCE_SECONDS) return { ok: false, reason: "it has expired" };
  if (claims.nbf > now + TOLERANCE_SECONDS) return { ok: false, reason: "it is not valid yet" };
  if (claims.aud !== clientId) return { ok: false, reason: "it is meant for another app" };
  const destination = new URL(claims.dest).hostname;
  if (new URL(claims.iss).hostname !== destination || destination !== shopDomain) {
    return { ok: false, reason: "it was issued for another shop" };
  }
  return { ok: true, payload: claims };
}

function readPart<T>(part: string, schema: z.ZodType<T>): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
