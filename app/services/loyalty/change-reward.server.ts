/** What a merchant can do with a reward: make it, change what it promises from then on, offer it and no longer offer it. */
import { z } from "zod";
import { POOL_BOUNDS, poolCodes } from "../../core/loyalty/pool-codes.ts";
import { isLimited, isMadeHere, type Reward } from "../../core/loyalty/reward.ts";
import { sameReward, type RewardField } from "../../core/loyalty/reward-bounds.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { publishProgrammeLater } from "../../db/stores/publications.server.ts";
import { findRedemption } from "../../db/stores/redemptions.server.ts";
import { addPoolCodes, setPlaces, unitCounts } from "../../db/stores/reward-units.server.ts";
import { countRewards, findReward, saveReward } from "../../db/stores/rewards.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { learnScopes } from "../sync/learn-scopes.server.ts";
import { cancelByHand } from "./change-redemptions.server.ts";
import { currentMember } from "./change-redemption.server.ts";
import { confirmRefill } from "./confirm-refill.server.ts";
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
  z.object({ intent: z.literal("add-codes"), id, codes: z.string().max(POOL_BOUNDS.textLetters) }),
  z.object({ intent: z.literal("confirm"), id, code: z.string().max(40) }),
  /** Of a redemption. */
  z.object({ intent: z.literal("take-back"), id }),
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
    case "add-codes":
      return addCodes(db, shopId, asked.data.id, asked.data.codes);
    case "confirm":
      return confirm(db, shopId, asked.data.id, asked.data.code);
    case "take-back":
      return takeBack(db, shopId, asked.data.id);
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
  if (current && isLimited(current.gives) && current.gives.kind !== reward.gives.kind) {
    return {
      ok: false,
      message: "Its kind stays, because some of it may be handed out. Make another reward.",
    };
  }
  if (!current && begunFrom) return { ok: false, message: "There is no such reward" };
  if (!current && (await countRewards(tx, shopId)) >= MOST_REWARDS) {
    return { ok: false, message: `There can be ${MOST_REWARDS} rewards at most` };
  }
  // Before its offer is looked at: whoever takes a place at this moment is waited for.
  if (reward.gives.kind === "event") await setPlaces(tx, shopId, reward.id, reward.gives.places);
  await saveReward(tx, shopId, { ...reward, isActive: current?.isActive ?? true }, Date.now());
  return { ok: true, message };
}

async function addCodes(db: Database, shopId: number, rewardId: string, text: string): Promise<RewardChange> {
  const read = poolCodes(text);
  if (!read.ok) {
    const why =
      read.because === "odd"
        ? "a code has no spaces and only plain letters, digits and marks"
        : `a code has at most ${POOL_BOUNDS.letters} letters`;
    return { ok: false, message: `Nothing was added: look at line ${read.line}; ${why}.` };
  }
  const { codes } = read;
  if (codes.length === 0) return { ok: false, message: "There is no code in it" };
  const done = await db.write(async (tx): Promise<RewardChange> => {
    await lockShop(tx, shopId);
    const reward = await findReward(tx, shopId, rewardId);
    if (reward?.gives.kind !== "partner-code") return { ok: false, message: "There is no such reward" };
    const counts = (
      await unitCounts(tx, shopId, [{ id: rewardId, gives: { ...reward.gives, inAll: null } }])
    ).get(rewardId);
    const room = POOL_BOUNDS.codes - (counts?.free ?? 0) - (counts?.taken ?? 0);
    const added = await addPoolCodes(tx, shopId, rewardId, codes, room);
    if (added === null)
      return {
        ok: false,
        message: `Nothing was added: a pool holds ${POOL_BOUNDS.codes} codes, and there is room for ${room}.`,
      };
    await publishProgrammeLater(tx, shopId);
    failpoint("change-reward:before-codes-commit");
    const known = codes.length - added;
    const rest = known === 0 ? "" : `; ${known} were there already`;
    return { ok: true, message: `${added} codes are added${rest}` };
  });
  failpoint("change-reward:after-codes-commit");
  return done;
}

async function confirm(db: Database, shopId: number, rewardId: string, code: string): Promise<RewardChange> {
  const confirmed = await confirmRefill(db, shopId, { rewardId, code });
  if (confirmed.ok)
    return { ok: true, message: confirmed.isAgain ? "It was confirmed before" : "It is confirmed" };
  if (confirmed.reason === "already-over")
    return { ok: false, message: "This code is over: it was given back or has expired" };
  return { ok: false, message: "No member has this code for this reward" };
}

async function takeBack(db: Database, shopId: number, redemptionId: string): Promise<RewardChange> {
  const redemption = await findRedemption(db, shopId, redemptionId);
  if (!redemption || !isMadeHere(redemption.terms.gives))
    return { ok: false, message: "There is no such redemption" };
  const memberId = await currentMember(db, shopId, redemption.memberId);
  return cancelByHand(db, shopId, { memberId, redemptionId });
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
