/** What a merchant does with the programme and sees of it: rules by version, adjustments that happen once, and the ledger page by page. */
import { expect, it } from "vitest";
import type { Reward } from "../../app/core/loyalty/reward.ts";
import { explain } from "../../app/core/loyalty/explain.ts";
import { ledgerActivity, type ActivityFilter } from "../../app/db/queries/ledger-activity.server.ts";
import { memberTransactions } from "../../app/db/queries/member-account.server.ts";
import { memberStatement, type StatementPlace } from "../../app/db/queries/member-statement.server.ts";
import { programmeTotals } from "../../app/db/queries/programme-totals.server.ts";
import { membersOf, mergeLinkedMembers } from "../../app/db/stores/members.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { findProgramme } from "../../app/db/stores/programmes.server.ts";
import { listRewards } from "../../app/db/stores/rewards.server.ts";
import {
  ensureShop,
  findShopById,
  lockShop,
  markInstalled,
  type Shop,
} from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { accrueOrders } from "../../app/services/loyalty/accrue-orders.server.ts";
import { adjustPoints, undoPoints } from "../../app/services/loyalty/adjust-points.server.ts";
import { advancePoints } from "../../app/services/loyalty/advance-points.server.ts";
import { changeMember } from "../../app/services/loyalty/change-member.server.ts";
import { changeProgramme } from "../../app/services/loyalty/change-programme.server.ts";
import { changeReward } from "../../app/services/loyalty/change-reward.server.ts";
import { openActivity } from "../../app/services/loyalty/open-activity.server.ts";
import { openMember } from "../../app/services/loyalty/open-member.server.ts";
import { openProgramme } from "../../app/services/loyalty/open-programme.server.ts";
import { openReward, openRewards } from "../../app/services/loyalty/open-rewards.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { giveMembersPoints } from "../support/loyalty-members.ts";
import { makeLine, makeOrder, START } from "../support/orders.ts";

async function openShop(db: Database, domain = "pages.myshopify.com"): Promise<Shop> {
  const shopId = await db.write(async (tx) => {
    const { id } = await ensureShop(tx, domain);
    await markInstalled(tx, id, { timeZone: "Europe/Berlin", currency: "EUR" }, START);
    return id;
  });
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("no shop");
  return shop;
}

const START_STEADY = { intent: "start", template: "steady", membership: "automatic" };

/** An order of 10.00 that is placed now. */
async function order(db: Database, shopId: number, id: number, customerId = 5): Promise<void> {
  await db.write(async (tx) => {
    const shop = await lockShop(tx, shopId);
    const placedAt = Date.now();
    const lines = [makeLine({ id })];
    await saveOrders(tx, shopId, [makeOrder({ id, customerId, placedAt, paidAt: placedAt, lines })]);
    await accrueOrders(tx, shop, [id], placedAt);
  });
}

async function earned(db: Database, shopId: number): Promise<[number, number][]> {
  const rows = await db.prisma.orderAccrual.findMany({ where: { shopId }, orderBy: { orderId: "asc" } });
  return rows.map(({ version, postedPoints }) => [version, Number(postedPoints)]);
}

