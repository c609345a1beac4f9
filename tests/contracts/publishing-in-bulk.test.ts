/** Many customers are published by bulk operations: each once, whatever becomes of an operation, and whoever acts meanwhile at once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { findBulkPublication } from "../../app/db/stores/bulk-publications.server.ts";
import { publishLater } from "../../app/db/stores/publications.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { publishInBulk } from "../../app/services/storefront/publish-in-bulk.server.ts";
import { publishProfiles } from "../../app/services/storefront/publish-profiles.server.ts";
import { switchStorefront } from "../../app/services/storefront/switch-storefront.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { setMetafields } from "../../devstore/state/shop-actions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { never, openPublished, profile, requestsOf, waiting } from "../support/open-published.ts";
import { givePoints, type OpenProgramme } from "../support/open-programme.ts";
import { value } from "../support/open-shop.ts";
import { publishByBulk, SMALL_BULK } from "../support/publish-by-bulk.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(async () => {
  await closeShopMetrics();
  await local.stop();
});

const CHILD = path.resolve(import.meta.dirname, "../support/publish-child.ts");
const MEMBERS = 14;

/** The ordinary way, which begins a run where many wait. */
const publishFew = ({ db, shopId }: OpenProgramme) =>
  publishProfiles(db, shopId, never, undefined, SMALL_BULK);

const byBulk = ({ db, shopId }: OpenProgramme) => publishByBulk(db, shopId, never);

const points = (open: OpenProgramme) =>
  open.members.map(({ customer }) => Number(profile(open, customer.id)["points"]));

const run = async ({ db, shopId }: OpenProgramme) => {
  const found = await findBulkPublication(db, shopId);
  if (!found) throw new Error("there was no run");
  return found;
};

async function giveAll({ db, shopId, members }: OpenProgramme, given: number): Promise<void> {
  for (const { memberId } of members) await givePoints(db, shopId, memberId, given);
}

/** Somebody else writes a customer's points at Shopify. */
function overwrite({ shop }: OpenProgramme, customerId: number): void {
  const ownerId = `gid://shopify/Customer/${customerId}`;
  const own = [...(shop.metafields.get(ownerId)?.values() ?? [])].find(({ key }) => key === "points");
  if (!own) throw new Error("nothing is published");
  const { namespace, key, type } = own;
  value(setMetafields(local.world, shop, [{ ownerId, namespace, key, type, value: "7" }]));
}

