/** The long random runs: the journeys of `npm test` with many more rounds, and whatever is in tests/soak. */
import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

const { test: short } = base;

export default defineConfig({
  ...base,
  test: {
    ...short,
    include: [
      "tests/journeys/{histories,crashes,holds,redemption-crashes,dry-run-crashes}.test.ts",
      "app/core/loyalty/ledger-model.test.ts",
      "tests/contracts/ledger.test.ts",
      "tests/soak/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**"],
    env: {
      ...short?.env,
      HISTORY_RUNS: "100",
      HISTORY_STEPS: "150",
      CRASH_ROUNDS: "50",
      REDEMPTION_CRASH_ROUNDS: "100",
      DRY_RUN_CRASH_RUNS: "30",
      HOLD_RUNS: "10000",
      HOLD_RUNS_POSTGRESQL: "1000",
      LEDGER_RUNS: "10000",
      LEDGER_STORED_RUNS: "500",
    },
    testTimeout: 4 * 3_600_000,
  },
});
