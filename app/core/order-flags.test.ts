import { expect, test } from "vitest";
import { ORDER_FLAGS, orderFlags } from "./order-flags.ts";

const plain = {
  isTest: false,
  cancelledAt: null,
  isDraft: false,
  isSubscription: false,
  isPos: false,
  isB2b: false,
};

test("a customer's plain order has no bit", () => {
  expect(orderFlags(plain, 7)).toBe(0);
});

test("an order without a customer is a guest's", () => {
  expect(orderFlags(plain, null)).toBe(ORDER_FLAGS.guest);
});

test.each([
  [{ isTest: true }, 1],
  [{ cancelledAt: 0 }, 2],
  [{ isDraft: true }, 4],
  [{ isSubscription: true }, 8],
  [{ isPos: true }, 16],
  [{ isB2b: true }, 32],
])("%j is bit %d", (facts, bit) => {
  expect(orderFlags({ ...plain, ...facts }, 7)).toBe(bit);
});

test("bits add up without overlap", () => {
  const all = { isTest: true, cancelledAt: 5, isDraft: true, isSubscription: true, isPos: true, isB2b: true };
  expect(orderFlags(all, null)).toBe(127);
});
