/** What a merchant can do with a reward: make it, change what it promises from then on, offer it and no longer offer it. */
import { z } from "zod";
import type { Reward } from "../../core/loyalty/reward.ts";
import { sameReward, type RewardField } from "../../core/loyalty/reward-bounds.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { countRewards, findReward, saveReward } from "../../db/stores/rewards.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { learnScopes } from "../sync/learn-scopes.server.ts";
import { nameVariants } from "./name-goods.server.ts";
import { parseReward } from "./reward-input.server.ts";

const rewardText = z.string().max(2_000);
const id = z.string().regex(/^[\w-]{1,64}$/);

const wish = z.discriminatedUnion("intent", [
  /** `begunFrom` is empty where there was none. */
  z.object({ intent: z.literal("save-reward"), reward: rewardText, begunFrom: rewardText }),
  z.object({ intent: z.literal("offer"), id }),
  z.object({ intent: z.literal("withdraw"), id }),
  z.object({ intent: z.literal("scopes-granted") }),
]);

export interface RewardChange {
  ok: boolean;
  message: string;
  /** Somebody else saved it first. */
  changedMeanwhile?: boolean;
  faults?: readonly RewardField[];
}

/** A page lists them all. */
const MOST_REWARDS = 100;

/** `null`: nothing that can be asked. */
export async function changeReward(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
): Promise<RewardChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  switch (asked.data.intent) {
    case "save-reward":
      return save(db, shopId, asked.data.reward, asked.data.begunFrom);
    case "offer":
      return setActive(db, shopId, asked.data.id, true);
    case "withdraw":
      return setActive(db, shopId, asked.data.id, false);
    case "scopes-granted":
      return learnScopes(db, shopId);
  }
}

async function save(
  db: Database,
  shopId: number,
  rewardText: string,
  begunFromText: string,
): Promise<RewardChange | null> {
  const parsed = parseReward(rewardText);
  const begunFrom = begunFromText === "" ? null : parseReward(begunFromText);
  if (!parsed || (begunFrom && !begunFrom.ok)) return null;
  if (!parsed.ok) return faulty(parsed.faults);
  const { reward } = parsed;
  if (await lacksProduct(db, shopId, reward)) return faulty(["variant"]);
  const saved = await db.write(async (tx) => {
    const done = await saveOver(tx, shopId, reward, begunFrom?.reward ?? null);
    failpoint("change-reward:before-commit");
    return done;
  });
  failpoint("change-reward:after-commit");
  return saved;
}

function faulty(faults: readonly RewardField[]): RewardChange {
  return { ok: false, message: "Some fields need another look", faults };
}

/** As far as Shopify can be asked; a product that goes later is refused when its code is made, and the points go back. */
async function lacksProduct(db: Database, shopId: number, { gives }: Reward): Promise<boolean> {
  if (gives.kind !== "free-product") return false;
  const names = await nameVariants(db, shopId, [gives.variantId]);
  return names !== null && names[gives.variantId] === undefined;
}

async function saveOver(
  tx: Transaction,
  shopId: number,
  reward: Reward,
  begunFrom: Reward | null,
): Promise<RewardChange> {
  await lockShop(tx, shopId);
  if (!(await findProgramme(tx, shopId))) return { ok: false, message: "There is no programme yet" };
  const current = await findReward(tx, shopId, reward.id);
  const message = "The reward is saved";
  // The answer to the first time was lost.
  if (current && sameReward(current, reward)) return { ok: true, message };
  if (current && !(begunFrom && sameReward(current, begunFrom))) {
    return { ok: false, message: "Somebody else changed this reward meanwhile", changedMeanwhile: true };
  }
  if (!current && begunFrom) return { ok: false, message: "There is no such reward" };
  if (!current && (await countRewards(tx, shopId)) >= MOST_REWARDS) {
    return { ok: false, message: `There can be ${MOST_REWARDS} rewards at most` };
  }
  await saveReward(tx, shopId, { ...reward, isActive: current?.isActive ?? true }, Date.now());
  return { ok: true, message };
}

async function setActive(
  db: Database,
  shopId: number,
  rewardId: string,
  isActive: boolean,
): Promise<RewardChange> {
  const done = await db.write(async (tx): Promise<RewardChange> => {
    await lockShop(tx, shopId);
    const reward = await findReward(tx, shopId, rewardId);
    if (!reward) return { ok: false, message: "There is no such reward" };
    await saveReward(tx, shopId, { ...reward, isActive }, Date.now());
    failpoint("change-reward:before-activity-commit");
    return { ok: true, message: isActive ? "Members can redeem it" : "Nobody can redeem it any more" };
  });
  failpoint("change-reward:after-activity-commit");
  return done;
}
