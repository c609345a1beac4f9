/**
 * Proves that a question comes from an extension of ours in a shop's checkout or customer account, and reads who asks: a session token,
 * signed by Shopify with the app's secret. The library checks signature, algorithm, times and audience; what it takes as it comes is
 * looked at here. A token is good for some minutes and for more than one question, so what it allows must bear being asked again.
 */
import "@shopify/shopify-api/adapters/node";
import { ApiVersion, InvalidJwtError, LogSeverity, shopifyApi, type Shopify } from "@shopify/shopify-api";
import { z } from "zod";

/** `null`: nobody is logged in. */
export interface ExtensionUser {
  shopDomain: string;
  customerId: number | null;
}

const claims = z.object({
  // Checkouts name the shop bare, other places as an address.
  dest: z.string().regex(/^(https:\/\/)?[a-z0-9][a-z0-9-]*\.myshopify\.com$/),
  aud: z.string(),
  // The library checks times only where they stand.
  exp: z.number(),
  nbf: z.number(),
  // Guests have none.
  sub: z
    .string()
    .regex(/^gid:\/\/shopify\/Customer\/[1-9]\d{0,15}$/)
    .optional(),
});

/** `null`: not signed by Shopify for this app, not of this moment, or not plain about who asks. */
export async function readExtensionToken(
  token: string,
  apiKey: string,
  secrets: readonly string[],
): Promise<ExtensionUser | null> {
  for (const secret of secrets) {
    const payload = await decoded(libraryFor(apiKey, secret), token);
    if (payload === null) continue;
    const read = claims.safeParse(payload);
    if (!read.success) return null;
    const { dest, sub } = read.data;
    return {
      shopDomain: dest.replace("https://", ""),
      customerId: sub === undefined ? null : Number(sub.slice(sub.lastIndexOf("/") + 1)),
    };
  }
  return null;
}

async function decoded({ session }: Shopify, token: string): Promise<unknown> {
  try {
    return await session.decodeSessionToken(token);
  } catch (error) {
    // Its words hold the token.
    if (error instanceof InvalidJwtError) return null;
    throw error;
  }
}

const libraries = new Map<string, Shopify>();

function libraryFor(apiKey: string, secret: string): Shopify {
  const key = `${apiKey} ${secret}`;
  const known = libraries.get(key);
  if (known) return known;
  const made = shopifyApi({
    ...{ apiKey, apiSecretKey: secret, apiVersion: ApiVersion.July26, isEmbeddedApp: true },
    hostName: "perennial.invalid",
    logger: { level: LogSeverity.Error },
  });
  libraries.set(key, made);
  return made;
}
