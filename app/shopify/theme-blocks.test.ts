import { expect, test } from "vitest";
import { blocksIn } from "./theme-blocks.ts";

const block = (name: string, facts: object = {}, app = "perennial") => ({
  type: `shopify://apps/${app}/blocks/${name}/0198-a`,
  ...facts,
});

test("blocks are found wherever they stand, unless they or what holds them are turned off", () => {
  const template = {
    sections: {
      main: { type: "main-product", blocks: { a: { type: "title" }, b: block("earn-badge") } },
      apps: {
        type: "apps",
        blocks: { c: block("points", { disabled: true }), d: block("rewards", {}, "other") },
      },
      off: { type: "apps", disabled: true, blocks: { e: block("profile") } },
    },
  };
  const settings = { current: { blocks: { f: block("launcher", { disabled: false }) } } };
  const files = [
    `/*\n * by the editor\n */\n${JSON.stringify(template)}`,
    JSON.stringify(settings),
    "{",
    "null",
  ];
  expect(blocksIn(files, "perennial")).toEqual(new Set(["earn-badge", "launcher"]));
});
