/** Who is kept out of the programme, on both databases: nobody makes a member of them, whichever way, and they are told nothing of it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { shopCalendar } from "../../app/core/calendar.ts";
import { isKeptOut } from "../../app/core/loyalty/hold-out.ts";
import { joinedCustomers } from "../../app/db/queries/joined-customers.server.ts";
import { membersOf } from "../../app/db/stores/members.server.ts";
import { saveOrders } from "../../app/db/stores/orders.server.ts";
import { addProgrammeVersion, findProgramme } from "../../app/db/stores/programmes.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import { changeHoldOut } from "../../app/services/loyalty/change-hold-out.server.ts";
import { changeMember } from "../../app/services/loyalty/change-member.server.ts";
import { joinProgramme } from "../../app/services/loyalty/join-programme.server.ts";
import { memberOfCustomer } from "../../app/services/loyalty/member-of-customer.server.ts";
import { openReturn } from "../../app/services/loyalty/open-return.server.ts";
import { PROFILES } from "../../app/services/storefront/publish-profiles.server.ts";
import { closeShopMetrics } from "../../app/services/metrics/shop-metrics.server.ts";
import { factsOf } from "../../extensions/shared/facts.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { openProgramme } from "../support/open-programme.ts";
import { makeLine, makeOrder } from "../support/orders.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(async () => {
  await closeShopMetrics();
  await local.stop();
});

describeOnBothDatabases("customers who are kept out", (open) => {
  test("become no members by ordering, joining, a program or a merchant's hand, until it ends", async () => {
    const db = await open();
    const { shopId, customer } = await openProgramme(local, db);
    const shop = await findShopById(db, shopId);
    if (!shop) throw new Error("no shop");
    await db.write((tx) => addProgrammeVersion(tx, shopId, 1, makeRules({})));
    expect(await changeHoldOut(db, shopId, { intent: "keep-out", basisPoints: "9999" })).toBeNull();
    const begin = { intent: "keep-out", basisPoints: "2000" };
    expect(await changeHoldOut(db, shopId, begin)).toMatchObject({ ok: true });
    const programme = await findProgramme(db, shopId);
    if (!programme) throw new Error("no programme");
    // The same again, whose answer was lost, draws nobody anew; another share is refused.
    expect(await changeHoldOut(db, shopId, begin)).toMatchObject({ ok: true });
    expect(await changeHoldOut(db, shopId, { ...begin, basisPoints: "500" })).toMatchObject({ ok: false });
    expect((await findProgramme(db, shopId))?.holdOut).toEqual(programme.holdOut);

    const ids = Array.from({ length: 40 }, (_, index) => 5_000 + index);
    const out = ids.filter((id) => isKeptOut(programme.holdOut, id));
    expect(out.length).toBeGreaterThan(0);
    expect(out.length).toBeLessThan(40);
    // Somebody who joined earlier on the day takes no part.
    const placedAt = Date.now();
    const day = shopCalendar(shop.timeZone).dayOf(placedAt);
    const orders = [...ids, customer.id].map((id) =>
      makeOrder({ id, customerId: id, placedAt, day, lines: [makeLine({ id })] }),
    );
    await db.write((tx) => saveOrders(tx, shopId, orders));
    await accrueChangedOrders(db, shopId, AbortSignal.timeout(20_000));
    const members = async () => [...(await membersOf(db, shopId, ids)).keys()].sort((a, b) => a - b);
    const inside = ids.filter((id) => !out.includes(id));
    expect(await members()).toEqual(inside);

    const [one = 0] = out;
    expect(await joinProgramme(db, shopId, one, { isOwnWish: true })).toEqual({
      ok: false,
      reason: "kept-out",
    });
    expect(await memberOfCustomer(db, shopId, programme, one)).toBeNull();
    expect(await changeMember(db, shop, one, { intent: "join" })).toMatchObject({ ok: false });
    expect(await members()).toEqual(inside);
    // Who was a member before stays one.
    expect((await membersOf(db, shopId, [customer.id])).size).toBe(1);

    const [insider = 0] = inside;
    const profiles = await PROFILES.contentsOf(db, shop, [one, insider]);
    expect(profiles.get(one)).toMatchObject({
      points: null,
      membership: '{"v":1,"member":false,"out":true}',
    });
    expect(profiles.get(insider)).toMatchObject({ points: expect.any(String) as string });
    const entry = (type: string, key: string, value: unknown) => ({
      target: { type },
      metafield: { key, value: String(value) },
    });
    const shown = (id: number) =>
      factsOf([
        entry("shop", "ui", '{"v":1,"rewards":[]}'),
        entry("customer", "membership", profiles.get(id)?.["membership"]),
      ]);
    expect([shown(one).programme, shown(insider).programme !== null]).toEqual([null, true]);

    const opened = await openReturn(db, shop);
    if (!opened.hasProgramme) throw new Error("no programme");
    expect(await opened.told).toMatchObject({
      ...{ way: "drawn", observed: 0, revenue: { ok: false } },
      keptOut: { customers: out.length, members: 0 },
      open: { customers: inside.length, members: inside.length },
    });

    expect(await changeHoldOut(db, shopId, { intent: "let-in" })).toMatchObject({ ok: true });
    expect(await joinProgramme(db, shopId, one)).toMatchObject({ ok: true });
    const told = async (rowsAtOnce: number) => {
      const rows = [];
      for await (const some of joinedCustomers(db, shopId, rowsAtOnce)) rows.push(...some);
      return rows;
    };
    expect(await told(7)).toEqual(await told(1_000));
    expect((await told(7)).map(({ customerId }) => customerId)).toEqual(
      expect.arrayContaining([customer.id, one, ...inside]),
    );
  }, 60_000);
});
