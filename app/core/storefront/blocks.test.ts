import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { editorAddress, STOREFRONT_BLOCKS } from "./blocks.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../../extensions/storefront/blocks");

function schemaOf(handle: string): { target: string; enabled_on?: { templates?: string[] } } {
  const text = readFileSync(path.join(FOLDER, `${handle}.liquid`), "utf8");
  const [, schema = ""] = /\{% schema %\}(.*)\{% endschema %\}/s.exec(text) ?? [];
  return JSON.parse(schema) as ReturnType<typeof schemaOf>;
}

test("are those of the extension, in places where the theme editor lets them be", () => {
  const files = globSync("*.liquid", { cwd: FOLDER }).map((file) => path.basename(file, ".liquid"));
  expect(STOREFRONT_BLOCKS.map(({ handle }) => handle).toSorted()).toEqual(files.toSorted());
  for (const { handle, place } of STOREFRONT_BLOCKS) {
    const { target, enabled_on } = schemaOf(handle);
    expect([handle, target]).toEqual([handle, place ? "section" : "body"]);
    const templates = enabled_on?.templates ?? ["*"];
    if (place) expect(templates.includes("*") || templates.includes(place.template), handle).toBe(true);
  }
});

test("the theme editor is told which block to add where", () => {
  const [points] = STOREFRONT_BLOCKS;
  const launcher = STOREFRONT_BLOCKS.at(-1);
  expect(points && editorAddress("id", points)).toBe(
    "shopify://admin/themes/current/editor?template=index&addAppBlockId=id/points&target=newAppsSection",
  );
  expect(launcher && editorAddress("id", launcher)).toBe(
    "shopify://admin/themes/current/editor?context=apps&template=index&activateAppId=id/launcher",
  );
});
