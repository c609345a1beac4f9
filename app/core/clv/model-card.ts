/** What a merchant should know of the model behind the figures: what it is, how good it was, and against what. */
import type { CandidateName } from "./candidates.ts";
import { isNaiveRule } from "./naive-rules.ts";
import type { CalibrationBin, Scores } from "./scores.ts";
import type { ShopModel, Tracking } from "./shop-model.ts";

export interface ModelCard {
  untilDay: number;
  customers: number;
  chosen: ShopModel["chosen"];
  /** `null`: the history is too short to judge any forecast. */
  judged: Judged | null;
  /** Where so many customers allowed few resamples only: how many; the deviation of a sum is then itself unsure by 1 / sqrt(2 x these). */
  fewResamples: number | null;
  tracking: Tracking | null;
}

interface Judged {
  horizonDays: number;
  /** Days in the past from which forecasts were made. */
  origins: number[];
  fewOrigins: boolean;
  rows: JudgedRow[];
  /** Of the chosen one, from the latest of those days: by tenth of customers, and by repeat orders before. */
  byDecile: CalibrationBin[];
  byRepeats: CalibrationBin[];
  /** Where a rule tells value: customers whose spend fell inside the range that was told of it from the first day; 80% should have. */
  range: { customers: number; inside: number } | null;
  /** Share of next orders that fell inside their window, and the share that should have; `null` for a rule. */
  window: { orders: number; inside: number; expected: number } | null;
}

interface JudgedRow {
  name: CandidateName;
  isRule: boolean;
  isChosen: boolean;
  /** Means over the days. */
  deviance: number;
  mae: number;
  /** `null` where nothing came. */
  bias: number | null;
}

export function modelCard(model: ShopModel): ModelCard {
  const { untilDay, customers, chosen, backtest, tracking } = model;
  const judged = backtest.ok ? judgedOf(model) : null;
  return { untilDay, customers, chosen, tracking, judged, fewResamples: fewResamplesOf(model) };
}

function fewResamplesOf({ uncertainty }: ShopModel): number | null {
  if (!uncertainty || "range" in uncertainty) return null;
  const different = new Set(uncertainty.parameters.map((vector) => vector.join())).size;
  return different < uncertainty.parameters.length ? different : null;
}

function judgedOf({ backtest, chosen }: ShopModel): Judged | null {
  if (!backtest.ok) return null;
  const { horizonDays, fewOrigins, origins, purchases } = backtest;
  const latest = origins.at(-1)?.scores.find(({ name }) => name === chosen.purchases);
  return {
    horizonDays,
    origins: origins.map(({ untilDay }) => untilDay),
    fewOrigins,
    rows: purchases.ranking.map(({ name, loss }) => {
      const scores = origins.flatMap((origin) => origin.scores.filter((of) => of.name === name));
      return {
        name,
        isRule: isNaiveRule(name),
        isChosen: name === chosen.purchases,
        deviance: loss,
        mae: meanOf(scores.map(({ purchases }) => purchases.mae)),
        bias: meanBias(scores.map(({ purchases }) => purchases)),
      };
    }),
    byDecile: latest?.byDecile ?? [],
    byRepeats: latest?.byRepeats ?? [],
    range: origins.at(-1)?.scores.find(({ name }) => name === chosen.value)?.rangeCheck ?? null,
    window: latest?.checks?.window ?? null,
  };
}

function meanBias(scores: readonly Scores[]): number | null {
  const known = scores.flatMap(({ bias }) => (bias === null ? [] : [bias]));
  return known.length === 0 ? null : meanOf(known);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