describeOnBothDatabases("a programme in a merchant's hands", (open) => {
  async function rulesOf(db: Database, shopId: number) {
    const latest = (await findProgramme(db, shopId))?.versions.at(-1);
    if (!latest) throw new Error("no programme");
    const { isAccruing, ...edited } = latest.rules;
    return { version: latest.version, edited, kept: { isAccruing } };
  }

  it("starts once, and counts only what is ordered from then on", async () => {
    const db = await open();
    const shop = await openShop(db);
    expect((await openProgramme(db, shop)).templates.map(({ name }) => name)).toContain("steady");
    expect(await changeProgramme(db, shop.id, { intent: "pause", accrues: "yes" })).toMatchObject({
      ok: false,
    });
    expect(await changeProgramme(db, shop.id, { ...START_STEADY, template: "free" })).toBeNull();
    expect(await changeProgramme(db, shop.id, START_STEADY)).toMatchObject({ ok: true });
    expect(await changeProgramme(db, shop.id, START_STEADY)).toMatchObject({ ok: false });
    expect((await findProgramme(db, shop.id))?.accruedVersion).toBe(
      (await findShopById(db, shop.id))?.dataVersion,
    );
    await order(db, shop.id, 1);
    expect(await earned(db, shop.id)).toEqual([[1, 10]]);
    expect((await openProgramme(db, shop)).totals).toEqual({
      ...{ members: 1, available: 0, pending: 10, debt: 0 },
    });
  });

  it("changes its rules for later orders, and tells the second of two who do", async () => {
    const db = await open();
    const shop = await openShop(db);
    await changeProgramme(db, shop.id, START_STEADY);
    await order(db, shop.id, 1);
    const { edited, kept, version } = await rulesOf(db, shop.id);
    const save = (rules: unknown, from: number) =>
      changeProgramme(db, shop.id, { intent: "save-rules", rules: JSON.stringify(rules), version: from });
    const match = { productIds: [7], channels: ["pos"], countries: ["DE"] };
    const promotion = { name: "Spring", startsAt: 1, endsAt: 2, factorPercent: 200, match: {} };
    const special = { multipliers: [{ match, factorPercent: 150 }], events: [promotion] };
    const tripled = { ...edited, ...special, base: { points: 3, perMinor: 100 } };
    expect(await save(tripled, version)).toMatchObject({ ok: true });
    expect(await save(edited, version)).toMatchObject({ ok: false, changedMeanwhile: true });
    for (const odd of [
      { ...edited, windowDays: -1 },
      { ...edited, base: { points: 1, perMinor: 0 } },
      { ...edited, multipliers: [{ match: { countries: ["Germany"] }, factorPercent: 100 }] },
      { ...edited, multipliers: [{ match: { productIds: [] }, factorPercent: 100 }] },
      { ...edited, events: [{ ...promotion, endsAt: 1 }] },
      { ...edited, bonusProducts: [1, 2].map((points) => ({ productId: 7, points })) },
      {},
      "x",
    ]) {
      expect(await save(odd, version + 1)).toMatchObject({ ok: false });
    }
    expect(await rulesOf(db, shop.id)).toEqual({ edited: tripled, kept, version: 2 });
    await order(db, shop.id, 2);
    expect(await earned(db, shop.id)).toEqual([
      [1, 10],
      [2, 30],
    ]);
  });

  it("pauses with or without earning, as was said, and goes on", async () => {
    const db = await open();
    const shop = await openShop(db);
    await changeProgramme(db, shop.id, START_STEADY);
    const state = async () => (await findProgramme(db, shop.id))?.state;
    await changeProgramme(db, shop.id, { intent: "pause", accrues: "yes" });
    expect(await state()).toBe("paused");
    await order(db, shop.id, 1);
    await changeProgramme(db, shop.id, { intent: "pause", accrues: "no" });
    await order(db, shop.id, 2);
    await changeProgramme(db, shop.id, { intent: "go-on" });
    expect(await state()).toBe("running");
    await order(db, shop.id, 3);
    expect((await earned(db, shop.id)).map(([, points]) => points)).toEqual([10, 0, 10]);
  });
});

