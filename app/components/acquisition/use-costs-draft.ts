/** What a merchant is writing down as spent, until it is saved or discarded. */
import { useFetcher } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { formatMinor } from "../../core/money.ts";
import { showToast } from "../frame/app-bridge.ts";

/** What the route answers to a save. */
export interface CostsAnswer {
  ok: boolean;
  /** By month. */
  errors?: Record<string, string>;
  /** Somebody else saved first. */
  changedMeanwhile?: boolean;
}

/** Minor units by month. */
export type SavedCosts = Readonly<Record<string, number>>;

interface Edit {
  /** As typed, by month; the months that were touched. */
  typed: Readonly<Record<string, string>>;
  /** The costs that it was begun from. */
  base: SavedCosts;
  /** The answer to an earlier save, which says nothing of this edit. */
  earlier: CostsAnswer | undefined;
}

export interface CostsDraft {
  textOf: (month: string) => string;
  /** Months that were touched, shown or not. */
  touched: readonly string[];
  errors: Readonly<Record<string, string>>;
  changedMeanwhile: boolean;
  isChanged: boolean;
  isSaving: boolean;
  change: (texts: Readonly<Record<string, string>>) => void;
  save: () => void;
  /** Whatever somebody else has saved meanwhile. */
  saveOver: () => void;
  discard: () => void;
}

export function useCostsDraft(saved: SavedCosts, currency: string): CostsDraft {
  const fetcher = useFetcher<CostsAnswer>();
  const [begun, setBegun] = useState<Edit | null>(null);
  const isSaving = fetcher.state !== "idle";
  const answer = begun && fetcher.data !== begun.earlier ? fetcher.data : undefined;
  // Once saved, what is shown is what was saved.
  const edit = answer?.ok && !isSaving ? null : begun;
  useToast(fetcher.data, isSaving);

  const savedText = (costs: SavedCosts, month: string) => {
    const minor = costs[month];
    return minor === undefined ? "" : formatMinor(minor, currency);
  };
  const changedMonths = edit
    ? Object.keys(edit.typed).filter((month) => edit.typed[month]?.trim() !== savedText(edit.base, month))
    : [];

  function submit(base: SavedCosts) {
    if (!edit) return;
    const costs = changedMonths.map((month) => ({
      month,
      beforeMinor: base[month] ?? null,
      amount: edit.typed[month] ?? "",
    }));
    setBegun({ ...edit, base, earlier: fetcher.data });
    fetcher.submit({ costs: JSON.stringify(costs) }, { method: "post" });
  }

  return {
    textOf: (month) => edit?.typed[month] ?? savedText(saved, month),
    touched: Object.keys(edit?.typed ?? {}),
    errors: (edit && answer?.errors) ?? {},
    changedMeanwhile: edit !== null && answer?.changedMeanwhile === true,
    isChanged: changedMonths.length > 0,
    isSaving,
    change: (texts) => {
      const { typed, base, earlier } = edit ?? { typed: {}, base: saved, earlier: fetcher.data };
      setBegun({ typed: { ...typed, ...texts }, base, earlier });
    },
    save: () => submit(edit?.base ?? saved),
    saveOver: () => submit(saved),
    discard: () => setBegun(null),
  };
}

function useToast(answer: CostsAnswer | undefined, isSaving: boolean) {
  const told = useRef<CostsAnswer | undefined>(undefined);
  useEffect(() => {
    if (isSaving || !answer || told.current === answer) return;
    told.current = answer;
    if (answer.ok) showToast("Costs saved");
    else if (!answer.changedMeanwhile) showToast("Some amounts need another look", { isError: true });
  }, [answer, isSaving]);
}
