/** Whose points are about to expire is noted once, for members who are still somebody, and as early as the merchant chose. */
import { expect, it } from "vitest";
import { earnPoints } from "../../app/core/loyalty/earn-points.ts";
import { customerData } from "../../app/db/queries/data-requests.server.ts";
import { remindersToSend, type ReminderToSend } from "../../app/db/queries/reminded-expiries.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import { addMembers } from "../../app/db/stores/members.server.ts";
import { ensureShop, markInstalled } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { adjustPoints } from "../../app/services/loyalty/adjust-points.server.ts";
import { changeProgramme } from "../../app/services/loyalty/change-programme.server.ts";
import { changeReminders } from "../../app/services/loyalty/change-reminders.server.ts";
import { openActivity } from "../../app/services/loyalty/open-activity.server.ts";
import { openMember } from "../../app/services/loyalty/open-member.server.ts";
import { remindExpiry } from "../../app/services/loyalty/remind-expiry.server.ts";
import { expireRecords } from "../../app/services/privacy/expire-records.server.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { DAY_MS, START } from "../support/orders.ts";

const SIGNAL = AbortSignal.timeout(300_000);

async function openShop(db: Database): Promise<number> {
  const shopId = await db.write(async (tx) => {
    const { id } = await ensureShop(tx, "remind.myshopify.com");
    await markInstalled(tx, id, { timeZone: "Europe/Berlin", currency: "EUR" }, START);
    return id;
  });
  await changeProgramme(db, shopId, { intent: "start", template: "steady", membership: "automatic" });
  return shopId;
}

/** Each customer's points expire in the days told. */
async function giveExpiring(
  db: Database,
  shopId: number,
  given: readonly [number, number | null][],
  now: number,
) {
  return db.write(async (tx) => {
    const members = await addMembers(tx, shopId, new Set(given.map(([customerId]) => customerId)), now);
    const accounts = await lockAccounts(tx, shopId, members.values());
    const changes = given.map(([customerId, days], index) => {
      const account = accounts.get(members.get(customerId) ?? 0);
      if (!account) throw new Error("no account");
      const expiresAt = days === null ? null : now + days * DAY_MS;
      const life = { sequence: 0, points: 100 + index, ripensAt: now, expiresAt, reason: null };
      const change = earnPoints(account, { orderId: `of-${index}`, ...life }, now);
      accounts.set(account.memberId, change.account);
      return change;
    });
    await saveChanges(tx, shopId, changes);
    return members;
  });
}

async function remindersNow(db: Database, shopId: number, now: number): Promise<ReminderToSend[]> {
  const found: ReminderToSend[] = [];
  for await (const reminder of remindersToSend(db, shopId, now)) found.push(reminder);
  return found;
}

describeOnBothDatabases("reminders before points expire", (open) => {
  it("are noted once, when the merchant wants them, and stand where people look", async () => {
    const db = await open();
    const shopId = await openShop(db);
    const now = Date.now();
    const members = await giveExpiring(
      db,
      shopId,
      [
        [1, 10],
        [1, 10],
        [1, 20],
        [2, 40],
        [3, null],
        [4, 10],
      ],
      now,
    );
    await db.write((tx) => eraseCustomer(tx, shopId, 4, [], now));
    const noted = async () => {
      const rows = await db.prisma.expiryReminder.findMany({
        where: { shopId },
        orderBy: [{ memberId: "asc" }, { expiresAt: "asc" }],
      });
      return rows.map((row) => [row.memberId, (Number(row.expiresAt) - now) / DAY_MS, Number(row.points)]);
    };
    const [one, two] = [members.get(1) ?? 0, members.get(2) ?? 0];
    const first = [
      [one, 10, 201],
      [one, 20, 102],
    ];
    const pause = { intent: "pause", accrues: "yes" };
    await changeProgramme(db, shopId, pause);
    await remindExpiry(db, shopId, SIGNAL, now);
    expect(await noted()).toEqual([]);
    await changeProgramme(db, shopId, { intent: "go-on" });
    await Promise.all([remindExpiry(db, shopId, SIGNAL, now), remindExpiry(db, shopId, SIGNAL, now)]);
    expect(await noted()).toEqual(first);
    await remindExpiry(db, shopId, SIGNAL, now + DAY_MS);
    expect(await noted()).toEqual(first);
    for (const days of ["never", "60"]) {
      expect(await changeReminders(db, shopId, { intent: "remind", days })).toMatchObject({ ok: true });
      await remindExpiry(db, shopId, SIGNAL, now);
      expect(await noted()).toEqual(days === "60" ? [...first, [two, 40, 103]] : first);
    }
    expect(await changeReminders(db, shopId, { intent: "remind", days: "8" })).toBeNull();

    const shop = { id: shopId, timeZone: "Europe/Berlin" };
    await adjustPoints(db, shop, { key: "k", memberId: one, points: -150, reason: "spent" });
    await db.write((tx) =>
      tx.prisma.order.create({
        data: {
          ...{
            shopId,
            id: 9,
            customerId: 1,
            createdAt: now,
            placedAt: now,
            updatedAt: now,
            day: 1,
            flags: 0,
          },
          ...{
            grossMinor: 1,
            discountMinor: 0,
            shippingMinor: 0,
            taxMinor: 0,
            tipMinor: 0,
            giftCardMinor: 0,
          },
          ...{
            feeMinor: 0,
            refundMinor: 0,
            netMinor: 1,
            costMinor: 0,
            costedNetMinor: 0,
            differenceMinor: 0,
          },
          ...{ presentmentCurrency: "EUR", presentmentTotalMinor: 1, channel: "web", discountCodes: "[]" },
          ...{ financialStatus: "paid", version: 1 },
        },
      }),
    );
    const shown = await openMember(db, shop, 1, new URLSearchParams());
    // What was spent meanwhile does not expire.
    expect(shown.account?.reminders.map(({ points }) => points)).toEqual([51, 102]);
    const activity = await openActivity(db, shop, new URLSearchParams());
    expect(activity.page?.reminded.days).toBe(60);
    expect(activity.page?.reminded.reminders.map(({ customerId }) => customerId)).toEqual([1, 1, 2]);
    const toSend = await remindersNow(db, shopId, now);
    expect(toSend.map(({ customerId, points, left }) => [customerId, points, left])).toEqual([
      [1, 201, 51],
      [1, 102, 102],
      [2, 103, 103],
    ]);
    expect((await customerData(db, shopId, 1, [])).loyalty?.reminders).toMatchObject([
      { points: 201, remindedAt: now },
      { points: 102 },
    ]);
    await Promise.allSettled([shown.names, shown.account?.orderNames, activity.page?.orderNames]);
    await expireRecords(db, now + 105 * DAY_MS);
    expect(await noted()).toEqual([
      [one, 20, 102],
      [two, 40, 103],
    ]);
  });

  it("are noted for all of many members", async () => {
    const db = await open();
    const shopId = await openShop(db);
    const now = Date.now();
    await giveExpiring(
      db,
      shopId,
      Array.from({ length: 1_001 }, (_, index) => [index + 1, 5]),
      now,
    );
    await remindExpiry(db, shopId, SIGNAL, now);
    expect(await db.prisma.expiryReminder.count({ where: { shopId } })).toBe(1_001);
    const toSend = await remindersNow(db, shopId, now);
    expect(new Set(toSend.map(({ customerId }) => customerId)).size).toBe(1_001);
    expect(toSend).toHaveLength(1_001);
  });
});
