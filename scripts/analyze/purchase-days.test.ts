import fc from "fast-check";
import { expect, it } from "vitest";
import { keepPurchaseDays } from "./purchase-days.ts";

const row = fc.record({
  key: fc.integer({ min: 0, max: 60 }).map((number) => `c${number}`),
  day: fc.integer({ min: -3, max: 40 }),
  amountMinor: fc.integer({ min: 0, max: 10_000 }),
});

it("sums the purchases of each customer and day, whatever their order and number", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4_000, size: "max" }), (rows) => {
      const expected = new Map<string, number>();
      const days = keepPurchaseDays();
      for (const { key, day, amountMinor } of rows) {
        days.add(key, day, amountMinor);
        expected.set(`${key} ${day}`, (expected.get(`${key} ${day}`) ?? 0) + amountMinor);
      }
      const { keys, customer, day, amount, customers } = days.close();
      const found = Array.from(customer, (who, entry): [string, number] => [
        `${keys[who]} ${day[entry]}`,
        amount[entry] ?? NaN,
      ]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
      expect(found).toHaveLength(expected.size);
      expect(customers).toBe(new Set(rows.map(({ key }) => key)).size);
    }),
    { numRuns: 30 },
  );
});

it("numbers customers by their names, numbers by size, whatever came first", () => {
  const close = (names: readonly string[]) => {
    const days = keepPurchaseDays();
    for (const name of names) days.add(name, 0, 1);
    return days.close();
  };
  expect(close(["10", "9", "00011"]).keys).toEqual(["9", "10", "00011"]);
  const named = close(["b", "a10", "a9", "b"]);
  expect(named.keys).toEqual(["a10", "a9", "b"]);
  expect([...named.customer]).toEqual([2, 0, 1]);
});
