import { expect, test } from "vitest";
import { readCostAmount } from "./cost-amount.ts";

test.each([
  ["0", "EUR", 0],
  ["1234", "EUR", 123_400],
  ["1234.5", "EUR", 123_450],
  ["1234,50", "EUR", 123_450],
  ["1,234.50", "USD", 123_450],
  ["1.234,50", "EUR", 123_450],
  ["1,234", "USD", 123_400],
  ["1,234,567", "USD", 123_456_700],
  ["1.234.567,8", "EUR", 123_456_780],
  [" € 1 234,50 ", "EUR", 123_450],
  ["1'234.50 CHF", "CHF", 123_450],
  ["$12.00", "USD", 1_200],
  ["12.5000", "USD", 1_250],
  ["¥1,234", "JPY", 1_234],
  ["1.234", "JPY", 1_234],
  ["1234.00", "JPY", 1_234],
  ["1.234", "KWD", 1_234],
  ["0.5", "KWD", 500],
  ["1,234.567", "KWD", 1_234_567],
])("%j in %s is %d minor units", (text, currency, minor) => {
  expect(readCostAmount(text, currency)).toEqual({ ok: true, minor });
});

test.each([
  ["-5", "EUR", "is below 0"],
  ["(5)", "EUR", "is below 0"],
  ["ten", "EUR", "is not in EUR"],
  ["1.2.3", "EUR", "is not an amount"],
  ["1.23,4.5", "EUR", "is not an amount"],
  ["12,34,567", "USD", "is not an amount"],
  ["", "EUR", "is not an amount"],
  ["1.234", "EUR", "two ways: write 1234 or 1.23"],
  ["1,234", "KWD", "two ways: write 1234 or 1.234"],
  ["0.125", "USD", "more than 2 decimals"],
  ["12.5", "JPY", "JPY has none"],
  ["12 USD", "EUR", "is not in EUR"],
  ["$12", "EUR", "is not in EUR"],
  ["99999999999999", "EUR", "is too large"],
  ["123456789012345678901", "JPY", "is too large"],
])("%j in %s is refused", (text, currency, reason) => {
  expect(readCostAmount(text, currency)).toEqual({
    ok: false,
    reason: expect.stringContaining(reason) as string,
  });
});