describeOnBothDatabases("publishing in bulk", (openDb) => {
  test("writes each customer once, tells stale from written, and lets whoever acts meanwhile pass", async () => {
    const db = await openDb();
    const open = await openPublished(local, db, MEMBERS);
    const { shopId, members, shop } = open;
    expect(await findBulkPublication(db, shopId)).toBeNull();

    await giveAll(open, 1);
    const [other, gone, acting] = members;
    if (!other || !gone || !acting) throw new Error("there are members");
    overwrite(open, other.customer.id);
    value(actions.deleteCustomer(local.world, shop, { customerId: gone.customer.id }));
    await db.write((tx) => publishLater(tx, shopId, [acting.customer.id], { first: true }));
    // One call for whoever acts, none for those who are left to the operations.
    expect(await requestsOf(() => publishFew(open))).toBe(1);
    expect(profile(open, acting.customer.id)["points"]).toBe("1001");
    expect(await waiting(open)).toBe(MEMBERS - 1);
    expect(await run(open)).toMatchObject({ state: "collecting", total: MEMBERS });

    // Gathered and brought to Shopify; then somebody of the file acts again, and another is erased.
    await publishInBulk(db, shopId, never, SMALL_BULK);
    expect(await run(open)).toMatchObject({ state: "uploaded", round: 1 });
    const inFile = await db.prisma.publication.findMany({
      where: { shopId, bulkRound: 1 },
      orderBy: { ownerId: "desc" },
    });
    expect(inFile.length).toBe(SMALL_BULK.mostCustomers);
    const [busy, erased] = inFile.map(({ ownerId }) => Number(ownerId));
    const member = members.find(({ customer }) => customer.id === busy);
    if (!member || busy === undefined || erased === undefined)
      throw new Error("there are customers in the file");
    await givePoints(db, shopId, member.memberId, 1);
    await db.write((tx) => eraseCustomer(tx, shopId, erased, [], 1));

    await byBulk(open);
    const ended = await run(open);
    expect(ended).toMatchObject({ state: "idle", stale: 1, refused: 1 });
    // The last few are left to the ordinary way.
    expect(ended.written).toBeGreaterThanOrEqual(2 * SMALL_BULK.mostCustomers - 2);
    await publishFew(open);
    expect(await waiting(open)).toBe(0);
    const left = members.filter(({ customer }) => customer.id !== gone.customer.id && customer.id !== erased);
    for (const { customer } of left) {
      expect(profile(open, customer.id)["points"]).toBe(customer.id === busy ? "1002" : "1001");
    }
    expect(profile(open, erased)).toEqual({});
    // Nothing is written twice: what came of the operations was noted.
    expect(await requestsOf(() => publishFew(open))).toBe(0);
    await db.write((tx) =>
      publishLater(
        tx,
        shopId,
        left.map(({ customer }) => customer.id),
        { first: false },
      ),
    );
    expect(await requestsOf(() => publishFew(open).then(() => byBulk(open)))).toBe(0);
    expect(await waiting(open)).toBe(0);
  }, 60_000);

  test("is right after a crash anywhere, and where operations fail, stall or are never answered", async () => {
    const db = await openDb();
    const open = await openPublished(local, db, MEMBERS);
    const { shopId } = open;
    let given = 1000;
    const giveOne = async () => {
      given += 1;
      await giveAll(open, 1);
      await publishFew(open);
    };
    const settled = async (about: string) => {
      await byBulk(open);
      await publishFew(open);
      expect(points(open), about).toEqual(Array(MEMBERS).fill(given));
      expect(await waiting(open), about).toBe(0);
    };

    for (const place of [
      "shopify:after-upload",
      "publish-in-bulk:after-start",
      "publish-in-bulk:after-settle-commit",
    ]) {
      await giveOne();
      const child = spawn(process.execPath, [CHILD, db.url, String(shopId), "bulk"], {
        env: { ...process.env, FAILPOINT: place },
        stdio: ["ignore", "ignore", "inherit"],
      });
      const [, signal] = (await once(child, "exit")) as [number | null, string | null];
      expect(signal, place).toBe("SIGKILL");
      const before = await run(open);
      await settled(place);
      // An operation whose id was lost is found again: nothing was run twice, so nothing was stale.
      const after = await run(open);
      expect(after, place).toMatchObject({ state: "idle", stale: 0, attempts: 0 });
      expect(after.round, place).toBeGreaterThanOrEqual(before.round);
    }

    const { chaos } = local.world;
    await giveOne();
    chaos.failBulk.next = 1;
    await settled("failed");
    await giveOne();
    chaos.stallBulk.next = 1;
    await settled("stalled");
    await giveOne();
    chaos.expireBulkUrl.next = 1;
    await settled("expired");
    await giveOne();
    // Operation after operation fails before it has done a thing: the ordinary way takes over for a while.
    chaos.stallBulk.next = SMALL_BULK.mostFailures;
    await settled("given up");
    expect((await run(open)).notBefore).toBeGreaterThan(Date.now());
    await giveOne();
    expect((await run(open)).state).toBe("idle");
    await settled("paused");

    await db.write((tx) =>
      tx.prisma.bulkPublication.updateMany({ where: { shopId }, data: { notBefore: null } }),
    );
    await giveOne();
    await publishInBulk(db, shopId, never, SMALL_BULK);
    await switchStorefront(db, shopId, false);
    expect(await publishInBulk(db, shopId, never, SMALL_BULK)).toBeUndefined();
    expect(await run(open)).toMatchObject({ state: "idle" });
    await switchStorefront(db, shopId, true);
    await publishFew(open);
    await settled("on again");
  }, 90_000);
});
