/** What customers are told of their own points and data, and what becomes of both when they have it deleted. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { memberFacts } from "../../app/db/queries/profile-facts.server.ts";
import { addProgrammeVersion } from "../../app/db/stores/programmes.server.ts";
import { membersOf } from "../../app/db/stores/members.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { copyOwnData, offerOwnData } from "../../app/services/account/copy-own-data.server.ts";
import { deleteOwnData } from "../../app/services/account/delete-own-data.server.ts";
import { actionNamed, UI_ACTIONS } from "../../app/services/storefront/answer-shopper.server.ts";
import { tellAccount } from "../../app/services/account/tell-account.server.ts";
import { tellStatement } from "../../app/services/account/tell-statement.server.ts";
import { issueRedemption } from "../../app/services/loyalty/issue-redemption.server.ts";
import { redeemReward } from "../../app/services/loyalty/redeem-reward.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import { mergeCustomer } from "../../app/services/sync/merge-customer.server.ts";
import { processEvents } from "../../app/services/sync/process-events.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { COST, openProgramme, type OpenProgramme } from "../support/open-programme.ts";
import { value, workEvents } from "../support/open-shop.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

type Line = Extract<Awaited<ReturnType<typeof tellStatement>>, { ok: true }>["lines"][number];

async function opened(db: Database, members = 1): Promise<OpenProgramme & { customerId: number }> {
  const at = await openProgramme(local, db, { members, points: 1000 });
  return { ...at, customerId: at.customer.id };
}

async function pointsOf(db: Database, shopId: number, customerId: number): Promise<number | null> {
  const memberId = (await membersOf(db, shopId, [customerId])).get(customerId);
  if (memberId === undefined) return null;
  return (await memberBalance(db, shopId, memberId, Date.now()))?.available ?? null;
}

async function shopOf({ db, shopId }: OpenProgramme) {
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("there is no shop");
  return shop;
}

async function namesOf(db: Database, id: number): Promise<string[]> {
  const word = new RegExp(`(?<!\\w)${id}(?!\\w)`);
  const places: string[] = [];
  for await (const { table, column, value: text } of everyColumn(db)) {
    if (word.test(text)) places.push(`${table}.${column}`);
  }
  return places;
}

describeOnBothDatabases("a customer's own account", (open) => {
  it("explains every line after a purchase and a refund, page by page, and each leads to the balance after it", async () => {
    const at = await opened(await open());
    const { db, shopId, customerId, shop: world } = at;
    const rules = makeRules({ base: { points: 1, perMinor: 100 } });
    await db.write((tx) => addProgrammeVersion(tx, shopId, 1, rules));
    const order = at.order(customerId);
    await workEvents(local, at);
    const [line] = order.lines;
    value(
      actions.refundOrder(local.world, world, {
        orderId: order.id,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
      }),
    );
    await workEvents(local, at);
    const shop = await shopOf(at);
    const linesFrom = async (before?: string): Promise<Line[]> => {
      const page = await tellStatement(db, shop, customerId, { before, most: 1 });
      if (!page.ok) throw new Error(page.reason);
      expect(page.lines.length).toBe(1);
      return [...page.lines, ...(page.next === null ? [] : await linesFrom(page.next))];
    };
    const lines = await linesFrom();
    expect(lines.map(({ kind, order: about, orderName }) => [kind, about, orderName])).toEqual([
      ["claw-back", order.id, `#${order.number}`],
      ["earn", order.id, `#${order.number}`],
      ["adjust", null, null],
    ]);
    const sums = (from: number) => {
      const older = lines.slice(from);
      const sum = (key: "pending" | "points") => older.reduce((total, each) => total + each[key], 0);
      return { available: sum("points"), pending: sum("pending"), owed: 0 };
    };
    for (const [index, { balance }] of lines.entries()) expect(balance).toEqual(sums(index));
    expect(await tellStatement(db, shop, 1, {})).toEqual({ ok: false, reason: "no-member" });
  });

  it("copies what is kept of whoever asks, and of nobody else", async () => {
    const at = await opened(await open(), 2);
    const { file } = offerOwnData(await shopOf(at), at.customerId, "pl");
    const ticket = new URL(file.address).searchParams.get("ticket") ?? "";
    const copy = (text: string, now?: number) => copyOwnData(at.db, text, null, now);
    const copied = await copy(ticket);
    if (!copied.ok) throw new Error(copied.reason);
    const other = at.members[1]?.customer.id ?? 0;
    expect(copied.name).toMatch(/^perennial-\d{4}-\d\d-\d\d\.json$/);
    expect(JSON.parse(copied.json)).toMatchObject({ customerId: at.customerId, loyalty: { lines: [{}] } });
    expect(copied.json).not.toContain(String(other));
    expect(file.address, "names nobody").not.toContain(String(at.customerId));
    expect(await copy(ticket, Date.parse(file.until) + 1)).toEqual({
      ...{ ok: false, reason: "link-over", locale: "pl" },
    });
    // Not the last letter, of which not every bit counts.
    const altered = ticket.slice(0, -4) + (ticket.at(-4) === "A" ? "B" : "A") + ticket.slice(-3);
    for (const text of ["", "v1.test.", altered, "x".repeat(5_000)])
      expect(await copy(text)).toEqual({ ok: false, reason: "not-found", locale: "en" });
  });

  it("hands out nothing by a link of before its customer's data was deleted", async () => {
    const at = await opened(await open());
    const shop = await shopOf(at);
    const ticket =
      new URL(offerOwnData(shop, at.customerId, "en").file.address).searchParams.get("ticket") ?? "";
    await deleteOwnData(at.db, shop, at.customerId, { isConfirmed: true });
    await processEvents(at.db, at.shopId, AbortSignal.timeout(30_000));
    expect(await copyOwnData(at.db, ticket, null)).toMatchObject({ ok: false, reason: "link-over" });
  });

  it("lets whoever had their data deleted join again by their own wish, and brings nothing back of what was", async () => {
    const at = await opened(await open());
    const { db, shopId, customerId } = at;
    const shop = await shopOf(at);
    const before = at.order(customerId);
    await workEvents(local, at);
    const erase = async () => {
      await deleteOwnData(db, shop, customerId, { isConfirmed: true });
      await processEvents(db, shopId, AbortSignal.timeout(30_000));
      expect(await namesOf(db, customerId)).toEqual([]);
    };
    const ownerOf = async (orderId: number) =>
      (await db.prisma.order.findUniqueOrThrow({ where: { shopId_id: { shopId, id: orderId } } })).customerId;
    await erase();
    expect(await joinProgramme(db, shopId, customerId)).toEqual({ ok: false, reason: "erased" });
    expect(await joinProgramme(db, shopId, customerId, { isOwnWish: true })).toMatchObject({ ok: true });
    expect(await pointsOf(db, shopId, customerId)).toBe(0);
    // Times of orders are whole seconds.
    await sleep(1_000);
    const after = at.order(customerId);
    // News of an order of before, which names them.
    const [line] = before.lines;
    const lines = [{ lineId: line?.id ?? 0, quantity: 1 }];
    value(actions.refundOrder(local.world, at.shop, { orderId: before.id, lines }));
    await workEvents(local, at);
    expect(await ownerOf(before.id)).toBeNull();
    expect(Number(await ownerOf(after.id))).toBe(customerId);
    expect(await tellAccount(db, shop, customerId)).toMatchObject({ member: true, points: 0 });
    await erase();
    expect(await ownerOf(after.id)).toBeNull();
    expect(await joinProgramme(db, shopId, customerId)).toEqual({ ok: false, reason: "erased" });
  });

  it("deletes only what was confirmed, only the asker's, and for good", async () => {
    const at = await opened(await open(), 2);
    const { db, shopId, customerId } = at;
    const shop = await shopOf(at);
    const other = at.members[1]?.customer.id ?? 0;
    at.order(customerId);
    at.order(other);
    await workEvents(local, at);
    expect(await deleteOwnData(db, shop, customerId, { isConfirmed: false })).toEqual({
      ok: false,
      reason: "confirm",
    });
    expect(await db.prisma.inboxEvent.count({ where: { shopId, topic: "customers/redact" } })).toBe(0);
    // Twice at once, as a double click.
    const both = [1, 2].map(() => deleteOwnData(db, shop, customerId, { isConfirmed: true }));
    expect(await Promise.all(both)).toEqual([1, 2].map(() => ({ ok: true, message: "deleted" })));
    await processEvents(db, shopId, AbortSignal.timeout(30_000));
    expect(await namesOf(db, customerId)).toEqual([]);
    expect(await pointsOf(db, shopId, customerId)).toBeNull();
    expect(await joinProgramme(db, shopId, customerId)).toEqual({ ok: false, reason: "erased" });
    expect(await pointsOf(db, shopId, other)).toBe(1000);
    const again = await deleteOwnData(db, shop, customerId, { isConfirmed: true });
    expect(again).toEqual({ ok: true, message: "deleted" });
    expect(await namesOf(db, customerId)).toEqual([]);
  });

  it("takes no word of the question for whom it is about", () => {
    const data = actionNamed(UI_ACTIONS, "data");
    const wish = { what: "delete", confirm: true, locale: "en" };
    expect(data?.read(wish)).toBeTypeOf("function");
    for (const more of [{ customer: 7 }, { customerId: 7 }, { orders: [1] }, { what: "everything" }])
      expect(data?.read({ ...wish, ...more })).toBeNull();
    const statement = actionNamed(UI_ACTIONS, "statement");
    expect(statement?.read({ most: 50 })).toBeTypeOf("function");
    for (const body of [{ most: 51 }, { most: 0 }, { member: 1 }]) expect(statement?.read(body)).toBeNull();
  });

  it("refuses a session of an account that was merged away: what there is belongs to another one", async () => {
    const at = await opened(await open(), 2);
    const { db, shopId, customerId } = at;
    const memberId = at.members[0]?.memberId ?? 0;
    const redeemed = await redeemReward(db, shopId, {
      memberId,
      rewardId: "amount-off",
      requestKey: "before",
    });
    if (!redeemed.ok) throw new Error(redeemed.reason);
    await issueRedemption(db, shopId, redeemed.redemption.id, { signal: AbortSignal.timeout(30_000) }, 0);
    const survivor = at.members[1]?.customer.id ?? 0;
    await mergeCustomer(db, shopId, customerId, survivor, async () => undefined);
    const shop = await shopOf(at);
    const refused = await deleteOwnData(db, shop, customerId, { isConfirmed: true });
    expect(refused).toEqual({ ok: false, reason: "log-in" });
    await processEvents(db, shopId, AbortSignal.timeout(30_000));
    expect(await pointsOf(db, shopId, survivor)).toBe(2000 - COST);
    const facts = await memberFacts(db, shopId, [customerId, survivor]);
    expect([...facts.keys()]).toEqual([survivor]);
    expect(facts.get(survivor)?.issued).toMatchObject([
      { id: redeemed.redemption.id, code: redeemed.redemption.code },
    ]);
  });
});
