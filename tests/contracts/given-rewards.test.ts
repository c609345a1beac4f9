/** What Perennial gives by itself for points, on both databases: codes of a pool, donations, refills and places, each exactly once. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RewardGives } from "../../app/core/loyalty/reward.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { differences } from "../../app/db/queries/ledger-proof.server.ts";
import { findRedemption } from "../../app/db/stores/redemptions.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { unitCounts } from "../../app/db/stores/reward-units.server.ts";
import type { Database } from "../../app/db/types.ts";
import { tellAccount } from "../../app/services/account/tell-account.server.ts";
import { requestCancellation } from "../../app/services/loyalty/cancel-redemption.server.ts";
import { changeReward } from "../../app/services/loyalty/change-reward.server.ts";
import { expireRedemptions } from "../../app/services/loyalty/expire-redemptions.server.ts";
import { loadDonations } from "../../app/services/loyalty/load-donations.server.ts";
import { openReward } from "../../app/services/loyalty/open-rewards.server.ts";
import { redeemReward } from "../../app/services/loyalty/redeem-reward.server.ts";
import { giveBack } from "../../app/services/storefront/give-back.server.ts";
import { offeredRewards } from "../../app/services/storefront/offered-rewards.server.ts";
import { redeemForShopper } from "../../app/services/storefront/redeem-for-shopper.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { COST, openProgramme } from "../support/open-programme.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const DAY_MS = 86_400_000;
let keys = 0;

async function openGiving(db: Database, members: number, points = 1_000) {
  const open = await openProgramme(local, db, { members, points });
  const stored = await findShopById(db, open.shopId);
  if (!stored) throw new Error("no shop");
  const { shopId } = open;
  const save = async (gives: RewardGives) => {
    const current = open.rewards[gives.kind];
    const reward = { ...current, gives, returnsUnused: gives.kind === "refill" };
    const found = await openReward(db, stored, gives.kind, new URLSearchParams());
    const begunFrom = typeof found === "object" && found?.reward ? JSON.stringify(found.reward) : "";
    expect(
      await changeReward(db, shopId, { intent: "save-reward", reward: JSON.stringify(reward), begunFrom }),
    ).toMatchObject({ ok: true });
  };
  return {
    ...{ ...open, stored, save },
    upload: (codes: string[]) =>
      changeReward(db, shopId, { intent: "add-codes", id: "partner-code", codes: codes.join("\n") }),
    redeem: (member: number, kind: RewardGives["kind"], requestKey = `wish-${(keys += 1)}`) =>
      redeemReward(db, shopId, { memberId: open.members[member]?.memberId ?? 0, rewardId: kind, requestKey }),
    available: async (member: number) =>
      (await memberBalance(db, shopId, open.members[member]?.memberId ?? 0, Date.now()))?.available,
    offered: async () => (await offeredRewards(db, stored)).map(({ id }) => id),
    customer: (member: number) => open.members[member]?.customer.id ?? 0,
  };
}

const POOL = Array.from({ length: 10 }, (_, index) => `CINEMA-${1000 + index}`);
const place = (places: number, perMember: number | null = null): Extract<RewardGives, { kind: "event" }> => ({
  ...{ kind: "event", venue: "Our shop", on: "2099-05-31", until: "2099-05-24" },
  ...{ valueMinor: 0, places, perMember },
});

describeOnBothDatabases("rewards that Perennial gives by itself", (open, dialect) => {
  test("of a pool of 10 codes exactly 10 of 64 who ask at once get one, each another, and the other points stay", async () => {
    const db = await open();
    const shop = await openGiving(db, 8, 8 * COST);
    expect(await shop.offered()).not.toContain("partner-code");
    expect(await shop.upload([...POOL, "CINEMA-1000"])).toMatchObject({
      ok: true,
      message: "10 codes are added",
    });
    expect(await shop.upload(POOL)).toMatchObject({
      ok: true,
      message: "0 codes are added; 10 were there already",
    });
    expect(await shop.offered()).toContain("partner-code");
    const all = await Promise.all(
      Array.from({ length: 64 }, (_, index) => shop.redeem(index % 8, "partner-code")),
    );
    const had = all.flatMap((each) => (each.ok ? [each.redemption] : []));
    expect(had.map(({ code }) => code).sort()).toEqual(POOL);
    expect(had.every(({ status }) => status === "issued")).toBe(true);
    expect(all.filter((each) => !each.ok && each.reason === "sold-out")).toHaveLength(54);
    const balances = await Promise.all(shop.members.map((_, index) => shop.available(index)));
    expect(balances.reduce<number>((sum, points) => sum + (points ?? 0), 0)).toBe(54 * COST);
    expect(await differences(db, shop.shopId)).toEqual({ balances: 0, lots: 0 });
    expect(await shop.offered()).not.toContain("partner-code");
    // Sealed wherever it is kept.
    const rows = await db.prisma.redemption.findMany({ where: { shopId: shop.shopId } });
    const units = await db.prisma.rewardUnit.findMany({ where: { shopId: shop.shopId } });
    expect(
      JSON.stringify([rows, units], (_, each: unknown) => (typeof each === "bigint" ? String(each) : each)),
    ).not.toMatch(/CINEMA/);
  }, 60_000);

  test("keep a member's limit and the last day, tell the account its code, and are given back where nobody can have used them", async () => {
    const db = await open();
    const shop = await openGiving(db, 2);
    await shop.save({ kind: "partner-code", partner: "A cinema", valueMinor: 0, perMember: 1, inAll: 2 });
    await shop.upload(POOL);
    const code = await redeemForShopper(db, shop.stored, shop.customer(0), {
      reward: "partner-code",
      key: "first-key",
    });
    expect(code).toMatchObject({ ok: true, message: "partner-code", code: "CINEMA-1000", points: 900 });
    const again = await redeemForShopper(db, shop.stored, shop.customer(0), {
      reward: "partner-code",
      key: "first-key",
    });
    expect(again).toEqual(code);
    expect(await shop.redeem(0, "partner-code")).toEqual({ ok: false, reason: "limit-reached" });
    const account = await tellAccount(db, shop.stored, shop.customer(0));
    expect(account).toMatchObject({
      codes: [{ code: "CINEMA-1000", canGiveBack: false, kind: "partner-code", about: "A cinema" }],
    });
    const { redemption } = code as unknown as { redemption: string };
    expect(await giveBack(db, shop.shopId, shop.customer(0), redemption)).toEqual({
      ok: false,
      reason: "not-returnable",
    });
    // The merchant may, and nobody else gets the code.
    expect(await requestCancellation(db, shop.shopId, redemption)).toEqual({ ok: true });
    expect(await shop.available(0)).toBe(1_000);
    expect(await shop.redeem(0, "partner-code")).toMatchObject({
      ok: true,
      redemption: { code: "CINEMA-1001" },
    });
    // No more than so many of the pool, whatever is in it.
    expect(await shop.redeem(1, "partner-code")).toEqual({ ok: false, reason: "sold-out" });

    await shop.save(place(1));
    const first = await redeemForShopper(db, shop.stored, shop.customer(0), {
      reward: "event",
      key: "place-key",
    });
    expect(first).toMatchObject({ ok: true, message: "place", until: "2099-05-31" });
    // The shop's day, wherever the customer is.
    const toldPlace = expect.objectContaining({
      kind: "event",
      about: "Our shop",
      until: "2099-05-31",
    }) as unknown;
    expect(await tellAccount(db, shop.stored, shop.customer(0))).toMatchObject({
      codes: expect.arrayContaining([toldPlace]) as unknown,
    });
    expect(await shop.redeem(1, "event")).toEqual({ ok: false, reason: "sold-out" });
    const held = (first as unknown as { redemption: string }).redemption;
    expect(await giveBack(db, shop.shopId, shop.customer(0), held)).toMatchObject({ ok: true });
    expect(await shop.offered()).toContain("event");
    const second = await shop.redeem(1, "event");
    expect(second).toMatchObject({ ok: true, redemption: { status: "issued" } });
    await shop.save(place(3));
    const counts = async () =>
      (await unitCounts(db, shop.shopId, [{ id: "event", gives: place(3) }])).get("event");
    expect(await counts()).toEqual({ free: 2, taken: 1 });
    await shop.save(place(1));
    expect(await counts()).toEqual({ free: 0, taken: 1 });
    await shop.save({ ...place(3), on: "2020-05-31", until: "2020-05-24" });
    expect(await shop.redeem(0, "event")).toEqual({ ok: false, reason: "too-late" });
    expect(await shop.offered()).not.toContain("event");
    const page = await openReward(db, shop.stored, "event", new URLSearchParams());
    expect(page).toMatchObject({
      holders: [{ customerId: shop.customer(1), status: "issued" }],
      units: { taken: 1 },
    });
    if (!second.ok) return;
    const takeBack = (id: string) => changeReward(db, shop.shopId, { intent: "take-back", id });
    expect(await takeBack("never-was")).toMatchObject({ ok: false });
    await expireRedemptions(db, shop.shopId, AbortSignal.timeout(10_000), Date.UTC(2099, 6, 1));
    expect(await findRedemption(db, shop.shopId, second.redemption.id)).toMatchObject({ status: "used" });
    expect(await shop.available(1)).toBe(900);
    expect(await takeBack(second.redemption.id)).toEqual({
      ok: true,
      message: "It is cancelled: 100 points are back",
    });
    expect(await shop.available(1)).toBe(1_000);
  }, 60_000);

  test("count what causes are owed by month, and let the shop confirm what was brought", async () => {
    const db = await open();
    const shop = await openGiving(db, 1);
    const given = [await shop.redeem(0, "donation"), await shop.redeem(0, "donation")];
    const [first] = given.flatMap((each) => (each.ok ? [each.redemption] : []));
    expect(given).toMatchObject([{ redemption: { status: "used" } }, { redemption: { status: "used" } }]);
    expect(await giveBack(db, shop.shopId, shop.customer(0), first?.id ?? "")).toEqual({
      ok: false,
      reason: "not-returnable",
    });
    expect(await loadDonations(db, shop.stored)).toMatchObject([
      { cause: "The sea", given: 2, takenBack: 0, toPayMinor: 600 },
    ]);
    for (let time = 0; time < 2; time++) await requestCancellation(db, shop.shopId, first?.id ?? "");
    expect(await loadDonations(db, shop.stored)).toMatchObject([{ given: 2, takenBack: 1, toPayMinor: 300 }]);
    expect(await shop.available(0)).toBe(900);

    const refill = await shop.redeem(0, "refill");
    if (!refill.ok) throw new Error(refill.reason);
    const { id, code } = refill.redemption;
    const confirm = (text: string) =>
      changeReward(db, shop.shopId, { intent: "confirm", id: "refill", code: text });
    expect(await confirm("NOBODYS")).toMatchObject({ ok: false });
    expect(await confirm(code.toLowerCase().replace(/(.{4})/g, "$1 "))).toMatchObject({
      ok: true,
      message: "It is confirmed",
    });
    expect(await confirm(code)).toMatchObject({ ok: true, message: "It was confirmed before" });
    expect(await giveBack(db, shop.shopId, shop.customer(0), id)).toEqual({ ok: false, reason: "over" });
    const other = await shop.redeem(0, "refill");
    await expireRedemptions(db, shop.shopId, AbortSignal.timeout(10_000), Date.now() + 70 * DAY_MS);
    expect(other.ok && (await findRedemption(db, shop.shopId, other.redemption.id))).toMatchObject({
      status: "expired",
    });
    expect(await shop.available(0)).toBe(800);
    expect(await differences(db, shop.shopId)).toEqual({ balances: 0, lots: 0 });
  }, 60_000);

  test("keep ledger, places and pool right in random lives, several steps at once", async () => {
    const db = await open();
    const shop = await openGiving(db, 4);
    let [uploaded, cap] = [4, 3];
    const codesOf = { kind: "partner-code", partner: "A cinema", valueMinor: 0, perMember: null } as const;
    const limit = (inAll: number) => shop.save({ ...codesOf, inAll });
    await limit(cap);
    await shop.upload(POOL.slice(0, uploaded));
    await shop.save(place(2));
    /** What the merchant does before the members come: some codes again, more of them, or another number to be handed out. */
    const prepare = async ({ wish, count }: { wish: string; count: number }) => {
      if (wish === "upload") {
        uploaded = Math.max(uploaded, count);
        await shop.upload(POOL.slice(0, count));
      } else if (wish === "limit") {
        cap = count;
        await limit(count);
      }
    };
    const kinds = ["partner-code", "donation", "refill", "event"] as const;
    const seen: { id: string; member: number; kind: string; key: string }[] = [];
    const handedOut: string[] = [];
    const step = fc.record({
      what: fc.constantFrom("redeem", "redeem", "again", "give-back", "undo", "confirm"),
      ...{ member: fc.nat(3), kind: fc.constantFrom(...kinds), which: fc.nat(50) },
    });
    const take = async (each: {
      what: string;
      member: number;
      kind: (typeof kinds)[number];
      which: number;
    }) => {
      const one = seen[each.which % Math.max(1, seen.length)];
      if (each.what === "redeem") {
        const key = `life-${(keys += 1)}`;
        const redeemed = await shop.redeem(each.member, each.kind, key);
        if (!redeemed.ok) return;
        seen.push({ id: redeemed.redemption.id, member: each.member, kind: each.kind, key });
        if (each.kind === "partner-code") {
          expect(POOL.slice(0, Math.min(uploaded, cap))).toContain(redeemed.redemption.code);
          handedOut.push(redeemed.redemption.code);
        }
      } else if (one && each.what === "again") {
        const again = await redeemReward(db, shop.shopId, {
          ...{ memberId: shop.members[one.member]?.memberId ?? 0, rewardId: one.kind, requestKey: one.key },
        });
        expect(again).toMatchObject({ ok: true, isAgain: true, redemption: { id: one.id } });
      } else if (one && each.what === "give-back") {
        await giveBack(db, shop.shopId, shop.customer(one.member), one.id);
      } else if (one && each.what === "undo") {
        await requestCancellation(db, shop.shopId, one.id);
      } else if (one?.kind === "refill") {
        const found = await findRedemption(db, shop.shopId, one.id);
        await changeReward(db, shop.shopId, { intent: "confirm", id: "refill", code: found?.code ?? "" });
      }
    };
    const wish = fc.constantFrom("nothing", "nothing", "nothing", "upload", "limit");
    const round = fc.record({
      merchant: fc.record({ wish, count: fc.integer({ min: 1, max: POOL.length }) }),
      steps: fc.array(step, { minLength: 1, maxLength: 4 }),
    });
    const lives = fc.asyncProperty(fc.array(round, { maxLength: 12 }), async (rounds) => {
      for (const { merchant, steps } of rounds) {
        await prepare(merchant);
        await Promise.all(steps.map(take));
        // Nobody has a code from behind the number that held as it was handed out, and none is handed out again, also where it was taken back.
        const theirs = POOL.slice(0, Math.min(uploaded, cap));
        const free = theirs.filter((code) => !handedOut.includes(code)).length;
        const counts = await unitCounts(db, shop.shopId, [
          { id: "partner-code", gives: { ...codesOf, inAll: cap } },
        ]);
        expect(counts.get("partner-code")).toEqual({ free, taken: handedOut.length });
      }
      const rows = await db.prisma.redemption.findMany({ where: { shopId: shop.shopId } });
      const spent = rows.filter(({ status }) => status === "issued" || status === "used");
      for (const [index, { memberId }] of shop.members.entries()) {
        const own = spent.filter((row) => row.memberId === memberId);
        expect(await shop.available(index)).toBe(1_000 - COST * own.length);
      }
      expect(await differences(db, shop.shopId)).toEqual({ balances: 0, lots: 0 });
      const units = await db.prisma.rewardUnit.findMany({
        where: { shopId: shop.shopId, redemptionId: { not: null } },
      });
      const takenPlaces = units
        .filter(({ rewardId }) => rewardId === "event")
        .map(({ redemptionId }) => redemptionId);
      const ofEvent = spent.filter(({ rewardId }) => rewardId === "event").map(({ id }) => id);
      expect(takenPlaces.sort()).toEqual(ofEvent.sort());
      expect(takenPlaces.length).toBeLessThanOrEqual(2);
      expect(new Set(handedOut).size).toBe(handedOut.length);
    });
    await fc.assert(lives, { numRuns: dialect === "sqlite" ? 20 : 10, endOnFailure: true });
  }, 120_000);
});
