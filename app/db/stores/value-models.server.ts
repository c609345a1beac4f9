/** What was learnt of a shop's customers, one row per shop: the latest replaces the one before. */
import type { ShopModel } from "../../core/clv/shop-model.ts";
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

/** `null`: none has been fitted yet. */
export async function loadValueModel(db: Reading, shopId: number): Promise<StoredValueModel | null> {
  const row = await db.prisma.valueModel.findUnique({ where: { shopId } });
  if (!row) return null;
  const { fittedAt, dataVersion, settingsVersion, body } = row;
  // Written by saveValueModel only.
  return { fittedAt: Number(fittedAt), dataVersion, settingsVersion, model: JSON.parse(body) as ShopModel };
}
