/** What a new shop has to do until its figures can be relied on, and what of it is done. */

export interface SetupFacts {
  syncPhase: "waiting" | "recent" | "history" | "complete" | "failed";
  /** First day whose orders can be read; `null`: all can. */
  readableFromDay: number | null;
  /** Share of net sales whose unit cost is known; `null` without sales. */
  unitCostShare: number | null;
  flatMarginBasisPoints: number | null;
  /** When the settings were last saved or found right. */
  settingsSavedAt: number | null;
}

export interface SetupStep {
  name: "history" | "whole-history" | "costs" | "revenue";
  done: boolean;
}

/** From here on the rest hardly moves a margin. */
const ENOUGH_COSTS = 0.9;

export function setupSteps(facts: SetupFacts): SetupStep[] {
  const costsKnown = (facts.unitCostShare ?? 0) >= ENOUGH_COSTS;
  const steps: SetupStep[] = [{ name: "history", done: facts.syncPhase === "complete" }];
  // Only a shop whose older orders are hidden has to do something about it.
  if (facts.readableFromDay !== null) steps.push({ name: "whole-history", done: false });
  return [
    ...steps,
    { name: "costs", done: costsKnown || facts.flatMarginBasisPoints !== null },
    { name: "revenue", done: facts.settingsSavedAt !== null },
  ];
}
