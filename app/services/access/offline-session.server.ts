/** The shop's one offline session in clear: sealed on its way to the database, opened on its way back. */
import { seal, unseal } from "../../db/seal.server.ts";
import { sealingKeys } from "../../db/sealing-keys.server.ts";
import {
  deleteSession,
  loadSession,
  replaceSession,
  resealSession,
  saveSession,
  sessionShops,
  tokenContext,
  type SealedSession,
} from "../../db/stores/sessions.server.ts";
import { resealSecretsOf, shopsWithSecrets } from "../../db/stores/event-receivers.server.ts";
import { resealCodes, shopsWithSealedCodes } from "../../db/stores/redemptions.server.ts";
import { resealPools, shopsWithPools } from "../../db/stores/reward-units.server.ts";
import { ensureShop, findShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { log } from "../../observability/log.server.ts";

export interface OfflineSession {
  /** The library's own id of the session. */
  sessionId: string;
  scope: string;
  accessToken: string;
  /** `null`: holds until it is refused. */
  expiresAt: number | null;
  refreshToken: string | null;
  refreshExpiresAt: number | null;
}

/** A session with the row that it was read from, so that a change can be told from one that came in between. */
export interface StoredSession extends OfflineSession {
  sealed: SealedSession;
}

/** `null` also where the tokens do not open: the next page load then exchanges new ones, which no lost key can prevent. */
export async function readOfflineSession(db: Database, shopId: number): Promise<StoredSession | null> {
  const sealed = await loadSession(db, shopId);
  if (!sealed) return null;
  const open = (text: string, token: "access" | "refresh") =>
    unseal(sealingKeys(), text, tokenContext(shopId, token));
  try {
    return {
      ...sealed,
      accessToken: open(sealed.accessToken, "access"),
      refreshToken: sealed.refreshToken === null ? null : open(sealed.refreshToken, "refresh"),
      sealed,
    };
  } catch (error) {
    log.warn({ shopId, error }, "the shop's tokens do not open");
    return null;
  }
}

export async function readOfflineSessionOf(db: Database, shopDomain: string): Promise<OfflineSession | null> {
  const shop = await findShop(db, shopDomain);
  return shop && readOfflineSession(db, shop.id);
}

/** What a token exchange brought takes the place of whatever was there. */
export async function keepOfflineSession(
  db: Database,
  shopDomain: string,
  session: OfflineSession,
): Promise<void> {
  failpoint("keep-session:before-commit");
  await db.write(async (tx) => {
    const { id: shopId } = await ensureShop(tx, shopDomain);
    await saveSession(tx, shopId, sealSession(shopId, session));
  });
  failpoint("keep-session:after-commit");
}

/** Keeps refreshed tokens if the session is still the one that was refreshed; answers whether it was. */
export async function keepRefreshedSession(
  db: Database,
  shopId: number,
  before: StoredSession,
  session: OfflineSession,
): Promise<boolean> {
  failpoint("refresh-session:before-commit");
  const isKept = await db.write((tx) =>
    replaceSession(tx, shopId, before.sealed.accessToken, sealSession(shopId, session)),
  );
  failpoint("refresh-session:after-commit");
  return isKept;
}

export async function forgetOfflineSession(db: Database, shopDomain: string): Promise<void> {
  const shop = await findShop(db, shopDomain);
  if (shop) await db.write((tx) => deleteSession(tx, shop.id));
}

/** After a change of keys: seals every shop's tokens and gift cards' codes with the first one, so that the others can be retired. */
export async function resealSecrets(db: Database): Promise<number> {
  let resealed = 0;
  const each = async (
    shopIds: readonly number[],
    seal: (tx: Transaction, shopId: number) => Promise<number>,
  ) => {
    for (const shopId of shopIds) {
      failpoint("reseal-secrets:before-commit");
      try {
        resealed += await db.write((tx) => seal(tx, shopId));
      } catch (error) {
        log.warn({ shopId, error }, "not all of the shop was sealed anew");
      }
      failpoint("reseal-secrets:after-commit");
    }
  };
  await each(await sessionShops(db), async (tx, shopId) =>
    Number(await resealSession(tx, shopId, sealingKeys(), Date.now())),
  );
  await each(await shopsWithSealedCodes(db), resealCodes);
  await each(await shopsWithPools(db), resealPools);
  await each(await shopsWithSecrets(db), (tx, shopId) => resealSecretsOf(tx, shopId, sealingKeys()));
  return resealed;
}

function sealSession(shopId: number, session: OfflineSession): SealedSession {
  const { sessionId, scope, accessToken, expiresAt, refreshToken, refreshExpiresAt } = session;
  return {
    sessionId,
    scope,
    accessToken: seal(sealingKeys(), accessToken, tokenContext(shopId, "access")),
    expiresAt,
    refreshToken:
      refreshToken === null ? null : seal(sealingKeys(), refreshToken, tokenContext(shopId, "refresh")),
    refreshExpiresAt,
    leasedAt: null,
    updatedAt: Date.now(),
  };
}