describeOnBothDatabases("rewards in a merchant's hands", (open) => {
  async function openWithProgramme() {
    const db = await open();
    const shop = await openShop(db);
    await changeProgramme(db, shop.id, START_STEADY);
    const save = (reward: unknown, begunFrom: unknown = null) =>
      changeReward(db, shop.id, {
        ...{ intent: "save-reward", reward: JSON.stringify(reward) },
        begunFrom: begunFrom === null ? "" : JSON.stringify(begunFrom),
      });
    return { db, shop, save, saved: () => listRewards(db, shop.id) };
  }

  const reward: Reward = {
    ...{ id: "five", name: "Five off", gives: { kind: "amount-off", valueMinor: 500 }, costPoints: 100 },
    ...{ minimumMinor: 2_000, combinesWith: { order: false, product: true, shipping: true } },
    ...{ validDays: 60, returnsUnused: true, isActive: true },
  };

  it("are saved once, refused with the fields at fault, and the second of two who change one is told", async () => {
    const { db, shop, save, saved } = await openWithProgramme();
    expect(await Promise.all([save(reward), save(reward)])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await saved()).toEqual([reward]);

    const dearer = { ...reward, costPoints: 200 };
    expect(await save(dearer, reward)).toMatchObject({ ok: true });
    expect(await save({ ...reward, name: "Other" }, reward)).toMatchObject({
      ok: false,
      changedMeanwhile: true,
    });
    expect(await save({ ...reward, name: "Other" })).toMatchObject({ ok: false, changedMeanwhile: true });
    const odd = { ...reward, name: " ", costPoints: 0, gives: { kind: "percentage", percent: 101 } };
    expect(await save(odd, dearer)).toMatchObject({ ok: false, faults: ["name", "costPoints", "percent"] });
    for (const none of [{ ...reward, validDays: "x" }, { ...reward, id: "a b" }, {}, "x"]) {
      expect(await save(none)).toBeNull();
    }
    expect(await saved()).toEqual([dearer]);

    const abroad = { ...dearer, gives: { ...reward.gives, amounts: { USD: 600, EUR: 550 } } };
    expect(await save(abroad, dearer)).toMatchObject({ ok: true });
    expect((await saved())[0]?.gives).toEqual({ ...reward.gives, amounts: { EUR: 550, USD: 600 } });
    expect(await save({ ...abroad, gives: { ...reward.gives, amounts: { XYZ: 1 } } }, abroad)).toMatchObject({
      ...{ ok: false, faults: ["amounts"] },
    });
    expect(await save(dearer, abroad)).toMatchObject({ ok: true });

    // What means nothing for a kind is not kept, and what is offered is no part of the form.
    await changeReward(db, shop.id, { intent: "withdraw", id: "five" });
    const credit: Reward = { ...dearer, gives: { kind: "store-credit", valueMinor: 700 } };
    expect(await save(credit, dearer)).toMatchObject({ ok: true });
    const plain = { minimumMinor: null, combinesWith: { order: false, product: false, shipping: false } };
    expect(await saved()).toEqual([{ ...credit, ...plain, returnsUnused: false, isActive: false }]);
    await changeReward(db, shop.id, { intent: "offer", id: "five" });
    expect(await saved()).toMatchObject([{ isActive: true }]);
    expect(await changeReward(db, shop.id, { intent: "offer", id: "none" })).toMatchObject({ ok: false });
    // Shopify cannot be asked here.
    expect(await changeReward(db, shop.id, { intent: "scopes-granted" })).toMatchObject({ ok: false });
  });

  it("are told the cheapest first, each with what has become of it and what Shopify must allow", async () => {
    const { db, shop, save } = await openWithProgramme();
    const other = await openShop(db, "other.myshopify.com");
    expect(await openRewards(db, other)).toBeNull();
    expect((await openRewards(db, shop))?.templates.map(({ beginning }) => beginning.costPoints)).toEqual([
      100, 200, 150,
    ]);
    await save(reward);
    await save({ ...reward, id: "cheap", costPoints: 50 });
    await save({ ...reward, id: "gone", costPoints: 1 });
    await changeReward(db, shop.id, { intent: "withdraw", id: "gone" });
    const statuses = ["reserved", "issued", "used", "expired", "cancelled", "failed"];
    const rows = [...statuses, "used"].map((status, place) => ({
      ...{ shopId: shop.id, id: `r${place}`, requestKey: `r${place}`, memberId: 1, rewardId: "five" },
      ...{ points: 100, status, code: `C${place}`, expiresAt: 1, reservedAt: 0 },
    }));
    await db.write((tx) => tx.prisma.redemption.createMany({ data: rows }));
    const page = await openRewards(db, shop);
    expect(page?.rewards.map(({ id }) => id)).toEqual(["cheap", "five", "gone"]);
    expect(await page?.counts).toEqual({ five: { held: 2, used: 2, expired: 1 } });
    expect(page?.missing["gift-card"]).toEqual(["write_gift_cards", "write_customers"]);
    const asked = (id: string, of = shop, template = "") =>
      openReward(db, of, id, new URLSearchParams({ template }));
    expect(await asked("five")).toMatchObject({ reward, held: 2 });
    expect(await asked("new", shop, "percentage")).toMatchObject({
      ...{ reward: null, isFromTemplate: true, beginning: { gives: { kind: "percentage" } } },
    });
    expect([await asked("none"), await asked("five", other)]).toEqual([null, "no-programme"]);
  });
});

