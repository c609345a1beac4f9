/** An analysis as a page of text. */
import { isoDate } from "../../app/core/calendar.ts";
import type { CandidateName } from "../../app/core/clv/candidates.ts";
import type { OriginResult } from "../../app/core/clv/backtest.ts";
import type { PurchaseFit, PurchaseFitOutcome } from "../../app/core/clv/fit-purchases.ts";
import type { SpendFitOutcome } from "../../app/core/clv/models/gamma-gamma.ts";
import type { Scores } from "../../app/core/clv/scores.ts";
import { cohortTable, count, money, percent } from "../demo/display.ts";
import type { Analysis } from "./analyze-purchases.ts";
import type { AnalyzeOptions } from "./options.ts";
import type { FilePurchases } from "./read-purchases.ts";

export function analysisText(analysis: Analysis, file: FilePurchases, options: AnalyzeOptions): string {
  const sections = [
    fileLines(file),
    figureLines(analysis),
    cohortTable(analysis.report),
    modelLines(analysis, options),
    choiceLines(analysis),
    ...(analysis.holdout ? [holdoutLines(analysis, "purchases"), holdoutLines(analysis, "spend")] : []),
  ];
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

function fileLines({ kind, account }: FilePurchases): string[] {
  return [
    `  Taken as ${kind}: ${count(account.taken)} of ${count(account.read)} records`,
    ...account.skipped.map(({ reason, count: skipped }) => `    ${count(skipped)} skipped: ${reason}`),
  ];
}

function figureLines({ report, firstDay, lastDay }: Analysis): string[] {
  const { currency } = report;
  const median = report.medianDaysBetweenOrders;
  return aligned([
    ["From, to", `${isoDate(firstDay)}, ${isoDate(lastDay)}`],
    ["Purchases (customer and day)", count(report.orders)],
    ["Customers", `${count(report.customers)}, of whom ${count(report.repeatCustomers)} came back`],
    ["Repeat purchase rate", percent(report.repeatPurchaseRate)],
    ["Revenue", money(report.netMinor, currency)],
    ["Average purchase", money(report.aovMinor, currency)],
    ["Purchases per customer", report.purchaseFrequency?.toFixed(2) ?? "-"],
    ["Median time between purchases", median === null ? "-" : `${median} days`],
  ]);
}

function modelLines({ candidates, untilDay, statistics }: Analysis, { unit }: AnalyzeOptions): string[] {
  return [
    `  Models of ${count(statistics.count)} customers up to ${isoDate(untilDay)}, in ${unit}s (standard errors in brackets)`,
    ...aligned([
      ...candidates.fits.map(({ model, outcome }): [string, string] => [model, fitText(outcome)]),
      ["gamma-gamma", spendText(candidates.spendFit)],
    ]),
  ];
}

function fitText(outcome: PurchaseFitOutcome): string {
  if (!outcome.ok) return `not fitted: ${outcome.reason.replaceAll("-", " ")}`;
  const { fit } = outcome;
  const notes = [
    ...(fit.model === "mbg-cnbd-k" ? [`k = ${fit.regularity}`] : []),
    ...(fit.limit ? [LIMITS[fit.limit]] : []),
    ...(fit.shrunk ? ["few customers: drawn towards what is typical for shops"] : []),
    ...(fit.converged ? [] : ["has not converged"]),
  ];
  return `${parametersText(fit.parameters, fit.standardErrors)}  LL ${fit.logLikelihood.toFixed(4)}${noted(notes)}`;
}

const LIMITS: Readonly<Record<NonNullable<PurchaseFit["limit"]>, string>> = {
  "no-churn": "nobody leaves for good: the NBD limit",
  "alike-rates": "all customers buy at one rate",
  "alike-churn": "all customers leave at one rate",
};

function spendText(outcome: SpendFitOutcome): string {
  if (!outcome.ok) return `not fitted: ${outcome.reason.replaceAll("-", " ")}`;
  const { fit } = outcome;
  const notes = fit.limit ? [fit.limit.replaceAll("-", " ")] : [];
  return `${parametersText(fit.parameters, fit.standardErrors)}  LL ${fit.logLikelihood.toFixed(4)} (${count(fit.customers)} with repeats)${noted(notes)}`;
}

const noted = (notes: readonly string[]) => (notes.length === 0 ? "" : `; ${notes.join("; ")}`);

function parametersText(
  parameters: Readonly<Record<string, number>>,
  errors: Readonly<Record<string, number | null>>,
): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${digits(value)} (${digits(errors[name] ?? null)})`)
    .join(", ");
}

function digits(value: number | null): string {
  if (value === null) return "?";
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "unbounded";
}

function choiceLines({ backtest, chosen }: Analysis): string[] {
  if (!backtest.ok || !chosen) return ["  The history is too short to judge forecasts by it."];
  const days = backtest.origins.map(({ untilDay }) => isoDate(untilDay)).join(", ");
  return [
    `  Forecasts of ${backtest.horizonDays} days judged from ${days}${backtest.fewOrigins ? " (fewer than three origins: a weak judgement)" : ""}`,
    ...aligned(
      backtest.purchases.ranking.map(({ name, loss, behindBest, standardError }) => [
        name,
        `deviance ${loss.toFixed(4)}, behind the best by ${behindBest.toFixed(4)} (${standardError.toFixed(4)})`,
      ]),
    ),
    `  Chosen: ${chosen.purchases} for purchases, ${chosen.spend} for spend; the simplest within one standard error of the best`,
  ];
}

const COLUMNS: readonly [string, (scores: Scores) => string][] = [
  ["MAE", ({ mae }) => four(mae)],
  ["RMSE", ({ rmse }) => four(rmse)],
  ["bias", ({ bias }) => (bias === null ? "-" : `${bias > 0 ? "+" : ""}${percent(bias)}`)],
  ["Spearman", ({ spearman }) => three(spearman)],
  ["Gini", ({ gini }) => three(gini)],
  ["decile", ({ decileError }) => three(decileError)],
  ["deviance", ({ deviance }) => four(deviance)],
];

const four = (value: number) => value.toPrecision(4);
const three = (value: number | null) => value?.toFixed(3) ?? "-";

function holdoutLines({ holdout, chosen }: Analysis, what: "purchases" | "spend"): string[] {
  if (!holdout) return [];
  const { untilDay, toDay, scores } = holdout;
  const best: CandidateName | undefined = chosen?.[what];
  const row = ({ name, ...of }: OriginResult["scores"][number]) =>
    `  ${(name === best ? "* " : "  ") + name.padEnd(16)}${COLUMNS.map(([, cell]) => cell(of[what]).padStart(10)).join("")}`;
  return [
    `  Holdout, ${what}, from ${isoDate(untilDay + 1)} to ${isoDate(toDay)}${best ? " (* chosen without having seen it)" : ""}`,
    `    ${"".padEnd(16)}${COLUMNS.map(([name]) => name.padStart(10)).join("")}`,
    ...scores.map(row),
  ];
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
}
