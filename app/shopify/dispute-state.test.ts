import { expect, test } from "vitest";
import { disputeStateOf } from "./dispute-state.ts";

test.each([
  [[], null],
  [["CHARGEBACK NEEDS_RESPONSE"], "open"],
  [["CHARGEBACK UNDER_REVIEW", "CHARGEBACK WON"], "open"],
  [["INQUIRY NEEDS_RESPONSE"], null],
  [["CHARGEBACK WON"], "won"],
  [["CHARGEBACK WON", "INQUIRY LOST"], "lost"],
  [["CHARGEBACK ACCEPTED", "CHARGEBACK NEEDS_RESPONSE"], "lost"],
  [["CHARGEBACK CHARGE_REFUNDED"], null],
])("disputes %j of an order are %s", (told, state) => {
  const disputes = told.map((words) => {
    const [initiatedAs = "", status = ""] = words.split(" ");
    return { initiatedAs, status };
  });
  expect(disputeStateOf({ disputes })).toBe(state);
});
