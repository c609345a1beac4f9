/** What a merchant decides: saved by one at a time, and followed by every customer's row. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { reportShop } from "../../app/services/metrics/report-shop.server.ts";
import { changeGuide } from "../../app/services/settings/change-guide.server.ts";
import { saveSettings } from "../../app/services/settings/save-settings.server.ts";
import type { Settings } from "../../app/services/settings/settings-input.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import {
  startAppWorker,
  startLocalShopify,
  until,
  untilSynced,
  type LocalShopify,
} from "../support/local-shopify.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const SETTINGS: Settings = {
  included: { tax: true, shipping: false, giftCards: false },
  basis: "refund date",
  flatMarginBasisPoints: 3_550,
  excludedTags: [],
};

describeOnBothDatabases("settings", (open) => {
  it("are saved by one of two who began with the same ones, and the other is told", async () => {
    const { db, shopId } = await openShop(local, await open());
    const answers = await Promise.all([
      saveSettings(db, shopId, { settings: SETTINGS, version: 0 }),
      saveSettings(db, shopId, { settings: { ...SETTINGS, flatMarginBasisPoints: 1 }, version: 0 }),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers).toContainEqual({ ok: false, reason: "changed-meanwhile" });
    const winner = answers[0]?.ok ? 3_550 : 1;
    expect(await findShopById(db, shopId)).toMatchObject({
      countsTax: true,
      refundBasis: "refund date",
      flatMarginBasisPoints: winner,
      settingsVersion: 1,
      tagsVersion: 0,
    });
    expect(await saveSettings(db, shopId, { settings: SETTINGS, version: 1 })).toEqual({
      ok: true,
      version: 2,
    });
  });

  it("put the guide away, bring it back, and are found right", async () => {
    const { db, shopId } = await openShop(local, await open());
    await changeGuide(db, shopId, "dismiss-guide");
    await changeGuide(db, shopId, "confirm-settings");
    expect(await findShopById(db, shopId)).toMatchObject({
      guideDismissedAt: expect.any(Number) as number,
      settingsSavedAt: expect.any(Number) as number,
    });
    await changeGuide(db, shopId, "show-guide");
    expect((await findShopById(db, shopId))?.guideDismissedAt).toBeNull();
  });

  it("leave out the customers of a tag, take them in again, and follow tags that change meanwhile", async () => {
    const at = await openShop(local, await open());
    const { db, shop, shopId, customer } = at;
    const tagged = ["Wholesale", 'a "b" \\ c', "other"].map((tag, index) =>
      value(actions.createCustomer(local.world, shop, { email: `c${index}@example.com`, tags: [tag] })),
    );
    const [wholesale, quoted, other] = tagged.map(({ id }) => id);
    for (const id of [customer.id, wholesale, quoted, other]) at.order(id);
    const worker = await startAppWorker(db);
    try {
      await untilSynced(db, shopId);
      await local.devstore.webhooks.idle();
      expect(await counted()).toEqual({ orders: 4, customers: 4 });

      await save(["wholesale", 'A "b" \\ c'], 0);
      expect(await excluded()).toEqual([wholesale, quoted].toSorted());
      expect(await counted()).toEqual({ orders: 2, customers: 2 });
      expect(await findShopById(db, shopId)).toMatchObject({ taggedExpected: 2, taggedFound: 2 });

      await save(["other"], 1);
      expect(await excluded()).toEqual([other]);

      // The customer's own tags change: the webhook's way decides by the same tags.
      value(actions.updateCustomer(local.world, shop, { customerId: customer.id, tags: ["Other"] }));
      await until("the customer to be left out", async () => (await excluded()).length === 2);

      await save([], 2);
      expect(await excluded()).toEqual([]);
      expect(await counted()).toEqual({ orders: 4, customers: 4 });
    } finally {
      await worker.stop();
    }
    await workEvents(local, at);

    async function save(excludedTags: string[], version: number) {
      const settings = { ...SETTINGS, excludedTags };
      expect(await saveSettings(db, shopId, { settings, version })).toMatchObject({ ok: true });
      await until("the tags to be followed", async () => {
        const row = await findShopById(db, shopId);
        return row?.tagsVersion === version + 1 && row.tagsAppliedVersion === row.tagsVersion;
      });
    }

    async function excluded() {
      const rows = await db.prisma.customer.findMany({ where: { shopId, excluded: true } });
      return rows.map(({ id }) => Number(id)).toSorted();
    }

    async function counted() {
      const { orders, customers } = (await reportShop(db.url, shopId)).figures;
      return { orders, customers };
    }
  });
});
