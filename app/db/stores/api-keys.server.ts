/** Keys of programs that a merchant lets in. What a key is stands nowhere: of it only a hash, by which it is known again. */
import type { ApiKey as KeyRow } from "../generated/sqlite/client.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export interface ApiKey extends Omit<Plain<KeyRow>, "scopes" | "shopId"> {
  scopes: string[];
}

/** The oldest first. */
export async function apiKeys(db: Reading, shopId: number): Promise<ApiKey[]> {
  const rows = await db.prisma.apiKey.findMany({
    where: { shopId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return rows.map(keyFrom);
}

export async function findApiKey(db: Reading, shopId: number, id: string): Promise<ApiKey | null> {
  const row = await db.prisma.apiKey.findUnique({ where: { shopId_id: { shopId, id } } });
  return row && keyFrom(row);
}

export async function addApiKey(
  tx: Transaction,
  shopId: number,
  key: Pick<ApiKey, "id" | "name" | "hash" | "scopes" | "createdAt">,
): Promise<void> {
  await tx.prisma.apiKey.create({ data: { shopId, ...key, scopes: JSON.stringify(key.scopes) } });
}

/** `false`: there is no such key. */
export async function changeApiKey(
  tx: Transaction,
  shopId: number,
  id: string,
  change: Partial<Pick<ApiKey, "hash" | "previousHash" | "previousUntil" | "lastUsedAt">>,
): Promise<boolean> {
  const { count } = await tx.prisma.apiKey.updateMany({ where: { shopId, id }, data: change });
  return count > 0;
}

export async function removeApiKey(tx: Transaction, shopId: number, id: string): Promise<boolean> {
  await tx.prisma.apiAnswer.deleteMany({ where: { shopId, keyId: id } });
  const { count } = await tx.prisma.apiKey.deleteMany({ where: { shopId, id } });
  return count > 0;
}

function keyFrom(row: KeyRow): ApiKey {
  const { id, name, hash, previousHash, previousUntil, scopes, createdAt, lastUsedAt } = plain(row);
  // Written by addApiKey only.
  const parsed = JSON.parse(scopes) as string[];
  return { id, name, hash, previousHash, previousUntil, scopes: parsed, createdAt, lastUsedAt };
}
