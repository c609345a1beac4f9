/** What members earn for beside orders: each deed once, whoever finds it and however often, and within the merchant's limits. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Activity } from "../../app/core/loyalty/activity.ts";
import { isoDate, shopCalendar } from "../../app/core/calendar.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { addMembers, membersOf } from "../../app/db/stores/members.server.ts";
import { addProgrammeVersion, saveActivities, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { changeActivities } from "../../app/services/loyalty/change-activities.server.ts";
import { earnActivity, earnCustomAction } from "../../app/services/loyalty/earn-activity.server.ts";
import { findDeedsJob } from "../../app/services/loyalty/find-deeds.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import { followForShopper } from "../../app/services/storefront/follow-for-shopper.server.ts";
import { saveBirthday } from "../../app/services/storefront/save-birthday.server.ts";
import { enqueue } from "../../app/db/stores/jobs.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startAppWorker, startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";
import { START } from "../support/orders.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const activity = (kind: Activity["kind"], points: number, facts: Partial<Activity> = {}): Activity => ({
  ...{ key: kind, kind, name: "", points, url: null, most: 1, per: "ever" },
  ...facts,
});

describeOnBothDatabases("other ways to earn", (open) => {
  async function openEarning(
    activities: readonly Activity[],
    membership: "automatic" | "joining" = "joining",
  ) {
    const at = await openShop(local, await open());
    const { db, shopId } = at;
    await db.write(async (tx) => {
      await saveProgramme(tx, shopId, { state: "running", membership, startedAt: START });
      await addProgrammeVersion(tx, shopId, START, makeRules());
      await saveActivities(tx, shopId, activities);
    });
    const points = async (customerId = at.customer.id) => {
      const memberId = (await membersOf(db, shopId, [customerId])).get(customerId);
      return memberId === undefined
        ? null
        : (await memberBalance(db, shopId, memberId, Date.now()))?.available;
    };
    return { ...at, points };
  }

  it("begin with joining, once, by hand or by the first order", async () => {
    const at = await openEarning([activity("join", 30)]);
    await joinProgramme(at.db, at.shopId, at.customer.id);
    await joinProgramme(at.db, at.shopId, at.customer.id);
    expect(await at.points()).toBe(30);
    const other = await openEarning([activity("join", 30)], "automatic");
    other.order(other.customer.id);
    other.order(other.customer.id);
    await workEvents(local, other);
    expect(await other.points()).toBe(20 + 20 + 30);
  });

  it("are told by others under their own key, up to the limit", async () => {
    const at = await openEarning([
      activity("custom", 5, { key: "review", name: "A review", most: 2, per: "day" }),
      activity("follow", 9, { key: "photos", name: "Photos", url: "https://photos.example/shop" }),
    ]);
    const tell = (idempotencyKey: string, key = "review", customerId = at.customer.id) =>
      earnCustomAction(at.db, at.shopId, { customerId, key, idempotencyKey });
    expect(await tell("a")).toEqual({ ok: false, reason: "no-member" });
    await joinProgramme(at.db, at.shopId, at.customer.id);
    const both = await Promise.all([tell("a"), tell("a")]);
    expect(both.map((each) => each.ok && each.isAgain).toSorted()).toEqual([false, true]);
    expect(await tell("b")).toEqual({ ok: true, points: 5, isAgain: false });
    expect(await tell("c")).toEqual({ ok: false, reason: "limit" });
    expect(await tell("a")).toEqual({ ok: true, points: 5, isAgain: true });
    expect(await tell("d", "none")).toEqual({ ok: false, reason: "no-such-activity" });
    // What a shopper follows is not told by others.
    expect(await tell("e", "photos")).toEqual({ ok: false, reason: "no-such-activity" });
    const follow = (key: string) => followForShopper(at.db, at.shopId, at.customer.id, key);
    expect(await follow("photos")).toEqual({ ok: true, message: "earned" });
    expect(await follow("photos")).toEqual({ ok: true, message: "earned-before" });
    expect(await follow("review")).toMatchObject({ ok: false });
    expect(await at.points()).toBe(5 + 5 + 9);
  });

  it("are one person's after a merge", async () => {
    const at = await openEarning([activity("join", 30), activity("birthday", 7, { per: "year" })]);
    const { id: other } = value(actions.createCustomer(local.world, at.shop, {}));
    for (const id of [at.customer.id, other]) await joinProgramme(at.db, at.shopId, id);
    await earnActivity(at.db, at.shopId, other, { key: "birthday", occasion: "2026" });
    const both = { customerOneId: at.customer.id, customerTwoId: other };
    const { kept } = value(actions.mergeCustomers(local.world, at.shop, both));
    await workEvents(local, at);
    expect(
      await earnActivity(at.db, at.shopId, kept.id, { key: "birthday", occasion: "2026" }),
    ).toMatchObject({
      isAgain: true,
    });
    expect(await at.points(kept.id)).toBe(30 + 30 + 7);
  });

  it("are found by night: birthdays, years of membership, the newsletter and what was told", async () => {
    const at = await openEarning([
      activity("birthday", 100, { per: "year" }),
      activity("anniversary", 10, { per: "year" }),
      activity("newsletter", 3),
      activity("profile", 1),
    ]);
    const { db, shopId } = at;
    at.shop.installation?.scopes.push("write_customers");
    const calendar = shopCalendar("America/New_York");
    const today = isoDate(calendar.dayOf(Date.now()));
    const yearAgo = Date.parse(`${Number(today.slice(0, 4)) - 1}${today.slice(4)}T18:00:00Z`);
    const { id: other } = value(
      actions.createCustomer(local.world, at.shop, { email: "o@example.com", acceptsMarketing: true }),
    );
    await db.write((tx) => addMembers(tx, shopId, [other], yearAgo));
    await joinProgramme(db, shopId, at.customer.id);
    expect(await saveBirthday(db, shopId, at.customer.id, today.slice(5))).toMatchObject({ ok: true });
    expect(await at.points()).toBe(1);
    const night = async () => {
      await db.write((tx) => enqueue(tx, findDeedsJob(shopId, Date.now())));
      const worker = await startAppWorker(db);
      try {
        await expect
          .poll(() => db.prisma.job.count({ where: { shopId, kind: "find-deeds" } }).catch(() => 0), {
            timeout: 20_000,
          })
          .toBe(0);
        await expect.poll(() => at.points(), { timeout: 20_000 }).toBe(101);
        await expect.poll(() => at.points(other), { timeout: 20_000 }).toBe(10 + 3);
      } finally {
        await worker.stop();
      }
    };
    await night();
    await night();
  });

  it("are saved over nobody's change, and refused where they make no sense", async () => {
    const at = await openEarning([activity("join", 30)]);
    const save = (activities: unknown, begunFrom: unknown = [activity("join", 30)]) =>
      changeActivities(at.db, at.shopId, {
        ...{ intent: "save-activities", activities: JSON.stringify(activities) },
        begunFrom: JSON.stringify(begunFrom),
      });
    expect(await save([activity("join", 40)])).toMatchObject({ ok: true });
    expect(await save([activity("join", 50)])).toMatchObject({ ok: false, changedMeanwhile: true });
    for (const wrong of [
      [activity("join", 0)],
      [activity("join", 1.5)],
      [activity("join", 5), activity("join", 5)],
      [activity("custom", 5, { key: "join", name: "x" })],
      [activity("custom", 5, { key: "a/b", name: "x" })],
      [activity("follow", 5, { key: "a", name: "x", url: "javascript:alert(1)" })],
      [activity("follow", 5, { key: "a", name: "x" })],
    ])
      expect(await save(wrong)).toMatchObject({ ok: false, message: "These ways to earn make no sense" });
  });
});
