import { expect, it } from "vitest";
import { value } from "../../tests/support/open-shop.ts";
import { createShop, createWorld } from "../../devstore/state/world.ts";
import { sectionsData, THEMES, themeNamed } from "../../devstore/storefront/theme.ts";
import { openOnlineStore } from "./online-store.ts";

it("shows guests what is popular once on a page, whatever lists it has", () => {
  const world = createWorld({ seed: 1 });
  const shop = value(createShop(world, { domain: "demo.myshopify.com" }));
  openOnlineStore(world, shop);
  const popular = THEMES.flatMap((name) =>
    ["index", "product", "cart", "search", "404"].map((template) => {
      const data = sectionsData(shop, themeNamed(name), `templates/${template}.json`);
      const blocks = Object.values(data.sections).flatMap((section) => Object.values(section.blocks ?? {}));
      const lists = blocks.filter(({ type }) => type.includes("/blocks/recommendations/"));
      expect(lists.length).toBeGreaterThan(0);
      return lists.filter(
        ({ settings }) => settings?.["list"] === "popular" || settings?.["show_popular"] !== false,
      ).length;
    }),
  );
  expect(popular.every((count) => count === 1)).toBe(true);
});
