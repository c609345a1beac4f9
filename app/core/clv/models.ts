/** The purchase models by name, and what a stored fit forecasts. */
import { parameterVector, type PurchaseFit } from "./fit-purchases.ts";
import { bgNbd } from "./models/bg-nbd.ts";
import { mbgCnbd } from "./models/mbg-cnbd-k.ts";
import { mbgNbd } from "./models/mbg-nbd.ts";
import { nbd } from "./models/nbd.ts";
import { paretoNbd } from "./models/pareto-nbd.ts";
import type { Forecaster, PurchaseModel, PurchaseModelName } from "./purchase-model.ts";

export function purchaseModel(name: PurchaseModelName, regularity: number): PurchaseModel {
  if (name === "mbg-cnbd-k") return mbgCnbd(regularity);
  return { nbd, "bg-nbd": bgNbd, "mbg-nbd": mbgNbd, "pareto-nbd": paretoNbd }[name];
}

export function modelOf({ model, regularity }: PurchaseFit): PurchaseModel {
  return purchaseModel(model, regularity);
}

export function forecasterOf(fit: PurchaseFit): Forecaster {
  const model = modelOf(fit);
  return model.forecaster(parameterVector(model, fit.parameters));
}
