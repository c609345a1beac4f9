import { expect, test } from "vitest";
import { nameFirstProducts } from "./named-first-products.ts";

const rate = { customers: 40, repeatCustomers: 10, rate: 0.25, low: 0.14, high: 0.4 };

test("products are named by title, and by id where that does not tell them apart", () => {
  const { rows } = nameFirstProducts(
    {
      products: [1, 2, 3, 4].map((productId) => ({ productId, ...rate })),
      others: null,
      unknown: null,
    },
    new Map([
      [1, "Tea"],
      [2, "Mug"],
      [3, "Mug"],
    ]),
  );
  expect(rows.map(({ name }) => name)).toEqual(["Tea", "Mug (2)", "Mug (3)", "Deleted product 4"]);
  expect(rows[0]).toEqual({ name: "Tea", ...rate });
});

test("a shortened table still ends with the small products and the first orders without one", () => {
  const named = nameFirstProducts(
    {
      products: [1, 2, 3].map((productId) => ({ productId, ...rate })),
      others: { productCount: 7, ...rate },
      unknown: rate,
    },
    new Map([[1, "Tea"]]),
    1,
  );
  expect(named.rows.map(({ name }) => name)).toEqual(["Tea", "7 other products", "No product known"]);
  expect(named.left).toBe(2);
});
