/** What customers are recommended, from the rows of a shop on both databases. */
import { afterEach, expect, test } from "vitest";
import type { Database } from "../../app/db/database.server.ts";
import { saveProducts } from "../../app/db/stores/products.server.ts";
import { loadRecommendationSettings } from "../../app/db/stores/recommendation-settings.server.ts";
import { saveStorefront } from "../../app/db/stores/storefronts.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { changeRecommendations } from "../../app/services/recommendations/change-recommendations.server.ts";
import {
  goesWith,
  popularNow,
  recommendFor,
} from "../../app/services/recommendations/recommend-for.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import type { SampleOrder } from "../support/order-columns.ts";
import { createShop, writeOrders } from "../support/order-rows.ts";
import { makeProduct } from "../support/orders.ts";

const [TEA, CUP, POT, NEW_TEA] = [
  6_000_000_000_011, 6_000_000_000_012, 6_000_000_000_013, 6_000_000_000_014,
] as const;
const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** How many jobs wait that publish the shop anew. */
async function republishings(db: Database, shopId: number): Promise<number> {
  if (db.dialect === "sqlite") return db.prisma.job.count({ where: { shopId, kind: "republish-shop" } });
  const waiting = await db.pool.query<{ key: string }>(
    "SELECT key FROM graphile_worker.jobs WHERE task_identifier = 'republish-shop'",
  );
  return waiting.rows.filter(({ key }) => key.startsWith(`${shopId}/`)).length;
}

/** Twenty customers buy a cup and a pot, twenty others tea alone. */
function orders(): SampleOrder[] {
  const line = (product: number) => ({ product, netMinor: 1000 });
  return Array.from({ length: 40 }, (_, index) => ({
    id: index + 1,
    on: daysAgo(20),
    customer: index + 1,
    lines: index < 20 ? [line(CUP), line(POT)] : [line(TEA)],
  }));
}

describeOnBothDatabases("recommendations", (open) => {
  afterEach(closeShopMetrics);

  test("follow a new order, a product taken off sale and the products of the shop", async () => {
    const db = await open();
    const shopId = await createShop(db, "tea.myshopify.com");
    const publishedAt = Date.now() - 400 * DAY_MS;
    const product = (id: number, more = {}) =>
      makeProduct({ id, variants: [], createdAt: publishedAt, publishedAt, ...more });
    await db.write((tx) =>
      saveProducts(
        tx,
        shopId,
        [TEA, CUP, POT].map((id) => product(id)),
        Date.now(),
      ),
    );
    await writeOrders(db, shopId, orders());

    const ids = Array.from({ length: 40 }, (_, index) => index + 1);
    const before = await recommendFor(db, shopId, ids);
    const settings = await loadRecommendationSettings(db, shopId);
    expect(settings?.heldOutBasisPoints).toBe(500);
    expect([...before.keys()]).toEqual(ids);
    const customer = ids.slice(20).find((id) => before.get(id)?.isHeldOut === false) ?? 0;
    expect(before.get(customer)?.buyAgain).toEqual([
      { productId: TEA, because: null, reason: "bought-before" },
    ]);
    expect(await popularNow(db, shopId)).toHaveLength(3);
    expect((await goesWith(db, shopId, [CUP])).get(CUP)?.[0]).toBe(POT);

    await writeOrders(db, shopId, [
      { id: 41, on: daysAgo(0), customer, lines: [{ product: CUP, netMinor: 1000 }] },
    ]);
    const after = (await recommendFor(db, shopId, [customer])).get(customer);
    expect(after?.forYou).toEqual([{ productId: POT, because: CUP, reason: "bought-together" }]);
    expect(await loadRecommendationSettings(db, shopId)).toEqual(settings);

    // What is new to a customer is what was published since they last did something: here, ordered or spent points.
    const fresh = product(NEW_TEA, { publishedAt: Date.now() - 5 * DAY_MS, productType: "Coffee" });
    await db.write((tx) => saveProducts(tx, shopId, [fresh], Date.now()));
    const other = ids.slice(20).find((id) => id !== customer && before.get(id)?.isHeldOut === false) ?? 0;
    const newTo = async (id: number) => (await recommendFor(db, shopId, [id])).get(id)?.newForYou;
    expect(await newTo(customer)).toEqual([]);
    expect(await newTo(other)).toEqual([{ productId: NEW_TEA, because: TEA, reason: "new" }]);
    await spendPoints(db, shopId, other);
    expect(await newTo(other)).toEqual([]);

    const gone = product(POT, { publishedAt: null, updatedAt: Date.now() });
    await db.write((tx) => saveProducts(tx, shopId, [gone], Date.now()));
    expect((await recommendFor(db, shopId, [customer])).get(customer)?.forYou).toEqual([]);
    expect(await recommendFor(db, shopId + 1, [customer])).toEqual(new Map());
  });

  async function spendPoints(db: Database, shopId: number, customerId: number): Promise<void> {
    const redemption = { id: "r", rewardId: "w", requestKey: "k", points: 1n, status: "issued" };
    await db.write(async (tx) => {
      await tx.prisma.memberLink.create({ data: { shopId, customerId, memberId: 1 } });
      await tx.prisma.redemption.create({
        data: { shopId, memberId: 1, ...redemption, reservedAt: Date.now() },
      });
    });
  }

  test("are changed as a whole, once; another share draws who is held out anew", async () => {
    const db = await open();
    const shopId = await createShop(db, "tea.myshopify.com");
    const wish = {
      ...{ intent: "save-recommendations", version: "0", heldOutBasisPoints: "500", marginWeight: "0.5" },
      ...{ mostOfType: "any", pinned: `${POT},${TEA}`, hidden: "" },
    };
    expect(await changeRecommendations(db, shopId, wish)).toMatchObject({ ok: true });
    const first = await loadRecommendationSettings(db, shopId);
    expect(first?.switches).toEqual({ pinned: [POT, TEA], hidden: [], marginWeight: 0.5, mostOfType: null });
    expect(await changeRecommendations(db, shopId, wish)).toMatchObject({
      ok: false,
      changedMeanwhile: true,
    });

    // With the storefront on, what shoppers see follows at once.
    expect(await republishings(db, shopId)).toBe(0);
    await db.write((tx) => saveStorefront(tx, shopId, { state: "on", startedAt: 0 }));
    const second = { ...wish, version: "1", hidden: String(CUP), mostOfType: "2" };
    await changeRecommendations(db, shopId, second);
    expect(await republishings(db, shopId)).toBe(1);
    expect((await loadRecommendationSettings(db, shopId))?.experimentKey).toBe(first?.experimentKey);
    await changeRecommendations(db, shopId, { ...second, version: "2", heldOutBasisPoints: "1000" });
    const third = await loadRecommendationSettings(db, shopId);
    expect(third).toMatchObject({
      heldOutBasisPoints: 1000,
      version: 3,
      switches: { hidden: [CUP], mostOfType: 2 },
    });
    expect(third?.experimentKey).not.toBe(first?.experimentKey);

    const odd = [
      { heldOutBasisPoints: "9900" },
      { pinned: "1,1" },
      { hidden: "<script>" },
      { mostOfType: "7" },
    ];
    for (const part of odd) expect(await changeRecommendations(db, shopId, { ...wish, ...part })).toBeNull();
  });
});
