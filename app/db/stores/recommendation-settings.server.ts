/** How a shop recommends, and the comparison that proves it. */
import { randomUUID } from "node:crypto";
import {
  USUAL_HELD_OUT_BASIS_POINTS,
  USUAL_SWITCHES,
  type Switches,
} from "../../core/recommendations/switches.ts";
import { Prisma, type RecommendationSettings as Row } from "../generated/sqlite/client.ts";
import type { Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export interface RecommendationSettings {
  heldOutBasisPoints: number;
  /** Who is held out follows from it; `startedAt`: since when that has held. */
  experimentKey: string;
  startedAt: number;
  switches: Switches;
  /** Grows with each change. */
  version: number;
}

/** `null`: nothing has been recommended yet. */
export async function loadRecommendationSettings(
  db: Reading,
  shopId: number,
): Promise<RecommendationSettings | null> {
  const [row] = await db.sql.rows<Plain<Row>>(
    Prisma.sql`SELECT * FROM "RecommendationSettings" WHERE "shopId" = ${shopId}`,
  );
  return row ? settingsOf(row) : null;
}

/** The settings, begun with the usual ones where there are none: from then on who is held out is certain. */
export async function beginRecommending(
  tx: Transaction,
  shopId: number,
  at: number,
): Promise<RecommendationSettings> {
  const row = await tx.prisma.recommendationSettings.upsert({
    where: { shopId },
    create: {
      shopId,
      heldOutBasisPoints: USUAL_HELD_OUT_BASIS_POINTS,
      experimentKey: randomUUID(),
      startedAt: at,
      switches: JSON.stringify(USUAL_SWITCHES),
    },
    update: {},
  });
  return settingsOf(row);
}

/** Settings that have been begun; whoever is held out stays so unless a new comparison begins. */
export async function saveRecommendationSettings(
  tx: Transaction,
  shopId: number,
  changed: Pick<RecommendationSettings, "heldOutBasisPoints" | "switches">,
  newExperimentAt: number | null,
): Promise<void> {
  const { heldOutBasisPoints, switches } = changed;
  await tx.prisma.recommendationSettings.update({
    where: { shopId },
    data: {
      heldOutBasisPoints,
      switches: JSON.stringify(switches),
      version: { increment: 1 },
      ...(newExperimentAt !== null && { experimentKey: randomUUID(), startedAt: newExperimentAt }),
    },
  });
}

function settingsOf(row: Row | Plain<Row>): RecommendationSettings {
  const { heldOutBasisPoints, experimentKey, startedAt, switches, version } = row;
  return {
    heldOutBasisPoints,
    experimentKey,
    startedAt: Number(startedAt),
    // Written by this module only.
    switches: { ...USUAL_SWITCHES, ...(JSON.parse(switches) as Partial<Switches>) },
    version,
  };
}
