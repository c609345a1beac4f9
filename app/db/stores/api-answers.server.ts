/** What programs were answered under their own keys of a request, so that a lost answer can be asked for again. */
import type { Transaction } from "../types.ts";

export interface ApiAnswer {
  /** Of what was asked. */
  fingerprint: string;
  /** `null`: it is not known yet what came of it. */
  status: number | null;
  /** Sealed by whoever stores it. */
  answer: string | null;
}

/** `requestKey`: a hash of what the program calls its request. */
export interface AnswerKey {
  keyId: string;
  requestKey: string;
}

/** The one that was asked for before under this key, or `null` and a place for it. */
export async function reserveAnswer(
  tx: Transaction,
  shopId: number,
  key: AnswerKey,
  { fingerprint, at: createdAt }: { fingerprint: string; at: number },
): Promise<ApiAnswer | null> {
  const row = await tx.prisma.apiAnswer.findUnique({
    where: { shopId_keyId_requestKey: { shopId, ...key } },
  });
  if (row) {
    return { fingerprint: row.fingerprint, status: row.status, answer: row.answer };
  }
  await tx.prisma.apiAnswer.create({ data: { shopId, ...key, fingerprint, createdAt } });
  return null;
}

/** The first answer stays: answers the one that is there then. */
export async function settleAnswer(
  tx: Transaction,
  shopId: number,
  key: AnswerKey,
  answered: { status: number; answer: string },
): Promise<{ status: number; answer: string }> {
  const where = { shopId, ...key };
  const { count } = await tx.prisma.apiAnswer.updateMany({
    where: { ...where, status: null },
    data: answered,
  });
  if (count > 0) return answered;
  const row = await tx.prisma.apiAnswer.findUnique({ where: { shopId_keyId_requestKey: where } });
  const { status = null, answer = null } = row ?? {};
  return status !== null && answer !== null ? { status, answer } : answered;
}

/** It was refused: the same may be asked for anew. */
export async function releaseAnswer(tx: Transaction, shopId: number, key: AnswerKey): Promise<void> {
  await tx.prisma.apiAnswer.deleteMany({ where: { shopId, ...key, status: null } });
}

export async function expireAnswers(tx: Transaction, shopId: number, before: number): Promise<void> {
  await tx.prisma.apiAnswer.deleteMany({ where: { shopId, createdAt: { lt: before } } });
}
