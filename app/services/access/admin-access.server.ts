/**
 * Gives a client for a shop's Admin API: loads the shop's offline token and refreshes it before it ends.
 *
 * A refresh token serves once, so two refreshes at a time would lose the shop. No transaction may stay open over a call to
 * Shopify (on SQLite it would stop every writer), so the lock is a lease: whoever sets the session row's `updatedAt` from the
 * value that it read, in one short compare-and-set, may refresh; everybody else, in this process or another, waits for the
 * row to change and reads it again. A holder that dies gives the lease up by its age. What a refresh brought is written only
 * over the very token that was refreshed, so that a page's token exchange in between is never undone.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { claimSession, isLeased, removeSession } from "../../db/stores/sessions.server.ts";
import { findShopById } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { log } from "../../observability/log.server.ts";
import { createAdminClient, type AdminClient, type TokenSource } from "../../shopify/admin-client.server.ts";
import { refreshTokenPair } from "../../shopify/refresh-token.server.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { keepRefreshedSession, readOfflineSession, type StoredSession } from "./offline-session.server.ts";

export interface AdminAccessOptions {
  /** Pages pass before background work at the shop's bucket. */
  priority?: "interactive" | "background";
  signal?: AbortSignal;
}

/** A token with less time left than this is refreshed: longer than any request lasts. */
const REFRESH_BEFORE_MS = 5 * 60_000;
const POLL_MS = 100;

/**
 * Throws a ShopifyError of kind `unauthorized` where the shop has no token that works: it has removed the app, or a merchant
 * must open it once more. That is the reauthorisation; nothing else can bring a new token.
 */
export async function adminFor(
  db: Database,
  shopId: number,
  { priority = "background", signal }: AdminAccessOptions = {},
): Promise<AdminClient> {
  const shop = await findShopById(db, shopId);
  if (!shop) throw reauthorise("There is no such shop.");
  let session: StoredSession | null = null;
  const accessToken: TokenSource = async (refused) => {
    session ??= await readOfflineSession(db, shopId);
    if (!session || session.accessToken === refused || isEnding(session)) {
      session = await validSession(db, { shopId, domain: shop.domain }, refused);
    }
    return session.accessToken;
  };
  await accessToken();
  return createAdminClient({ shopDomain: shop.domain, accessToken, priority, signal });
}

interface Subject {
  shopId: number;
  domain: string;
}

/** Refreshes in this process, so that a hundred jobs of one shop ask the database and Shopify once. */
const running = new Map<string, Promise<StoredSession>>();

function validSession(db: Database, subject: Subject, refused: string | undefined): Promise<StoredSession> {
  const key = `${db.url} ${subject.shopId} ${refused ?? ""}`;
  let refresh = running.get(key);
  if (!refresh) {
    refresh = refreshOnce(db, subject, refused).finally(() => running.delete(key));
    running.set(key, refresh);
  }
  return refresh;
}

async function refreshOnce(
  db: Database,
  subject: Subject,
  refused: string | undefined,
): Promise<StoredSession> {
  for (;;) {
    const session = await readOfflineSession(db, subject.shopId);
    if (!session) throw reauthorise("The shop has no offline session.");
    const isRefused = session.accessToken === refused;
    if (!isRefused && !isEnding(session)) return session;
    if (session.refreshToken === null) {
      if (!isRefused && !isOver(session)) return session;
      if (isRefused) await forget(db, subject, session);
      throw reauthorise("The shop's token has ended and cannot be refreshed.");
    }
    if (await holdsLease(db, subject, session)) return await refreshHeld(db, subject, session, isRefused);
    await sleep(POLL_MS);
  }
}

/** True for exactly one of those that read the same row, and for nobody while another's lease is young. */
async function holdsLease(db: Database, { shopId }: Subject, { sealed }: StoredSession): Promise<boolean> {
  const at = Date.now();
  if (isLeased(sealed, at)) return false;
  return db.write((tx) => claimSession(tx, shopId, sealed, at));
}

async function refreshHeld(
  db: Database,
  subject: Subject,
  session: StoredSession,
  isRefused: boolean,
): Promise<StoredSession> {
  const refreshed = await refreshTokenPair(subject.domain, session.refreshToken ?? "").catch(
    (error: unknown) => {
      // A token that still works for minutes is better than no sync; the next one to need it tries again.
      if (!(error instanceof ShopifyError) || isRefused || isOver(session)) throw error;
      log.warn({ shopId: subject.shopId, kind: error.kind }, "token not refreshed");
      return null;
    },
  );
  if (refreshed === null) return session;
  if (!refreshed.ok) {
    await forget(db, subject, session);
    throw reauthorise("Shopify refused the shop's refresh token.");
  }
  const { pair } = refreshed;
  await keepRefreshedSession(db, subject.shopId, session, {
    sessionId: session.sessionId,
    accessToken: pair.accessToken,
    scope: pair.scope ?? session.scope,
    expiresAt: pair.expiresAt,
    // An answer that names no new refresh token leaves the old one in place.
    refreshToken: pair.refreshToken ?? session.refreshToken,
    refreshExpiresAt: pair.refreshToken ? pair.refreshExpiresAt : session.refreshExpiresAt,
  });
  const stored = await readOfflineSession(db, subject.shopId);
  if (!stored) throw reauthorise("The shop has removed the app.");
  return stored;
}

/** Forgets a dead session, so that the next page load exchanges a new token; leaves any newer one alone. */
async function forget(db: Database, { shopId }: Subject, { sealed }: StoredSession): Promise<void> {
  await db.write((tx) => removeSession(tx, shopId, sealed.accessToken));
}

function isEnding({ expiresAt }: StoredSession): boolean {
  return expiresAt !== null && expiresAt - Date.now() < REFRESH_BEFORE_MS;
}

function isOver({ expiresAt }: StoredSession): boolean {
  return expiresAt !== null && expiresAt <= Date.now();
}

function reauthorise(message: string): ShopifyError {
  return new ShopifyError("unauthorized", message, { codes: ["REAUTHORISE"] });
}
