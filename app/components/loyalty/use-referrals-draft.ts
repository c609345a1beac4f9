/** What members and their friends get, while it is being changed. */
import type { ReferralRules } from "../../core/referrals/referral-rules.ts";
import { useDraft } from "../frame/use-draft.ts";
import { readReferrals, typedReferrals, type ReadReferrals, type TypedReferrals } from "./typed-referrals.ts";

const NO_FAULTS: Extract<ReadReferrals, { ok: false }>["faults"] = {};

export function useReferralsDraft(saved: ReferralRules, currency: string) {
  const readTyped = (typed: TypedReferrals) => readReferrals(typed, currency);
  const draft = useDraft({
    ...{ saved, asSaved: typedReferrals(saved, currency), read: readTyped },
    wish: ({ rules }, base) => ({
      intent: "save-referrals",
      referrals: JSON.stringify(rules),
      begunFrom: JSON.stringify(base),
    }),
  });
  const read = readTyped(draft.typed);
  return { ...draft, read, faults: read.ok ? NO_FAULTS : read.faults };
}

export type ReferralsDraft = ReturnType<typeof useReferralsDraft>;
