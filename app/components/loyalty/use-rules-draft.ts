/** Earning rules that are being changed, until they are saved or discarded. */
import type { ProgrammeVersion } from "../../core/loyalty/programme.ts";
import type { Show } from "../frame/show.ts";
import { useDraft } from "../frame/use-draft.ts";
import { readRules, typedRules } from "./typed-rules.ts";
import type { SpecialFaults } from "./typed-specials.ts";

const NO_FAULTS: SpecialFaults = {};

export function useRulesDraft(saved: ProgrammeVersion, shop: Pick<Show, "currency" | "timeZone">) {
  const draft = useDraft({
    saved,
    asSaved: typedRules(saved.rules, shop),
    read: (typed) => readRules(typed, shop),
    wish: ({ rules }, { version }) => ({
      ...{ intent: "save-rules", rules: JSON.stringify(rules), version: String(version) },
    }),
  });
  const read = readRules(draft.typed, shop);
  return { ...draft, read, specialFaults: read.ok ? NO_FAULTS : read.specialFaults };
}

export type RulesDraft = ReturnType<typeof useRulesDraft>;
