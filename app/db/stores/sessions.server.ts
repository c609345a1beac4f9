/** The shop's one offline session. Tokens come and go sealed: this store never sees a clear one but to change its key. */
import { Prisma } from "../generated/sqlite/client.ts";
import { needsReseal, seal, unseal, type SealingKey } from "../seal.server.ts";
import type { Reading, Transaction } from "../types.ts";

export interface SealedSession {
  /** The library's own id of the session, such as `offline_demo.myshopify.com`. */
  sessionId: string;
  scope: string;
  /** Sealed with `tokenContext(shopId, "access")`. */
  accessToken: string;
  expiresAt: number | null;
  /** Sealed with `tokenContext(shopId, "refresh")`. */
  refreshToken: string | null;
  refreshExpiresAt: number | null;
  /** Since when someone refreshes the token. */
  leasedAt: number | null;
  updatedAt: number;
}

/** What a sealed token is bound to, so that it opens in its own row and column only. */
export function tokenContext(shopId: number, token: "access" | "refresh"): string {
  return `${shopId}:${token}`;
}

export async function loadSession(db: Reading, shopId: number): Promise<SealedSession | null> {
  const [row] = await db.sql.rows<SealedSession>(
    Prisma.sql`SELECT "sessionId", "scope", "accessToken", "expiresAt", "refreshToken", "refreshExpiresAt", "leasedAt", "updatedAt"
      FROM "Session" WHERE "shopId" = ${shopId}`,
  );
  return row ?? null;
}

/**
 * When Shopify last gave the shop a token, which it does for installed apps only and which an uninstall kills: an uninstall from
 * before then is not this install's. `null` without a token.
 */
export async function installProvenAt(db: Reading, shopId: number): Promise<number | null> {
  const row = await db.prisma.session.findUnique({ where: { shopId }, select: { updatedAt: true } });
  return row && Number(row.updatedAt);
}

export async function saveSession(tx: Transaction, shopId: number, session: SealedSession): Promise<void> {
  await tx.prisma.session.upsert({ where: { shopId }, create: { ...session, shopId }, update: session });
}

export async function deleteSession(tx: Transaction, shopId: number): Promise<void> {
  await tx.prisma.session.deleteMany({ where: { shopId } });
}

/** Longer than a refresh can take. */
const LEASE_MS = 20_000;

/** Whether someone refreshes the token now; a holder that died gives the lease up by its age. */
export function isLeased({ leasedAt }: SealedSession, now: number): boolean {
  return leasedAt !== null && now - leasedAt < LEASE_MS;
}

/** Takes the lease to refresh this very token, if nobody took it since the session was read. */
export async function claimSession(
  tx: Transaction,
  shopId: number,
  { accessToken, leasedAt }: SealedSession,
  at: number,
): Promise<boolean> {
  const where = { shopId, accessToken, leasedAt };
  return (await tx.prisma.session.updateMany({ where, data: { leasedAt: at } })).count === 1;
}

/** Puts a session in the place of the one that has this token; `false` where another one has come meanwhile. */
export async function replaceSession(
  tx: Transaction,
  shopId: number,
  accessToken: string,
  session: SealedSession,
): Promise<boolean> {
  return (await tx.prisma.session.updateMany({ where: { shopId, accessToken }, data: session })).count === 1;
}

/** Deletes the session if it still has this token. */
export async function removeSession(tx: Transaction, shopId: number, accessToken: string): Promise<void> {
  await tx.prisma.session.deleteMany({ where: { shopId, accessToken } });
}

/** The shops that have a session. */
export async function sessionShops(db: Reading): Promise<number[]> {
  const sessions = await db.prisma.session.findMany({ select: { shopId: true }, orderBy: { shopId: "asc" } });
  return sessions.map(({ shopId }) => shopId);
}

/**
 * Seals a shop's tokens anew where another key than today's sealed them; answers whether it did. It leaves alone what is being
 * refreshed: a refresh token serves once, and what a refresh brings is written over the very row that was read.
 */
export async function resealSession(
  tx: Transaction,
  shopId: number,
  keys: readonly SealingKey[],
  now: number,
): Promise<boolean> {
  const session = await loadSession(tx, shopId);
  if (!session || isLeased(session, now)) return false;
  const { accessToken, refreshToken, leasedAt } = session;
  if (![accessToken, refreshToken].some((token) => token !== null && needsReseal(keys, token))) return false;
  const again = (token: string, context: string) => seal(keys, unseal(keys, token, context), context);
  const { count } = await tx.prisma.session.updateMany({
    where: { shopId, accessToken, leasedAt },
    data: {
      accessToken: again(accessToken, tokenContext(shopId, "access")),
      refreshToken: refreshToken && again(refreshToken, tokenContext(shopId, "refresh")),
    },
  });
  return count === 1;
}
