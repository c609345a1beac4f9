/** The models and rules in words that a merchant understands. */
import type { CandidateName } from "../../core/clv/candidates.ts";

export const MODEL_NAMES: Readonly<Record<CandidateName, { name: string; says: string }>> = {
  "simple-formula": {
    name: "Average customer",
    says: "Everybody buys as often and spends as much as the average.",
  },
  "past-rate": { name: "Past rate", says: "Everybody goes on buying as often as up to now." },
  "recency-rule": {
    name: "Past rate for 180 days",
    says: "Everybody goes on as up to now, until their last order is 180 days old: then they are gone.",
  },
  nbd: { name: "NBD", says: "Everybody has a rate of their own, and nobody leaves." },
  "mbg-nbd": { name: "MBG/NBD", says: "Everybody has a rate of their own and may leave after any order." },
  "bg-nbd": {
    name: "BG/NBD",
    says: "Everybody has a rate of their own and may leave after any repeat order.",
  },
  "pareto-nbd": { name: "Pareto/NBD", says: "Everybody has a rate of their own and may leave at any time." },
  "mbg-cnbd-k": {
    name: "MBG/CNBD-k",
    says: "Everybody buys at steady intervals of their own and may leave after any order.",
  },
  blend: {
    name: "Mean of four models",
    says: "The mean of four models in which customers buy at their own rate and leave.",
  },
};
