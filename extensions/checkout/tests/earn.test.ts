import { createCartLine } from "@shopify/ui-extensions-tester/checkout";
import { describe, expect, it, vi } from "vitest";
import type { Shopper } from "../../testing/open-extension.ts";
import { backend, fields, madeUpTime, open, says, tableOf } from "./support.ts";

const TARGET = "purchase.checkout.block.render";

madeUpTime();

interface Line {
  product: number;
  amount: number;
  quantity?: number;
}

/** A cart of so much; what Shopify says of its products, or that it says nothing. */
async function openCart(
  lines: readonly Line[],
  shopper: Shopper,
  goods: ((id: string) => object) | null = (id) => ({ id, isGiftCard: false, collections: { nodes: [] } }),
) {
  const extension = open(TARGET, shopper);
  const { shopify } = extension;
  const currencyCode = (shopper.currency ?? "EUR") as "EUR";
  shopify.lines.value = lines.map(({ product, amount, quantity = 1 }) => {
    const line = createCartLine({ quantity, cost: { totalAmount: { amount, currencyCode } } });
    line.merchandise.product.id = `gid://shopify/Product/${product}`;
    return { ...line, discountAllocations: [] };
  });
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  shopify.cost.totalAmount.value = { amount: total, currencyCode };
  shopify.cost.totalTaxAmount.value = undefined;
  shopify.discountAllocations.value = [];
  (shopify as unknown as Record<string, unknown>)["query"] = async (
    _query: string,
    { variables: { ids } }: { variables: { ids: string[] } },
  ) => {
    if (!goods) throw new Error("no answer");
    return { data: { nodes: ids.map(goods) } };
  };
  await extension.render();
  await vi.advanceTimersByTimeAsync(500);
  return extension;
}

const member = (points: number, more: object = {}) => ({ customerId: 1, metafields: fields(points, more) });

describe("what the order earns", () => {
  it("is what the rules come to, with the way to the next reward", async () => {
    const extension = await openCart([{ product: 1, amount: 42.5 }], member(40));
    await says(extension, "This order earns 42 points.");
    expect(extension.text()).toContain("60 points more for Five off.");
  });

  it("is multiplied by the tier as long as it lasts", async () => {
    const rules = { ...tableOf({}), tiers: { gold: 200 } };
    const table = { ...rules, per: rules.per * 100 };
    const tiers = { by: "orders", ladder: [{ id: "gold", name: "Gold", factor: 200, perks: [] }] };
    const withTier = (until: number) => {
      const { customerId, metafields } = member(40, { rules: table, tiers });
      const value = JSON.stringify({
        v: 1,
        id: "gold",
        until,
        then: null,
        lastDay: null,
        amount: 3,
        goal: null,
      });
      return {
        customerId,
        metafields: [...metafields, { owner: "customer", key: "tier", type: "json", value }],
      };
    };
    const gold = await openCart([{ product: 1, amount: 42.5 }], withTier(4e9) as Shopper);
    await says(gold, "This order earns 85 points.");
    expect(gold.text()).toContain("Your tier: Gold");
    const over = await openCart([{ product: 1, amount: 42.5 }], withTier(1) as Shopper);
    await says(over, "This order earns 42 points.");
    expect(over.text()).not.toContain("Gold");
  });

  it("is what members would earn, to a guest", async () => {
    const extension = await openCart([{ product: 1, amount: 10 }], { metafields: fields(undefined) });
    await says(extension, "With this order, members earn 10 points.");
    expect(extension.text()).toContain("Log in, or join after your order");
  });

  it("is at least so much where tax that earns comes on top, and up to so much where it is inside and earns nothing", async () => {
    const atLeast = await openCart(
      [{ product: 1, amount: 10 }],
      member(0, { rules: tableOf({ includeTax: true }) }),
    );
    await says(atLeast, "earns at least 10 points");
    const upTo = await openCart([{ product: 1, amount: 10 }], member(0));
    upTo.shopify.cost.totalTaxAmount.value = { amount: 1.6, currencyCode: "EUR" };
    await says(upTo, "earns up to 10 points");
  });

  it("counts collections as Shopify tells them, and nothing for gift cards", async () => {
    const multipliers = [{ factorPercent: 300, match: { collectionIds: [7] } }];
    const rules = tableOf({ multipliers });
    const extension = await openCart(
      [
        { product: 1, amount: 10 },
        { product: 2, amount: 50 },
      ],
      member(0, { rules }),
      (id) => ({
        id,
        isGiftCard: id.endsWith("/2"),
        collections: { nodes: [{ id: "gid://shopify/Collection/7" }] },
      }),
    );
    await says(extension, "This order earns 30 points.");
  });

  it("is said to be nothing where all of it is gift cards", async () => {
    const gift = (id: string) => ({ id, isGiftCard: true, collections: { nodes: [] } });
    const extension = await openCart([{ product: 1, amount: 50 }], member(0), gift);
    await says(extension, "This order brings no points.");
  });

  it("is about so much where Shopify does not tell of the products", async () => {
    const extension = await openCart([{ product: 1, amount: 10 }], member(0), null);
    await says(extension, "This order earns about 10 points.");
  });

  it("follows the cart", async () => {
    const extension = await openCart([{ product: 1, amount: 10 }], member(0));
    await says(extension, "earns 10 points");
    const [line] = extension.shopify.lines.value;
    if (line) line.cost.totalAmount.amount = 20;
    extension.shopify.lines.value = line ? [line] : [];
    await says(extension, "earns 20 points");
  });

  it("is the rate where the checkout has another currency", async () => {
    const extension = await openCart([{ product: 1, amount: 10 }], { ...member(0), currency: "USD" });
    await says(extension, "Members earn 1 point for every €1.00.");
  });

  it("is the same to a member without points", async () => {
    const extension = await openCart([{ product: 1, amount: 10 }], member(0));
    await says(extension, "This order earns 10 points.");
    expect(extension.text()).toContain("100 points more for Five off.");
  });

  it.each(["down", "silence"] as const)(
    "asks Perennial nothing, so it is the same with a backend that is %s",
    async (answer) => {
      const asked = backend(() => answer);
      const extension = await openCart([{ product: 1, amount: 10 }], member(40));
      await says(extension, "This order earns 10 points.");
      await vi.advanceTimersByTimeAsync(60_000);
      expect(asked).toEqual([]);
    },
  );

  it("says so where nothing is earned, and is not there where nothing is on", async () => {
    const rules = tableOf({ isAccruing: false });
    const paused = await openCart([{ product: 1, amount: 10 }], member(500, { rules }));
    expect(paused.text()).toBe("Points for this order This order brings no points.");
    const off = await openCart([{ product: 1, amount: 10 }], { metafields: [] });
    expect(off.text()).toBe("");
  });

  it.each([
    ["pl", "Za to zamówienie otrzymasz 22 punkty."],
    ["ru", "За этот заказ вы получите 22 балла."],
    ["th", "คำสั่งซื้อนี้ได้ 22 คะแนน"],
    ["ja", "この注文で22ポイントがたまります。"],
    ["lv", "Par šo pasūtījumu saņemsi: 22 punkti."],
  ])("is said in %s", async (language, expected) => {
    const extension = await openCart([{ product: 1, amount: 22 }], { ...member(0), language });
    await says(extension, expected);
  });
});
