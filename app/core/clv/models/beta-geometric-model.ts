/** Gives the members of the beta-geometric family the shape that all purchase models have. */
import type { PurchaseModel } from "../purchase-model.ts";
import {
  betaGeometricDrawer,
  betaGeometricForecaster,
  betaGeometricObjective,
  type BetaGeometric,
} from "./beta-geometric.ts";

/** NBD for k = 1 and CNBD-k above: `name` is what the model is called in answers. */
export function withoutChurnModel(family: BetaGeometric): PurchaseModel {
  const { regularity: k } = family;
  return {
    name: family.name,
    regularity: k,
    parameterNames: ["r", "alpha"],
    typical: (rate) => [0.5, (0.5 * k) / rate],
    objective: (groups) => betaGeometricObjective(family, groups, false),
    withoutChurn: null,
    forecaster: ([r = NaN, alpha = NaN]) => betaGeometricForecaster(family, [r, alpha]),
    customerDrawer: ([r = NaN, alpha = NaN], random) => betaGeometricDrawer(family, [r, alpha, 0, 1], random),
  };
}

export function betaGeometricModel(family: BetaGeometric): PurchaseModel {
  const { regularity: k } = family;
  return {
    name: family.name,
    regularity: k,
    parameterNames: ["r", "alpha", "a", "b"],
    typical: (rate) => [0.5, (0.5 * k) / rate, 0.8, 2.5],
    objective: (groups) => betaGeometricObjective(family, groups, true),
    withoutChurn: {
      model: withoutChurnModel(family),
      parametersFrom: ([r = NaN, alpha = NaN]) => [r, alpha, 0, 1],
    },
    forecaster: (parameters) => betaGeometricForecaster(family, parameters),
    customerDrawer: (parameters, random) => betaGeometricDrawer(family, parameters, random),
  };
}