describeOnBothDatabases("a member's account", (open) => {
  /** Somebody with 10 pending points. */
  async function openAccount() {
    const db = await open();
    const shop = await openShop(db);
    await changeProgramme(db, shop.id, START_STEADY);
    await order(db, shop.id, 1);
    const memberId = (await membersOf(db, shop.id, [5])).get(5) ?? 0;
    const balance = async () =>
      (await memberStatement(db, shop.id, memberId, { before: null, size: 5, now: Date.now() }))?.balance;
    return { db, shop, memberId, balance };
  }

  it("is adjusted once under a key, never below zero, and undone once", async () => {
    const { db, shop, memberId, balance } = await openAccount();
    const give = { key: "a", memberId, points: 50, reason: "Late parcel" };
    await Promise.all([1, 2, 3].map(() => adjustPoints(db, shop, give)));
    expect(await balance()).toEqual({ pending: 10, available: 50, owed: 0 });
    for (const other of [
      { ...give, points: 51 },
      { ...give, reason: "Other" },
    ]) {
      expect(await adjustPoints(db, shop, other)).toEqual({ ok: false, reason: "other-contents" });
    }
    const take = { key: "b", memberId, points: -60, reason: "Too much" };
    expect(await adjustPoints(db, shop, take)).toEqual({
      ...{ ok: false, reason: "insufficient-points", available: 50 },
    });
    expect(await adjustPoints(db, shop, { ...take, points: -20 })).toEqual({ ok: true });
    expect(await adjustPoints(db, shop, { ...take, points: -20 })).toEqual({ ok: true });
    expect(await balance()).toMatchObject({ available: 30 });

    const undo = (adjustmentId: string) => undoPoints(db, shop.id, { memberId, adjustmentId });
    await Promise.all([undo("b"), undo("b")]);
    expect(await balance()).toMatchObject({ available: 50 });
    await adjustPoints(db, shop, { key: "c", memberId, points: -50, reason: "Spent in the shop" });
    await Promise.all([undo("a"), undo("a")]);
    expect(await balance()).toEqual({ pending: 10, available: 0, owed: 50 });
    expect(await undo("none")).toEqual({ ok: false, reason: "no-such-adjustment" });
    const statement = await memberStatement(db, shop.id, memberId, {
      before: null,
      size: 9,
      now: Date.now(),
    });
    expect(statement?.lines.map(({ kind, canUndo }) => [kind, canUndo])).toEqual([
      ["undo", false],
      ["adjust", true],
      ["undo", false],
      ["adjust", false],
      ["adjust", false],
      ["earn", false],
    ]);
  });

  it("is asked by its customer, who may have to join first", async () => {
    const { db, shop } = await openAccount();
    await db.write((tx) => saveOrders(tx, shop.id, [makeOrder({ id: 9, customerId: 6 })]));
    const ask = (customerId: number, form: Record<string, unknown>) =>
      changeMember(db, shop, customerId, form);
    const adjust = { intent: "adjust", key: "k", points: "-5", reason: "Why not" };
    expect(await ask(6, adjust)).toMatchObject({ ok: false, message: "This customer is no member" });
    expect(await ask(6, { intent: "join" })).toMatchObject({ ok: true });
    expect(await ask(6, adjust)).toMatchObject({ ok: false, message: "Only 0 points can be taken" });
    for (const odd of [{ points: "0" }, { points: "1.5" }, { reason: " " }, { key: "" }]) {
      expect(await ask(6, { ...adjust, ...odd })).toBeNull();
    }
    // Another member's adjustment is not undone from here.
    await ask(5, { ...adjust, points: "5" });
    expect(await ask(6, { intent: "undo", id: "k" })).toMatchObject({ ok: false });
    expect(await ask(5, { intent: "undo", id: "k" })).toMatchObject({ ok: true });
  });

  it("is read in pages that say what reading it whole says, also after a merge and before the job came by", async () => {
    const { db, shop, memberId } = await openAccount();
    await order(db, shop.id, 2, 6);
    await order(db, shop.id, 3, 5);
    for (const key of ["x", "y", "z"]) {
      await adjustPoints(db, shop, { key, memberId, points: 7, reason: key });
    }
    await db.write((tx) => mergeLinkedMembers(tx, shop.id, 6, 5, Date.now()));
    const later = Date.now() + 30 * 86_400_000;
    const pages = async (now: number) => {
      const lines = [];
      let before: StatementPlace | null = null;
      do {
        const page: Awaited<ReturnType<typeof memberStatement>> = await memberStatement(
          ...([db, shop.id, memberId, { before, size: 2, now }] as const),
        );
        if (!page) throw new Error("no member");
        lines.push(...page.lines.map(({ canUndo: _, ...line }) => line));
        before = page.older;
      } while (before);
      return lines;
    };
    const { memberIds, transactions } = await memberTransactions(db, shop.id, memberId);
    expect((await pages(Date.now())).toReversed()).toEqual(explain(transactions, memberIds));
    const [newest] = await pages(later);
    expect(newest).toMatchObject({ kind: "ripen", balance: { pending: 0, available: 51, owed: 0 } });
    const shown = await openMember(db, shop, 5, new URLSearchParams());
    expect(shown.account?.lines).toHaveLength(transactions.length);
    // Shopify cannot be asked here; whether it can is known before the database goes.
    await Promise.allSettled([shown.names, shown.account?.orderNames]);
  });
});

