/** Tiers that are being changed, until they are saved or discarded. */
import type { TierRules } from "../../core/loyalty/tiers.ts";
import { useDraft } from "../frame/use-draft.ts";
import { readTiers, typedTiers, type TierFaults } from "./typed-tiers.ts";

const NO_FAULTS: TierFaults = {};

export function useTiersDraft(saved: { tiers: TierRules; version: number }, currency: string) {
  const draft = useDraft({
    saved,
    asSaved: typedTiers(saved.tiers, currency),
    read: (typed) => readTiers(typed, currency),
    wish: ({ tiers }, { version }) => ({
      ...{ intent: "save-tiers", tiers: JSON.stringify(tiers), version: String(version) },
    }),
  });
  const read = readTiers(draft.typed, currency);
  return { ...draft, read, faults: read.ok ? NO_FAULTS : read.faults };
}

export type TiersDraft = ReturnType<typeof useTiersDraft>;
