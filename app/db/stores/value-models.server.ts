/** What was learnt of a shop's customers, one row per shop: the latest replaces the one before. */
import type { ShopModel } from "../../core/clv/shop-model.ts";
import { Prisma } from "../generated/sqlite/client.ts";
import type { Reading, Transaction } from "../types.ts";

export interface StoredValueModel {
  fittedAt: number;
  /** Of the orders and settings that it was fitted on. */
  dataVersion: number;
  settingsVersion: number;
  model: ShopModel;
}

export async function saveValueModel(
  tx: Transaction,
  shopId: number,
  { fittedAt, dataVersion, settingsVersion, model }: StoredValueModel,
): Promise<void> {
  const row = { fittedAt, dataVersion, settingsVersion, body: JSON.stringify(model) };
  await tx.prisma.valueModel.upsert({ where: { shopId }, create: { shopId, ...row }, update: row });
}

type Stamp = Omit<StoredValueModel, "model">;

/** A model is a hundred thousand characters, and most pages tell something by it. Of a database by shop, the one used last standing last. */
const kept = new WeakMap<Reading["sql"], Map<number, StoredValueModel>>();
const MOST_KEPT = 20;

/** `null`: none has been fitted yet. Nobody changes what is given: others are given the same. */
export async function loadValueModel(db: Reading, shopId: number): Promise<StoredValueModel | null> {
  const [stamp] = await db.sql.rows<Stamp>(
    Prisma.sql`SELECT "fittedAt", "dataVersion", "settingsVersion" FROM "ValueModel" WHERE "shopId" = ${shopId}`,
  );
  if (!stamp) return null;
  const models = kept.get(db.sql) ?? new Map<number, StoredValueModel>();
  kept.set(db.sql, models);
  const known = models.get(shopId);
  const stored = known && isSame(known, stamp) ? known : await readValueModel(db, shopId);
  models.delete(shopId);
  if (stored) models.set(shopId, stored);
  const [oldest] = models.keys();
  if (models.size > MOST_KEPT && oldest !== undefined) models.delete(oldest);
  return stored;
}

async function readValueModel(db: Reading, shopId: number): Promise<StoredValueModel | null> {
  const [row] = await db.sql.rows<Stamp & { body: string }>(
    Prisma.sql`SELECT "fittedAt", "dataVersion", "settingsVersion", "body" FROM "ValueModel" WHERE "shopId" = ${shopId}`,
  );
  if (!row) return null;
  const { body, ...stamp } = row;
  // Written by saveValueModel only.
  return { ...stamp, model: JSON.parse(body) as ShopModel };
}

function isSame(one: Stamp, other: Stamp): boolean {
  return (
    one.fittedAt === other.fittedAt &&
    one.dataVersion === other.dataVersion &&
    one.settingsVersion === other.settingsVersion
  );
}
