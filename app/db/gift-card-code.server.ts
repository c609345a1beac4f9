/**
 * Codes of gift cards and of partners as they are stored: sealed, because whoever knows one can pay with it, and with their last letters
 * beside, which the merchant sees. Other codes are of use to one customer alone and stand as they are, so that orders can be found by them.
 */
import type { RewardKind } from "../core/loyalty/reward.ts";
import { needsReseal, seal, unseal } from "./seal.server.ts";
import { sealingKeys } from "./sealing-keys.server.ts";

const SHOWN = 4;
const SEALED = /^(v1\..+)~(.*)$/;
/** All sealed ones lie between these, and no code of ours does. */
export const SEALED_CODES = { gte: "v1.", lt: "v1/" } as const;

/** Of the redemption alone, wherever it is kept: a programme's file may bring it to another shop number. */
const contextOf = (redemptionId: string) => `redemption|${redemptionId}|code`;

export function storedCode(kind: RewardKind, code: string, redemptionId: string): string {
  return kind === "gift-card" || kind === "partner-code" ? sealedCode(code, redemptionId) : code;
}

/** Of a code that nobody has yet the context is its place in the pool. */
export function sealedCode(code: string, context: string): string {
  return `${seal(sealingKeys(), code, contextOf(context))}~${code.slice(-SHOWN)}`;
}

/** Throws where the key that sealed it is gone. */
export function clearCode(stored: string, redemptionId: string): string {
  const [, sealed] = SEALED.exec(stored) ?? [];
  return sealed === undefined ? stored : unseal(sealingKeys(), sealed, contextOf(redemptionId));
}

/** Sealed with today's key; `null` where it is, or is no sealed one. */
export function resealedCode(stored: string, redemptionId: string): string | null {
  const [, sealed] = SEALED.exec(stored) ?? [];
  if (sealed === undefined || !needsReseal(sealingKeys(), sealed)) return null;
  return sealedCode(clearCode(stored, redemptionId), redemptionId);
}

/** As others may see it: of a sealed one the last letters. */
export function shownCode(stored: string): string {
  const [, , last] = SEALED.exec(stored) ?? [];
  return last === undefined ? stored : `…${last}`;
}
