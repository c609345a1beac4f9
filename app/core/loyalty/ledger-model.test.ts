/** After every step of a random life the ledger says what a reference says that knows no ledger (tests/support/loyalty-lives.ts). */
import fc from "fast-check";
import { test } from "vitest";
import { live, lives } from "../../../tests/support/loyalty-lives.ts";

const RUNS = Number(process.env["LEDGER_RUNS"] ?? 300);

test(`points agree with the rules after every step of ${RUNS} random lives`, () => {
  const agree = fc.property(lives, ([rules, steps]) => void live(rules, steps));
  fc.assert(agree, { numRuns: RUNS });
});
