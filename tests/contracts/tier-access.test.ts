/** Products for tiers only: from the merchant's wish over Shopify's metafields and its check of carts to what a shopper meets in the checkout. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { isoDate, shopCalendar } from "../../app/core/calendar.ts";
import type { Tier } from "../../app/core/loyalty/tiers.ts";
import { addProgrammeVersion } from "../../app/db/stores/programmes.server.ts";
import { publishOffersLater } from "../../app/db/stores/publications.server.ts";
import { changeShop, findShopById } from "../../app/db/stores/shops.server.ts";
import { changeAccess } from "../../app/services/loyalty/change-access.server.ts";
import { giveTier } from "../../app/services/loyalty/change-member-tier.server.ts";
import { openTiers } from "../../app/services/loyalty/open-tiers.server.ts";
import { publishProducts } from "../../app/services/storefront/publish-products.server.ts";
import { deployFunctions, functionsOf } from "../../devstore/functions/deployed.ts";
import { publishTheme } from "../../devstore/state/online-store.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { APP, startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { openPublished, never, publish, published } from "../support/open-published.ts";
import { value } from "../support/open-shop.ts";
import { storefrontOf } from "../support/open-storefront.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const tier = (id: string, name: string): Tier => ({
  ...{ id, name, threshold: null, factorPercent: 100, entryPoints: 0, entryRewardId: null },
  ...{ perks: [], sold: [] },
});
const LADDER = [tier("silver", "Silver"), tier("gold", "Gold")];

describeOnBothDatabases("products for tiers only", (open) => {
  async function openAccess() {
    const at = await openPublished(local, await open(), 3);
    const { db, shopId, shop, product } = at;
    const tiers = { by: "spend", period: "lifetime", graceDays: 0, ladder: LADDER } as const;
    await db.write((tx) => addProgrammeVersion(tx, shopId, Date.now(), makeRules({ tiers })));
    const scopes = [...(shop.installation?.scopes ?? []), "read_validations", "write_validations"];
    shop.installation?.scopes.splice(0, Infinity, ...scopes);
    await db.write((tx) => changeShop(tx, shopId, { scopes: scopes.join(",") }));
    for (const [index, tierId] of ["silver", "gold"].entries()) {
      const memberId = at.members[index]?.memberId ?? 0;
      await giveTier(db, { id: shopId }, { key: tierId, memberId, tierId, months: null, reason: "A friend" });
    }
    await publish(at);
    const ask = (form: Record<string, string>) => changeAccess(db, { id: shopId }, form);
    const save = async (steps: object[], openFrom: string | null, products = [product.id]) => {
      const access = JSON.stringify({ steps, openFrom });
      const told = await ask({ intent: "save-access", products: JSON.stringify(products), access });
      await publishProducts(db, shopId, never);
      return told;
    };
    value(publishTheme(local.world, shop, { theme: "light" }));
    const store = storefrontOf(local.devstore, shop, APP);
    const idOf = (index: number) => at.members[index]?.customer.id ?? 0;
    /** What the shopper is told, or `bought`; who is a customer logs in with a full cart. */
    const buy = async (index: number | null, language = "") => {
      const shopper = store.visit();
      await shopper.send(`${language}/cart/add.js`, { id: product.variantIds[0], quantity: 1 });
      if (index !== null) shopper.cookies.set("devstore_customer", String(idOf(index)));
      const seen = alertOf(await (await shopper.get(`${language}/checkout`)).text());
      const email = index === null ? String(at.members[1]?.customer.email) : "someone@shop.example";
      const paid = await shopper.post(`${language}/checkout`, { email, country: "US", pay: "1" });
      const text = await paid.text();
      if (paid.status === 200) return "bought";
      expect(alertOf(text)).toBe(seen);
      return seen;
    };
    const page = async () => {
      const row = await findShopById(db, shopId);
      const opened = row && (await openTiers(db, row));
      return { ...opened, enforcement: await opened?.enforcement };
    };
    const cart = (index: number) => {
      const shopper = store.visit(idOf(index));
      const send = async (address: string, body: object) => {
        const answer = await shopper.send(address, body);
        return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
      };
      return { shopper, send, add: () => send("/cart/add.js", { id: product.variantIds[0], quantity: 1 }) };
    };
    return { ...at, ask, save, buy, cart, page };
  }

  it("are checked in checkout once that is switched on, for who is in a tier on the shop's day", async () => {
    const at = await openAccess();
    expect(await at.save([{ tierId: "gold", from: null }], null)).toMatchObject({ ok: true });
    expect(JSON.parse(published(at, `Product/${at.product.id}`)["access"] ?? "")).toEqual({
      ...{ v: 1, open: null },
      steps: [{ from: null, tiers: [{ id: "gold", name: "Gold" }] }],
    });
    // Said by nothing but a metafield: nobody is kept out.
    expect(await at.page()).toMatchObject({ enforcement: "off", isPublished: true, missingScopes: [] });
    expect(await at.buy(2)).toBe("bought");

    expect(await at.ask({ intent: "enforce-access" })).toMatchObject({ ok: true });
    expect(await at.ask({ intent: "enforce-access" })).toMatchObject({ ok: true });
    expect(at.shop.validations).toMatchObject([{ enabled: true, blockOnFailure: false }]);
    expect(await at.page()).toMatchObject({ enforcement: "on" });
    const only = "“Tea” is only for members in Gold and above.";
    expect(await at.buy(1)).toBe("bought");
    expect(await at.buy(0)).toBe(only);
    expect(await at.buy(2)).toBe(only);
    // The cart tells those who are logged in at once, and stays as it was.
    const refused = at.cart(2);
    expect(await refused.add()).toMatchObject({ status: 422, description: only });
    const form = await refused.shopper.post("/cart/add", { id: String(at.product.variantIds[0]) });
    expect([form.status, alertOf(await form.text())]).toEqual([422, only]);
    expect(await (await refused.shopper.get("/cart.js")).json()).toMatchObject({ item_count: 0 });
    const allowed = at.cart(1);
    expect(await allowed.add()).toMatchObject({ status: 200 });
    // What the cart holds already can go, but not become more.
    allowed.shopper.cookies.set("devstore_customer", String(at.members[2]?.customer.id));
    const more = { id: String(at.product.variantIds[0]), quantity: 2 };
    expect(await allowed.send("/cart/change.js", more)).toMatchObject({ status: 422, message: only });
    expect(await allowed.send("/cart/change.js", { ...more, quantity: 0 })).toMatchObject({
      ...{ status: 200, item_count: 0 },
    });
    // A guest who types a member's address.
    expect(await at.buy(null)).toBe(`${only} Log in to buy it.`);

    const calendar = shopCalendar(at.shop.timeZone);
    const today = calendar.dayOf(Date.now());
    const [now, later] = [isoDate(today), isoDate(today + 3)];
    await at.save(
      [
        { tierId: "gold", from: null },
        { tierId: "silver", from: now },
      ],
      later,
    );
    expect(await at.buy(0)).toBe("bought");
    const early = `“Tea” is only for members in Silver and above. You can buy it from ${later} on.`;
    expect(await at.buy(2)).toBe(early);
    await at
      .save([{ tierId: "gold", from: null }], now)
      .then((told) => expect(told).toMatchObject({ ok: true }));
    expect(await at.buy(2)).toBe("bought");

    await at.save([{ tierId: "gold", from: null }], null);
    expect(await at.ask({ intent: "stop-enforcing" })).toMatchObject({ ok: true });
    expect(await at.page()).toMatchObject({ enforcement: "off" });
    expect(await at.buy(2)).toBe("bought");
    await at.ask({ intent: "enforce-access" });
    expect(at.shop.validations).toHaveLength(1);
    expect(await at.buy(2)).toBe(only);
    expect(await at.ask({ intent: "remove-access", id: String(at.product.id) })).toMatchObject({ ok: true });
    expect(await at.ask({ intent: "remove-access", id: String(at.product.id) })).toMatchObject({ ok: false });
    await publishProducts(at.db, at.shopId, never);
    expect(published(at, `Product/${at.product.id}`)).not.toHaveProperty("access");
    expect(await at.buy(2)).toBe("bought");
  });

  it("follow the ladder, are bounded, are one shop's, and say what is missing", async () => {
    const at = await openAccess();
    const { db, shopId } = at;
    await at.save([{ tierId: "silver", from: null }], null);
    const names = () => {
      const text = published(at, `Product/${at.product.id}`)["access"];
      return text === undefined
        ? null
        : (JSON.parse(text) as { steps: { tiers: { name: string }[] }[] }).steps;
    };
    expect(names()?.[0]?.tiers.map(({ name }) => name)).toEqual(["Silver", "Gold"]);
    const changed: [Tier[], string[] | null][] = [
      [LADDER.toReversed(), ["Silver"]],
      [LADDER.slice(1), null],
    ];
    for (const [ladder, expected] of changed) {
      const tiers = { by: "spend", period: "lifetime", graceDays: 0, ladder } as const;
      await db.write((tx) => addProgrammeVersion(tx, shopId, Date.now(), makeRules({ tiers })));
      await db.write((tx) => publishOffersLater(tx, shopId));
      await publishProducts(db, shopId, never);
      expect(names()?.[0]?.tiers.map(({ name }) => name) ?? null).toEqual(expected);
    }
    const gone = [{ tierId: "silver", from: null }];
    expect(await at.save(gone, null)).toMatchObject({ ok: false });
    const step = { tierId: "gold", from: null };
    const wrong: [object[], string | null][] = [
      [[], null],
      [[step, step], null],
      [[{ ...step, from: "2026-02-31" }], null],
      [[{ ...step, from: "2026-02-03" }], "2026-02-03"],
      [[{ ...step, tierId: "<b>" }], null],
      [[step], "tomorrow"],
    ];
    for (const [steps, openFrom] of wrong)
      expect(await at.save(steps, openFrom)).toMatchObject({ ok: false, message: "This makes no sense" });
    for (const products of [[], [0], [1.5], [7, 7], Array.from({ length: 251 }, (_, id) => id + 1)])
      expect(await at.save([step], null, products)).toMatchObject({ ok: false });
    expect(await at.ask({ intent: "save-access", products: "[1", access: "{}" })).toMatchObject({
      ok: false,
    });
    expect(await at.ask({ intent: "nothing" })).toBeNull();
    expect(await db.prisma.productAccess.count({ where: { shopId } })).toBe(1);

    // As an app that came without its function, and one whose scopes were not granted.
    const functions = functionsOf(local.world);
    deployFunctions(
      local.world,
      functions.filter(({ handle }) => handle !== "tier-access"),
    );
    try {
      expect(await at.page()).toMatchObject({ enforcement: "not-deployed" });
      expect(await at.ask({ intent: "enforce-access" })).toEqual({
        ok: false,
        message: "The app was installed without the function that checks carts",
      });
    } finally {
      deployFunctions(local.world, functions);
    }
    const scopes = (at.shop.installation?.scopes ?? []).filter((scope) => !scope.includes("validations"));
    at.shop.installation?.scopes.splice(0, Infinity, ...scopes);
    expect(await at.ask({ intent: "enforce-access" })).toMatchObject({
      ok: false,
      message: "Shopify has to allow it first",
    });
    await db.write((tx) => changeShop(tx, shopId, { scopes: scopes.join(",") }));
    expect(await at.page()).toMatchObject({ missingScopes: ["read_validations", "write_validations"] });
  });
});

function alertOf(html: string): string {
  const text = /<p role="alert">(.*?)<\/p>/.exec(html)?.[1] ?? "";
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'");
}
