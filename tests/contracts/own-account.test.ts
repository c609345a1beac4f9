/** What customers are told of their own points and data, and what becomes of both when they have it deleted. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { addProgrammeVersion } from "../../app/db/stores/programmes.server.ts";
import { membersOf } from "../../app/db/stores/members.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { copyOwnData } from "../../app/services/account/copy-own-data.server.ts";
import { deleteOwnData } from "../../app/services/account/delete-own-data.server.ts";
import { actionNamed, UI_ACTIONS } from "../../app/services/storefront/answer-shopper.server.ts";
import { tellStatement } from "../../app/services/account/tell-statement.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import { mergeCustomer } from "../../app/services/sync/merge-customer.server.ts";
import { processEvents } from "../../app/services/sync/process-events.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { openProgramme, type OpenProgramme } from "../support/open-programme.ts";
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
    const { file } = await copyOwnData(at.db, await shopOf(at), at.customerId);
    const other = at.members[1]?.customer.id ?? 0;
    expect(file.name).toMatch(/^perennial-\d{4}-\d\d-\d\d\.json$/);
    expect(JSON.parse(file.json)).toMatchObject({ customerId: at.customerId, loyalty: { lines: [{}] } });
    expect(file.json).not.toContain(String(other));
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
    expect(data?.(wish)).toBeTypeOf("function");
    for (const more of [{ customer: 7 }, { customerId: 7 }, { orders: [1] }, { what: "everything" }])
      expect(data?.({ ...wish, ...more })).toBeNull();
    const statement = actionNamed(UI_ACTIONS, "statement");
    expect(statement?.({ most: 50 })).toBeTypeOf("function");
    for (const body of [{ most: 51 }, { most: 0 }, { member: 1 }]) expect(statement?.(body)).toBeNull();
  });

  it("refuses a session of an account that was merged away: what there is belongs to another one", async () => {
    const at = await opened(await open(), 2);
    const { db, shopId, customerId } = at;
    const survivor = at.members[1]?.customer.id ?? 0;
    await mergeCustomer(db, shopId, customerId, survivor, async () => undefined);
    const shop = await shopOf(at);
    const refused = await deleteOwnData(db, shop, customerId, { isConfirmed: true });
    expect(refused).toEqual({ ok: false, reason: "log-in" });
    await processEvents(db, shopId, AbortSignal.timeout(30_000));
    expect(await pointsOf(db, shopId, survivor)).toBe(2000);
  });
});
