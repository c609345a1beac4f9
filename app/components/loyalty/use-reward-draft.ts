/** A reward that is being changed or made, until it is saved or discarded. */
import { useState } from "react";
import type { Reward } from "../../core/loyalty/reward.ts";
import type { RewardField } from "../../core/loyalty/reward-bounds.ts";
import type { RewardBeginning } from "../../core/loyalty/reward-templates.ts";
import { useDraft } from "../frame/use-draft.ts";
import { readReward, typedReward, type TypedReward } from "./typed-reward.ts";

/** In which field of the form each fault stands. */
const TYPED_IN: Readonly<Record<RewardField, keyof TypedReward>> = {
  ...{ name: "name", costPoints: "costPoints", value: "value", amounts: "amounts" },
  ...{ percent: "percent", variant: "variantId", minimum: "minimum", validDays: "validDays" },
  ...{ word: "word", perMember: "perMember", inAll: "inAll", on: "on", until: "until" },
};

export function useRewardDraft(
  { reward: saved, beginning }: { reward: Reward | null; beginning: RewardBeginning },
  /** Of one that nobody has named yet. */
  name: string,
  currency: string,
) {
  // Made before anything is asked: the same wish twice is one reward.
  const [newId] = useState(() => crypto.randomUUID());
  const asSaved = typedReward(beginning, saved?.name ?? name, currency);
  const identity = saved ?? { id: newId, isActive: true };
  const readTyped = (typed: TypedReward) => readReward(typed, identity, currency);
  const draft = useDraft({
    ...{ saved, asSaved, read: readTyped },
    wish: ({ reward }, base) => ({
      intent: "save-reward",
      reward: JSON.stringify(reward),
      begunFrom: base === null ? "" : JSON.stringify(base),
    }),
  });
  const read = readTyped(draft.typed);
  const isShown = (field: RewardField) =>
    draft.wasTried || draft.typed[TYPED_IN[field]] !== asSaved[TYPED_IN[field]];
  const found = read.ok ? [] : read.faults.filter(isShown);
  // The server's words for fields are the form's.
  const refused = (draft.answer?.faults ?? []) as readonly RewardField[];
  return { ...draft, read, faults: new Set([...found, ...refused]), newId };
}

export type RewardDraft = ReturnType<typeof useRewardDraft>;