describeOnBothDatabases("the activity", (open) => {
  it("tells every line once, in pages of any size, by kind and by member, and nothing of another shop", async () => {
    const db = await open();
    const shop = await openShop(db);
    const other = await openShop(db, "other.myshopify.com");
    const customers = Array.from({ length: 25 }, (_, index) => index + 1);
    await db.write(async (tx) => {
      await giveMembersPoints(tx, shop.id, customers, START);
      await giveMembersPoints(tx, other.id, [1], START);
    });
    // All ripen at one moment: pages are cut within it.
    await advancePoints(db, shop.id, AbortSignal.timeout(10_000));
    const all = async (filter: ActivityFilter, size: number) => {
      const lines = [];
      let after = null;
      do {
        const page: Awaited<ReturnType<typeof ledgerActivity>> = await ledgerActivity(
          ...([db, shop.id, filter, { after, size }] as const),
        );
        lines.push(...page.lines);
        after = page.older;
      } while (after);
      return lines;
    };
    const whole = await all({ kind: null, memberId: null }, 1_000);
    expect(whole).toHaveLength(50);
    expect(whole.map(({ at }) => at)).toEqual(whole.map(({ at }) => at).toSorted((a, b) => b - a));
    expect(whole[0]).toMatchObject({ kind: "ripen", available: 120, pending: -120, owed: 0 });
    expect(new Set(whole.map(({ customerId }) => customerId))).toEqual(new Set(customers));
    for (const size of [1, 7, 24, 25]) {
      expect(await all({ kind: null, memberId: null }, size)).toEqual(whole);
      const ripened = await all({ kind: "ripen", memberId: null }, size);
      expect(ripened).toEqual(whole.filter(({ kind }) => kind === "ripen"));
      const own = await all({ kind: null, memberId: 3 }, size);
      expect(own).toEqual(whole.filter(({ memberId }) => memberId === 3));
      expect(await all({ kind: "earn", memberId: 3 }, size)).toEqual([own[1]]);
    }
    expect(await programmeTotals(db, shop.id)).toEqual({
      ...{ members: 25, available: 3_000, pending: 0, debt: 0 },
    });
  });

  it("is filtered by the customer's number in the address", async () => {
    const db = await open();
    const shop = await openShop(db);
    const linesAt = async (search: string) =>
      (await openActivity(db, shop, new URLSearchParams(search))).page?.lines.length;
    expect(await linesAt("")).toBeUndefined();
    await db.write((tx) => giveMembersPoints(tx, shop.id, [41, 42], START));
    expect(await linesAt("")).toBe(2);
    expect(await linesAt("customer=42&kind=earn&after=nonsense")).toBe(1);
    expect(await linesAt("customer=42&kind=ripen")).toBe(0);
    expect(await linesAt("member=1")).toBe(1);
    for (const nobody of ["43", "Ann", "1e3"]) expect(await linesAt(`customer=${nobody}`)).toBe(0);
  });
});
