/** What members can have for points. */
import { isMadeHere, type MadeHere, type Reward, type RewardGives } from "../../core/loyalty/reward.ts";
import { Prisma, type Reward as RewardRow } from "../generated/sqlite/client.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";
import { publishOffersLater } from "./publications.server.ts";

export async function findReward(db: Reading, shopId: number, id: string): Promise<Reward | null> {
  const [row] = await db.sql.rows<Plain<RewardRow>>(
    Prisma.sql`SELECT * FROM "Reward" WHERE "shopId" = ${shopId} AND "id" = ${id}`,
  );
  return row ? rewardFrom(row) : null;
}

/** Those that are offered first, the cheapest of each first: as shoppers come to them. */
export async function listRewards(db: Reading, shopId: number): Promise<Reward[]> {
  const rows = await db.prisma.reward.findMany({
    where: { shopId },
    orderBy: [{ isActive: "desc" }, { costPoints: "asc" }, { createdAt: "asc" }, { id: "asc" }],
  });
  return rows.map(rewardFrom);
}

export async function countRewards(db: Reading, shopId: number): Promise<number> {
  return db.prisma.reward.count({ where: { shopId } });
}

export async function saveReward(tx: Transaction, shopId: number, reward: Reward, at: number): Promise<void> {
  const { id, name, gives, costPoints, minimumMinor, combinesWith, validDays, returnsUnused, isActive } =
    reward;
  const data = {
    ...{ name, costPoints, minimumMinor, validDays, returnsUnused, isActive, kind: gives.kind },
    valueMinor: "valueMinor" in gives ? gives.valueMinor : null,
    amounts: "amounts" in gives ? JSON.stringify(gives.amounts) : null,
    percent: "percent" in gives ? gives.percent : null,
    variantId: "variantId" in gives ? gives.variantId : null,
    details: isMadeHere(gives) ? JSON.stringify(gives) : null,
    combinesWithOrder: combinesWith.order,
    combinesWithProduct: combinesWith.product,
    combinesWithShipping: combinesWith.shipping,
  };
  await tx.prisma.reward.upsert({
    where: { shopId_id: { shopId, id } },
    create: { shopId, id, createdAt: at, ...data },
    update: data,
  });
  await publishOffersLater(tx, shopId);
}

function rewardFrom(row: RewardRow | Plain<RewardRow>): Reward {
  const { id, name, costPoints, minimumMinor, validDays, returnsUnused, isActive } = plain(row);
  return {
    ...{ id, name, costPoints, minimumMinor, validDays, returnsUnused, isActive, gives: givesOf(row) },
    combinesWith: {
      order: row.combinesWithOrder,
      product: row.combinesWithProduct,
      shipping: row.combinesWithShipping,
    },
  };
}

function givesOf(row: RewardRow | Plain<RewardRow>): RewardGives {
  const { kind, valueMinor, amounts, percent, variantId, details } = plain(row);
  if (details !== null) return JSON.parse(details) as MadeHere;
  if (kind === "free-shipping") return { kind };
  if (kind === "percentage" && percent !== null) return { kind, percent };
  if (kind === "free-product" && variantId !== null) return { kind, variantId };
  if (kind === "amount-off" && valueMinor !== null && amounts !== null) {
    return { kind, valueMinor, amounts: JSON.parse(amounts) as Record<string, number> };
  }
  const isMoney = kind === "amount-off" || kind === "gift-card" || kind === "store-credit";
  if (isMoney && valueMinor !== null) return { kind, valueMinor };
  throw new Error(`reward ${row.id} is not whole`);
}
