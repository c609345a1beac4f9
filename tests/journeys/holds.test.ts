/**
 * Random checkouts, several steps at once: rewards are held, touched, let go, paid with or left lying, while the clock jumps, answers of
 * Shopify are lost and orders are heard of late or never by themselves. In the end nothing is held, every point is where it belongs, and the
 * ledger is the sum of its postings.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences } from "../../app/db/queries/ledger-proof.server.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import type { Shop } from "../../app/db/stores/shops.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import type { Database } from "../../app/db/types.ts";
import { holdReward } from "../../app/services/checkout/hold-reward.server.ts";
import { releaseHold } from "../../app/services/checkout/release-hold.server.ts";
import { touchHold } from "../../app/services/checkout/touch-hold.server.ts";
import { endHold } from "../../app/services/loyalty/end-hold.server.ts";
import { issueRedemption } from "../../app/services/loyalty/issue-redemption.server.ts";
import { syncOrders } from "../../app/services/sync/sync-orders.server.ts";
import { ShopifyError } from "../../app/shopify/shopify-error.ts";
import { placeOrder } from "../../devstore/state/place-order.ts";
import { usingDatabases, type Dialect } from "../support/database.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { COST, givePoints, openProgramme, type OpenProgramme } from "../support/open-programme.ts";

const RUNS = Number(process.env["HOLD_RUNS"] ?? 12);
/** PostgreSQL answers each question from another process, which takes about twice as long. */
const RUNS_ON: Record<Dialect, number> = {
  sqlite: RUNS,
  postgresql: Number(process.env["HOLD_RUNS_POSTGRESQL"] ?? Math.ceil(RUNS / 4)),
};
/** A shop whose past grows too long makes the local Shopify slow. */
const RUNS_OF_A_SHOP = 200;
const MEMBERS = 4;
const MINUTE_MS = 60_000;

let local: LocalShopify;
let db: Database;

beforeAll(async () => {
  local = await startLocalShopify();
}, 60_000);

afterAll(async () => {
  await local.stop();
});

const step = fc.record({
  act: fc.constantFrom(
    ...["hold", "hold", "hold again", "touch", "release", "release", "end", "pay", "pay", "pay without"],
    ...["hear", "wait", "wait", "lose an answer"],
  ),
  which: fc.nat(7),
  minutes: fc.nat(90),
});
/** Steps of one round are taken at once. */
const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 6 });
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

interface Life {
  open: OpenProgramme;
  shop: Shop;
  memberId: number;
  customerId: number;
  keys: string[];
  held: Map<string, string>;
  /** Orders that the app has not heard of. */
  unheard: Set<number>;
  /** How far the clock has jumped. */
  aheadMs: number;
}

let shops: OpenProgramme | undefined;
let lives = 0;

async function beginLife(): Promise<Life> {
  if (!shops || lives % RUNS_OF_A_SHOP === 0) {
    shops = await openProgramme(local, db, { members: MEMBERS, points: COST });
    local.listen(shops.shop.domain, null);
  }
  const member = shops.members[lives % MEMBERS];
  const shop = await findShopById(db, shops.shopId);
  if (!member || !shop) throw new Error("no member");
  lives += 1;
  const { memberId, customer } = member;
  const facts = { keys: [], held: new Map<string, string>(), unheard: new Set<number>(), aheadMs: 0 };
  return { open: shops, shop, memberId, customerId: customer.id, ...facts };
}

