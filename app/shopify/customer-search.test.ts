import fc from "fast-check";
import { expect, test } from "vitest";
import { compileSearch, wordsFilter } from "../../devstore/admin-api/search.ts";
import { customerSearch } from "./customer-search.ts";

test.each([
  ["ann", "ann*"],
  ["  Ann   Smith ", "Ann Smith*"],
  ["ann@example.com", '"ann@example.com"'],
  ["O'Hara zo", `"O'Hara" zo*`],
  ["Zoë Müller", "Zoë Müller*"],
  ["tag:vip", '"tag:vip"'],
  ["rock and roll", 'rock "and" roll*'],
  ['a"b\\', '"a\\"b\\\\"'],
  ["(x", '"(x"'],
  ["*an*n", "an n*"],
  ["6123456789", "(id:6123456789 OR 6123456789*)"],
  ["   ", null],
  ["-- ()", null],
])("%j is searched for as %j", (typed, query) => {
  expect(customerSearch(typed)).toBe(query);
});

test("nothing typed is taken for a filter or breaks the search", () => {
  // Any field but the words themselves is refused by the local Shopify.
  const filters = { default: wordsFilter(({ name }: { name: string }) => [name]) };
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme" })), (typed) => {
      const query = customerSearch(typed);
      fc.pre(query === null || !query.startsWith("(id:"));
      expect(compileSearch(query, "customers", filters, "UTC")({ name: "somebody" })).toEqual(
        expect.any(Boolean),
      );
    }),
    { numRuns: 500 },
  );
});
