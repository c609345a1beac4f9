/**
 * What there are only so many of: codes of a partner, places at an event. Each is a row that one redemption has at a time. Of two that ask
 * at once each takes another row and neither waits, so that whoever holds several members cannot stand in the way of anybody.
 */
import { Prisma } from "../generated/sqlite/client.ts";
import { isLimited, type Reward } from "../../core/loyalty/reward.ts";
import { clearCode, resealedCode, sealedCode } from "../gift-card-code.server.ts";
import { writeRows } from "../bulk/write-rows.ts";
import type { Reading, Transaction } from "../types.ts";

type Limited = Pick<Reward, "id" | "gives">;

interface Unit {
  position: number;
  /** `null`: a place. */
  code: string | null;
}

/** The pool's context of a sealed code; a programme's file may bring it to another shop number. */
const placeOf = (rewardId: string, position: number) => `${rewardId}|${position}`;

/** Places may have any number; of a pool the first so many are handed out. */
function mostOf({ gives }: Limited): number {
  return gives.kind === "partner-code" ? (gives.inAll ?? MOST) : MOST;
}

const MOST = 2_147_483_647;

/** Hands one to the redemption; `null`: there is none. */
export async function takeUnit(
  tx: Transaction,
  shopId: number,
  reward: Limited,
  redemptionId: string,
): Promise<Unit | null> {
  const unless = Prisma.raw(tx.dialect === "postgresql" ? "FOR UPDATE SKIP LOCKED" : "");
  const [row] = await tx.prisma.$queryRaw<{ position: number; code: string | null }[]>`
    SELECT "position", "code" FROM "RewardUnit"
    WHERE "shopId" = ${shopId} AND "rewardId" = ${reward.id} AND "redemptionId" IS NULL
      AND "position" < ${mostOf(reward)}
    ORDER BY "position" LIMIT 1 ${unless}`;
  if (!row) return null;
  const position = Number(row.position);
  const key = { shopId, rewardId: reward.id, position };
  await tx.prisma.rewardUnit.update({ where: { shopId_rewardId_position: key }, data: { redemptionId } });
  const { code } = row;
  return { position, code: code === null ? null : clearCode(code, placeOf(reward.id, position)) };
}

/** A place that is given back is there for somebody else, unless the merchant has made them fewer. A code that somebody has seen is not. */
export async function releaseUnit(
  tx: Transaction,
  shopId: number,
  reward: Limited,
  redemptionId: string,
): Promise<void> {
  if (reward.gives.kind !== "event") return;
  const units = { shopId, rewardId: reward.id };
  const isTooMany = (await tx.prisma.rewardUnit.count({ where: units })) > reward.gives.places;
  const where = { ...units, redemptionId };
  if (isTooMany) await tx.prisma.rewardUnit.deleteMany({ where });
  else await tx.prisma.rewardUnit.updateMany({ where, data: { redemptionId: null } });
}

/** As many places as the merchant says, and never fewer than are taken. Whoever asks holds the shop. */
export async function setPlaces(
  tx: Transaction,
  shopId: number,
  rewardId: string,
  places: number,
): Promise<void> {
  const units = { shopId, rewardId };
  // What is being taken at this moment is waited for, and stays.
  await tx.prisma.rewardUnit.deleteMany({ where: { ...units, redemptionId: null } });
  const taken = await tx.prisma.rewardUnit.aggregate({
    where: units,
    _count: true,
    _max: { position: true },
  });
  const from = (taken._max.position ?? -1) + 1;
  const rows = Array.from({ length: Math.max(0, places - taken._count) }, (_, index) => ({
    ...{ ...units, position: from + index, code: null, redemptionId: null },
  }));
  await writeRows(tx, "RewardUnit", rows);
}

/** Adds to the pool what is not in it, however long ago it was handed out; answers how many, `null` where there is no room for them. Whoever asks holds the shop. */
export async function addPoolCodes(
  tx: Transaction,
  shopId: number,
  rewardId: string,
  codes: readonly string[],
  room: number,
): Promise<number | null> {
  const rows = await tx.prisma.rewardUnit.findMany({
    where: { shopId, rewardId },
    select: { position: true, code: true },
  });
  const known = new Set(
    rows.map(({ position, code }) => (code === null ? "" : clearCode(code, placeOf(rewardId, position)))),
  );
  const from = rows.reduce((most, { position }) => Math.max(most, position + 1), 0);
  const added = [...new Set(codes)].filter((code) => !known.has(code));
  if (added.length > room) return null;
  const units = added.map((code, index) => {
    const position = from + index;
    return {
      shopId,
      rewardId,
      position,
      code: sealedCode(code, placeOf(rewardId, position)),
      redemptionId: null,
    };
  });
  await writeRows(tx, "RewardUnit", units);
  return added.length;
}

export interface UnitCounts {
  /** Can be handed out. */
  free: number;
  taken: number;
}

/** Of limited rewards, by their ids. */
export async function unitCounts(
  db: Reading,
  shopId: number,
  rewards: readonly Limited[],
): Promise<Map<string, UnitCounts>> {
  const limited = rewards.filter(({ gives }) => isLimited(gives));
  const counts = limited.map(async (reward) => {
    const units = { shopId, rewardId: reward.id };
    const free = { ...units, redemptionId: null, position: { lt: mostOf(reward) } };
    return [
      reward.id,
      {
        free: await db.prisma.rewardUnit.count({ where: free }),
        taken: await db.prisma.rewardUnit.count({ where: { ...units, redemptionId: { not: null } } }),
      },
    ] as const;
  });
  return new Map(await Promise.all(counts));
}

/** Those of the rewards that somebody can have now. */
export async function withUnits<Some extends Limited>(
  db: Reading,
  shopId: number,
  rewards: readonly Some[],
): Promise<Some[]> {
  const counts = await unitCounts(db, shopId, rewards);
  return rewards.filter(({ id }) => (counts.get(id)?.free ?? 1) > 0);
}

/** After a change of keys: as `resealCodes` does with those that were redeemed. */
export async function resealPools(tx: Transaction, shopId: number): Promise<number> {
  const rows = await tx.prisma.rewardUnit.findMany({ where: { shopId, code: { not: null } } });
  let resealed = 0;
  for (const { rewardId, position, code } of rows) {
    const again = code === null ? null : resealedCode(code, placeOf(rewardId, position));
    if (again === null) continue;
    const key = { shopId, rewardId, position };
    await tx.prisma.rewardUnit.update({ where: { shopId_rewardId_position: key }, data: { code: again } });
    resealed += 1;
  }
  return resealed;
}

/** Shops with codes in pools, whether or not the app is still there. */
export async function shopsWithPools(db: Reading): Promise<number[]> {
  const where = { code: { not: null } };
  const rows = await db.prisma.rewardUnit.findMany({ where, distinct: ["shopId"], select: { shopId: true } });
  return rows.map(({ shopId }) => shopId);
}