/** What a shopper, a job or a webhook does; Shopify may not answer any of them. */
async function take(life: Life, { act, which, minutes }: Step): Promise<void> {
  const { shop, customerId, open, held } = life;
  const ids = [...held.keys()];
  const id = ids[which % Math.max(1, ids.length)];
  const now = Date.now() + life.aheadMs;
  const at = <T>(list: readonly T[]) => list[which % Math.max(1, list.length)];
  switch (act) {
    case "hold":
    case "hold again": {
      const known = act === "hold again" ? at(life.keys) : undefined;
      const key = known ?? `key-${lives}-${life.keys.length}`;
      if (known === undefined) life.keys.push(key);
      const wish = { reward: "amount-off", key, currency: shop.currency };
      const outcome = await holdReward(db, shop, customerId, wish, 100);
      if (outcome.ok) held.set(String(outcome["redemption"]), outcome.code ?? "");
      return;
    }
    case "touch":
      if (id !== undefined) await touchHold(db, shop.id, customerId, id, now);
      return;
    case "release":
      if (id !== undefined) await releaseHold(db, shop.id, customerId, id, 100);
      return;
    case "end":
      if (id !== undefined) await endHold(db, shop.id, id, { signal: AbortSignal.timeout(1_000) }, now);
      return;
    case "pay":
    case "pay without": {
      const code = id === undefined ? "" : (held.get(id) ?? "");
      const codes = act === "pay" && code !== "" ? [code] : [];
      const lines = [{ variantId: open.product.variantIds[0] ?? 0, quantity: 1 }];
      const order = placeOrder(local.world, open.shop, { lines, codes, customerId, shippingMinor: 0 });
      // Shopify takes no code that is over or was used.
      if (order.ok) life.unheard.add(order.value.id);
      return;
    }
    case "hear": {
      const order = at([...life.unheard]);
      if (order !== undefined) await hear(life, order);
      return;
    }
    case "wait":
      life.aheadMs += minutes * MINUTE_MS;
      return;
    case "lose an answer":
      local.world.chaos[minutes % 2 === 0 ? "cutAnswerAfterWork" : "answer500"].next = 1;
      return;
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof ShopifyError || (error instanceof Error && error.name === "TimeoutError");
}

async function hear(life: Life, orderId: number): Promise<void> {
  await syncOrders(db, life.shop.id, [orderId]);
  life.unheard.delete(orderId);
}

/** As jobs do it that come again until they are done. */
async function endLife(life: Life): Promise<void> {
  for (const fault of ["cutAnswerAfterWork", "answer500"] as const) local.world.chaos[fault].next = 0;
  const last = Date.now() + life.aheadMs + 200 * MINUTE_MS;
  for (const id of life.held.keys()) {
    await issueRedemption(db, life.shop.id, id, { signal: AbortSignal.timeout(20_000) }, 0);
    await endHold(db, life.shop.id, id, {}, last);
  }
  for (const order of [...life.unheard]) await hear(life, order);
}

async function standing({ shop, memberId }: Life): Promise<{ worth: number; pending: number }> {
  const balance = await memberBalance(db, shop.id, memberId, Date.now());
  if (!balance) throw new Error("no balance");
  return { worth: balance.available - balance.debt, pending: balance.pending };
}

async function live(taken: readonly (readonly Step[])[], points: number): Promise<void> {
  const life = await beginLife();
  if (points > 0) await givePoints(db, life.shop.id, life.memberId, points);
  const before = await standing(life);
  for (const round of taken) {
    const outcomes = await Promise.allSettled(round.map((each) => take(life, each)));
    // Where Shopify did not answer, whoever asked comes again.
    for (const outcome of outcomes)
      if (outcome.status === "rejected" && !isUnanswered(outcome.reason)) throw outcome.reason;
  }
  await endLife(life);
  const where = { shopId: life.shop.id, id: { in: [...life.held.keys()] } };
  const rows = await db.prisma.redemption.findMany({ where });
  expect(rows).toHaveLength(life.held.size);
  const open = { shopId: life.shop.id, status: { in: ["reserved", "issued"] } };
  expect(await db.prisma.redemption.count({ where: open }), "nothing is held").toBe(0);
  const used = rows.filter(({ status }) => status === "used");
  const codes = new Set(rows.map(({ code }) => code));
  const orders = [...life.open.shop.orders.values()];
  const carried = orders.flatMap(({ discountCodes }) => discountCodes).filter((code) => codes.has(code));
  expect(used.map(({ code }) => code).sort(), "each code was used as often as it was charged").toEqual(
    carried.sort(),
  );
  expect(rows.filter(({ status, isRestored }) => status !== "used" && !isRestored)).toEqual([]);
  expect(await standing(life)).toEqual({ worth: before.worth - used.length * COST, pending: 0 });
  expect(await differences(db, life.shop.id), "the ledger is the sum of its postings").toEqual({
    balances: 0,
    lots: 0,
  });
}

describe.each(["sqlite", "postgresql"] as const)("random checkouts on %s", (dialect) => {
  const open = usingDatabases();
  const runs = RUNS_ON[dialect];

  test.skipIf(runs === 0)(
    `nothing is held and no point is lost or spent twice after each of ${runs}`,
    async () => {
      db = await open(dialect);
      shops = undefined;
      const lived = fc.asyncProperty(rounds, fc.constantFrom(0, COST, 2 * COST), live);
      // Each life goes on where the last one has left its member: a shorter one would be another.
      await fc.assert(lived, { numRuns: runs, endOnFailure: true });
    },
    4 * 3_600_000,
  );
});
