import { describe, expect, it, vi } from "vitest";
import { openExtension } from "../../testing/open-extension.ts";

const TARGET = "purchase.thank-you.block.render";
const FOLDER = "extensions/checkout";
const points = (value: string) => [
  { owner: "customer" as const, key: "points", type: "number_integer", value },
];

describe("thank-you page", () => {
  it.each([
    ["en", "1", "Your points You have 1 point."],
    ["en", "1200", "Your points You have 1,200 points."],
    ["pl", "22", "Twoje punkty Masz 22 punkty."],
    ["ru", "5", "Ваши баллы У вас 5 баллов."],
    ["th", "5", "คะแนนของคุณ คุณมี 5 คะแนน"],
    ["ja", "5", "お持ちのポイント 5ポイントお持ちです。"],
    ["lv", "21", "Jūsu punkti Jums ir 21 punkts."],
    ["de", "2", "Your points You have 2 points."],
  ])("says the balance in %s", async (language, balance, expected) => {
    const extension = openExtension(TARGET, FOLDER, {
      language,
      customerId: 1,
      metafields: points(balance),
    });
    await extension.render();
    expect(extension.text()).toBe(expected);
  });

  it("says nothing to a guest, and shows points once they are there", async () => {
    const extension = openExtension(TARGET, FOLDER);
    await extension.render();
    expect(extension.text()).toBe("");
    extension.shopify.appMetafields.value = [
      {
        target: { type: "customer", id: "1" },
        metafield: {
          namespace: "$app",
          key: "points",
          type: "number_integer",
          value: "7",
          valueType: "integer",
        },
      },
    ];
    await vi.waitFor(() => expect(extension.text()).toContain("You have 7 points."));
  });
});
