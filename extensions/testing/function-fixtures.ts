/** A Shopify Function's fixtures, each of which the real schema of its kind of functions takes. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  loadFixture,
  loadInputQuery,
  loadSchema,
  validateTestAssets,
} from "@shopify/shopify-function-test-helpers";
import { printSchema, type GraphQLSchema } from "graphql";
import { describe, expect, test } from "vitest";

export interface FunctionUnderTest {
  /** Of the extension. */
  folder: string;
  /** In `src`. */
  query: string;
  schema: () => GraphQLSchema;
  run: (input: never) => unknown;
}

export function describeFixtures({ folder, query, schema, run }: FunctionUnderTest): void {
  const fixtures = path.join(folder, "tests/fixtures");
  const loaded = async () => {
    const own = mkdtempSync(path.join(tmpdir(), "function-schema-"));
    try {
      const file = path.join(own, "schema.graphql");
      writeFileSync(file, printSchema(schema()));
      const [known, inputQueryAST] = [
        await loadSchema(file),
        await loadInputQuery(path.join(folder, "src", query)),
      ];
      return { schema: known, inputQueryAST };
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  };
  let kept: ReturnType<typeof loaded> | undefined;
  const assets = () => (kept ??= loaded());

  describe.each(readdirSync(fixtures))("%s", (name) => {
    test("is what Shopify sends and takes, and what the function answers", async () => {
      const fixture = await loadFixture(path.join(fixtures, name));
      const checked = await validateTestAssets({ ...(await assets()), fixture });
      expect(checked.inputQuery.errors).toEqual([]);
      expect(checked.inputFixture.errors).toEqual([]);
      expect(checked.outputFixture.errors).toEqual([]);
      expect(run(fixture.input as never)).toEqual(fixture.expectedOutput);
    });
  });

  test("the schema refuses what Shopify would", async () => {
    const fixture = await loadFixture(path.join(fixtures, readdirSync(fixtures)[0] ?? ""));
    const expectedOutput = { operations: [{ nothingThatIsKnown: {} }] };
    const checked = await validateTestAssets({
      ...(await assets()),
      fixture: { ...fixture, expectedOutput },
    });
    expect(checked.outputFixture.errors).not.toEqual([]);
  });
}
