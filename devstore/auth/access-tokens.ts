/** POST /admin/oauth/access_token: session tokens become offline access tokens, and refresh tokens become new pairs. */
import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import { z } from "zod";
import type { InstallationState, ShopState, World } from "../state/model.ts";
import { now } from "../state/world.ts";
import type { AppSettings } from "./app-settings.ts";
import { readSessionToken } from "./session-token.ts";

const HOUR = 3_600_000;
const NINETY_DAYS = 90 * 24 * HOUR;
/** A refresh token that was just used still works: the answer may have been lost. */
const REFRESH_GRACE = 60_000;

const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
const OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token";

const body = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.string(),
  subject_token: z.string().optional(),
  subject_token_type: z.string().optional(),
  requested_token_type: z.string().optional(),
  expiring: z.coerce.string().optional(),
  refresh_token: z.string().optional(),
});

type Refusal = [status: number, error: string, description: string];
interface Grant {
  access_token: string;
  scope: string;
  expires_in?: number;
  refresh_token?: string;
  refresh_token_expires_in?: number;
}

/** Answers a token request of an app for the shop. */
export function answerTokenRequest(
  world: World,
  apps: readonly AppSettings[],
  shop: ShopState | undefined,
  request: Request,
  response: Response,
): void {
  const outcome = decide(world, apps, shop, request.body);
  if (Array.isArray(outcome)) {
    const [status, error, error_description] = outcome;
    response.status(status).json({ error, error_description });
  } else response.json(outcome);
}

function decide(
  world: World,
  apps: readonly AppSettings[],
  shop: ShopState | undefined,
  input: unknown,
): Grant | Refusal {
  if (!shop) return [404, "not_found", "There is no such shop."];
  const parsed = body.safeParse(input);
  if (!parsed.success) return [400, "invalid_request", "The request lacks a required parameter."];
  const asked = parsed.data;
  const app = apps.find(({ clientId }) => clientId === asked.client_id);
  if (!app || app.clientSecret !== asked.client_secret) {
    return [400, "invalid_client", "The client id or secret is wrong."];
  }
  const { installation } = shop;
  if (!installation) return [400, "app_not_installed", "The app is not installed on this shop."];
  if (asked.grant_type === TOKEN_EXCHANGE) return exchange(world, app, shop, installation, asked);
  if (asked.grant_type === "refresh_token") return refresh(world, installation, asked.refresh_token ?? "");
  return [400, "unsupported_grant_type", `The grant type ${asked.grant_type} is not open to this app.`];
}

function exchange(
  world: World,
  app: AppSettings,
  shop: ShopState,
  installation: InstallationState,
  asked: z.infer<typeof body>,
): Grant | Refusal {
  if (asked.requested_token_type !== OFFLINE) {
    return [400, "not_simulated", "The local Shopify gives offline access tokens only."];
  }
  const expiring = asked.expiring === "1" || asked.expiring === "true";
  if (asked.subject_token_type === OFFLINE) {
    const known = installation.accessTokens.get(asked.subject_token ?? "");
    if (!known || known.expiresAt !== null || !expiring) {
      return [400, "invalid_subject_token", "The offline token cannot be exchanged."];
    }
    installation.accessTokens.delete(asked.subject_token ?? "");
    return grantExpiring(world, installation);
  }
  if (asked.subject_token_type !== ID_TOKEN) {
    return [400, "invalid_request", "The subject token's type is not known."];
  }
  const token = readSessionToken(asked.subject_token ?? "", app, shop.domain);
  if (!token.ok) return [400, "invalid_subject_token", `The session token is refused: ${token.reason}.`];
  return expiring ? grantExpiring(world, installation) : grantLasting(installation);
}

const secret = (prefix: string) => `${prefix}_${randomBytes(16).toString("hex")}`;

function grantLasting(installation: InstallationState): Grant {
  for (const [token, { expiresAt }] of installation.accessTokens) {
    // A lasting offline token is one and the same until the app is uninstalled.
    if (expiresAt === null) return { access_token: token, scope: scopeText(installation) };
  }
  const token = secret("shpat");
  installation.accessTokens.set(token, { expiresAt: null });
  return { access_token: token, scope: scopeText(installation) };
}

function grantExpiring(world: World, installation: InstallationState): Grant {
  const at = now(world);
  forgetExpired(installation, at);
  const accessToken = secret("shpat");
  const refreshToken = secret("shprt");
  installation.accessTokens.set(accessToken, { expiresAt: at + HOUR });
  installation.refreshTokens.set(refreshToken, { expiresAt: at + NINETY_DAYS, usedAt: null });
  return {
    access_token: accessToken,
    scope: scopeText(installation),
    expires_in: HOUR / 1000,
    refresh_token: refreshToken,
    refresh_token_expires_in: NINETY_DAYS / 1000,
  };
}

/** Each refresh token serves once: a new pair takes its place. */
function refresh(world: World, installation: InstallationState, refreshToken: string): Grant | Refusal {
  const at = now(world);
  const known = installation.refreshTokens.get(refreshToken);
  if (!known || known.expiresAt <= at) return [400, "invalid_grant", "The refresh token is not valid."];
  if (known.usedAt !== null && at - known.usedAt > REFRESH_GRACE) {
    return [400, "invalid_grant", "The refresh token was used before."];
  }
  known.usedAt ??= at;
  return grantExpiring(world, installation);
}

function forgetExpired(installation: InstallationState, at: number): void {
  for (const [token, { expiresAt }] of installation.accessTokens) {
    if (expiresAt !== null && expiresAt <= at) installation.accessTokens.delete(token);
  }
  for (const [token, { expiresAt }] of installation.refreshTokens) {
    if (expiresAt <= at) installation.refreshTokens.delete(token);
  }
}

const scopeText = ({ scopes }: InstallationState) => scopes.join(",");
