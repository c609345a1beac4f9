/** Events reach Shopify Flow and the shop's own addresses, once for what caused them, whatever crashes, repeats or does not answer. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MOST_ATTEMPTS } from "../../app/core/events/attempts.ts";
import { EVENT_KINDS, type OutgoingEvent } from "../../app/core/events/outgoing-event.ts";
import { FLOW_TRIGGERS, flowPayload } from "../../app/core/events/flow-triggers.ts";
import { earnPoints } from "../../app/core/loyalty/earn-points.ts";
import { RetryAt } from "../../app/core/retry-at.ts";
import { customerData } from "../../app/db/queries/data-requests.server.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { ensureShop } from "../../app/db/stores/shops.server.ts";
import { eraseCustomer } from "../../app/db/stores/erasures.server.ts";
import { flowReceiverId } from "../../app/db/stores/event-receivers.server.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import { tellOutside } from "../../app/db/stores/outgoing-events.server.ts";
import type { Database } from "../../app/db/types.ts";
import { openDevelopers } from "../../app/services/developers/open-developers.server.ts";
import { addPointsByFlow } from "../../app/services/events/add-points-by-flow.server.ts";
import { changeReceiver, MOST_ENDPOINTS } from "../../app/services/events/change-receiver.server.ts";
import { deliverEvents } from "../../app/services/events/deliver-events.server.ts";
import { noteTriggerUse } from "../../app/services/events/note-trigger-use.server.ts";
import { remindExpiry } from "../../app/services/loyalty/remind-expiry.server.ts";
import { redeemReward } from "../../app/services/loyalty/redeem-reward.server.ts";
import { expireRecords } from "../../app/services/privacy/expire-records.server.ts";
import { flowOf } from "../../devstore/flow/deployed.ts";
import { flowAt } from "../../devstore/flow/workflows.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { live } from "../support/deaths.ts";
import { listenAtAddress, type ListeningAddress } from "../support/listening-address.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { COST, givePoints, openProgramme, type OpenProgramme } from "../support/open-programme.ts";

const DAY_MS = 86_400_000;
const never = new AbortController().signal;
let local: LocalShopify;
let own: ListeningAddress;

beforeAll(async () => {
  process.env["PERENNIAL_LOCAL_WEBHOOKS"] = "1";
  local = await startLocalShopify();
  own = await listenAtAddress();
});
afterAll(async () => {
  await own.stop();
  await local.stop();
});

const deliver = (db: Database, shopId: number, receiverId: string) =>
  deliverEvents(db, shopId, receiverId, never);

const statuses = async (db: Database, shopId: number) => {
  const rows = await db.prisma.eventDelivery.findMany({
    where: { shopId },
    orderBy: [{ receiverId: "asc" }, { eventId: "asc" }],
  });
  return rows.map(({ receiverId, status, attempts, answer }) => ({ receiverId, status, attempts, answer }));
};

/** As Flow tells that a workflow begins with it. */
const use = (db: Database, shopId: number, kind: keyof typeof FLOW_TRIGGERS, on = true, at = Date.now()) =>
  noteTriggerUse(
    db,
    { id: shopId },
    {
      flow_trigger_definition_id: FLOW_TRIGGERS[kind]?.name,
      has_enabled_flow: on,
      timestamp: new Date(at).toISOString(),
    },
  );

async function addEndpoint(db: Database, shopId: number, kinds: readonly string[] = EVENT_KINDS) {
  own.heard.length = 0;
  own.answers(200);
  const wish = { intent: "add-endpoint", url: own.url, kinds: kinds.join(",") };
  const added = await changeReceiver(db, shopId, wish);
  const secret = added?.secret;
  const { endpoints } = await openDevelopers(db, shopId, new URLSearchParams());
  const id = endpoints[0]?.id;
  if (secret === undefined || id === undefined) throw new Error(added?.message ?? "not understood");
  return { id, secret };
}

function isSigned(secret: string, { headers, body }: ListeningAddress["heard"][number]): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  const signature = createHmac("sha256", key).update(signed).digest("base64");
  return String(headers["webhook-signature"]).split(" ").includes(`v1,${signature}`);
}

const memberOf = ({ members }: OpenProgramme, index = 0) => {
  const member = members[index];
  if (!member) throw new Error(`no member ${index}`);
  return member;
};

test("what is sent of each kind is what its trigger asks for", () => {
  const occurredAt = Date.now();
  const tierData = { from: null, to: { id: "a", name: "Gold" }, direction: "up", reason: "amount" } as const;
  const events: OutgoingEvent[] = [
    { id: "1", kind: "tier.changed", occurredAt, data: tierData },
    { id: "2", kind: "customer.at_risk", occurredAt, data: { riskPercent: 70, lastOrderDay: "2026-01-31" } },
  ];
  const { triggers } = flowOf(local.world);
  for (const event of events) {
    const payload = flowPayload(event, 7) ?? {};
    const trigger = triggers.find(({ handle }) => handle === FLOW_TRIGGERS[event.kind]?.handle);
    expect(Object.keys(payload).toSorted()).toEqual(trigger?.fields.map(({ key }) => key).toSorted());
    expect(Object.values(payload)).not.toContain("");
  }
  const byRules = { ...tierData, reason: "programme" } as const;
  expect(flowPayload({ id: "3", kind: "tier.changed", occurredAt, data: byRules }, 7)).toBeNull();
});

test("each trigger's toml has the fields that are sent, and Flow has all of them", () => {
  const { triggers, actions, lifecycleUrl } = flowOf(local.world);
  const known = EVENT_KINDS.flatMap((kind) => FLOW_TRIGGERS[kind] ?? []);
  expect(triggers.map(({ handle, name }) => ({ handle, name }))).toEqual(
    known.toSorted((a, b) => a.handle.localeCompare(b.handle)),
  );
  expect(actions.map(({ handle }) => handle)).toEqual(["add-points"]);
  expect(new URL(lifecycleUrl ?? "").pathname).toBe("/flow/trigger-use");
});

describeOnBothDatabases("events out", (open, dialect) => {
  // What asks the database nothing that other tests do not ask it.
  const once = test.runIf(dialect === "sqlite");

  test("of points about to expire Flow and an address hear once, and a restart between sends the same event again", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { members: 2, points: 0 + 1 });
    const { shopId } = shop;
    const { id, secret } = await addEndpoint(db, shopId);
    expect((await use(db, shopId, "points.expiring")).status).toBe(200);
    flowAt(shop.shop).usedTriggers.push("points-expiring");
    const now = Date.now();
    const expiresAt = now + 10 * DAY_MS;
    const { memberId, customer } = memberOf(shop);
    await givePoints(db, shopId, memberId, 120, expiresAt);
    await givePoints(db, shopId, memberId, 30, expiresAt);
    await Promise.all([remindExpiry(db, shopId, never, now), remindExpiry(db, shopId, never, now)]);
    await remindExpiry(db, shopId, never, now + DAY_MS);
    expect(await db.prisma.outgoingEvent.count({ where: { shopId } })).toBe(1);

    // Answered, and dead before that was written.
    const flow = flowReceiverId("points-expiring");
    const failing = Object.assign(Object.create(db) as Database, {
      write: () => Promise.reject(new Error("killed")),
    });
    for (const receiver of [id, flow]) {
      await expect(deliverEvents(failing, shopId, receiver, never)).rejects.toThrow("killed");
      await deliver(db, shopId, receiver);
      await deliver(db, shopId, receiver);
    }
    expect((await statuses(db, shopId)).map(({ status }) => status)).toEqual(["delivered", "delivered"]);
    const [first, again, ...more] = own.heard;
    expect(more).toEqual([]);
    if (!first || !again) throw new Error("nothing was heard");
    expect(again.body).toBe(first.body);
    expect(again.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
    expect(isSigned(secret, first) && isSigned(secret, again)).toBe(true);
    expect(isSigned(secret, { ...first, body: first.body.replace("150", "151") })).toBe(false);
    const eventId = String(first.headers["webhook-id"]);
    const lastDay = new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York" }).format(expiresAt - 1);
    expect(JSON.parse(first.body)).toEqual({
      ...{
        id: eventId,
        type: "points.expiring",
        shop: shop.shop.domain,
        timestamp: new Date(now).toISOString(),
      },
      data: {
        ...{ customer: `gid://shopify/Customer/${customer.id}`, member: memberId, points: 150 },
        ...{ expires_at: new Date(expiresAt).toISOString(), last_day: lastDay },
      },
    });
    const { received } = flowAt(shop.shop);
    const payload = { customer_id: customer.id, Points: 150, "Last day": lastDay, "Event id": eventId };
    expect(received).toMatchObject([
      { handle: "points-expiring", payload, startsWorkflow: true },
      { handle: "points-expiring", payload },
    ]);
  });

  test("a process that is killed between sending and writing that it was sent loses nothing: it comes again under the same id", async () => {
    const db = await open();
    const { shopId } = await openProgramme(local, db);
    const { id, secret } = await addEndpoint(db, shopId);
    for (const failpoint of ["deliver-events:after-send", "deliver-events:before-commit"]) {
      own.heard.length = 0;
      await changeReceiver(db, shopId, { intent: "test-endpoint", id });
      const dying = { failpoint, passing: 1 };
      const { finished } = await live("deliver-child.ts", [db.url, String(shopId), id], dying);
      expect(finished, failpoint).toBe(false);
      expect((await statuses(db, shopId)).filter(({ status }) => status === "waiting")).toHaveLength(1);
      await deliver(db, shopId, id);
      await deliver(db, shopId, id);
      expect((await statuses(db, shopId)).filter(({ status }) => status !== "delivered")).toEqual([]);
      const [first, again, ...more] = own.heard;
      expect([again?.headers["webhook-id"], again?.body, more]).toEqual([
        first?.headers["webhook-id"],
        first?.body,
        [],
      ]);
      expect(again && isSigned(secret, again)).toBe(true);
    }
  });

  test("nobody who was erased is named, and nothing is kept where nobody listens", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { members: 2, points: 1 });
    const { shopId } = shop;
    const now = Date.now();
    for (const { memberId } of shop.members) await givePoints(db, shopId, memberId, 10, now + 5 * DAY_MS);
    const { customer } = memberOf(shop, 1);
    await remindExpiry(db, shopId, never, now - DAY_MS);
    expect(await db.prisma.outgoingEvent.count({ where: { shopId } })).toBe(0);
    const { id } = await addEndpoint(db, shopId);
    for (const { memberId } of shop.members) await givePoints(db, shopId, memberId, 7, now + 6 * DAY_MS);
    await remindExpiry(db, shopId, never, now);
    await db.write((tx) =>
      tellOutside(tx, shopId, [
        {
          ...{ kind: "points.expiring", cause: "of a customer", occurredAt: now, customerId: customer.id },
          data: { points: 1, expiresAt: now, lastDay: "2026-01-01" },
        },
      ]),
    );
    await db.write((tx) => eraseCustomer(tx, shopId, customer.id, [], now));
    expect(await db.prisma.outgoingEvent.count({ where: { shopId, customerId: { not: null } } })).toBe(0);
    await deliver(db, shopId, id);
    expect((await statuses(db, shopId)).map(({ status }) => status).toSorted()).toEqual([
      "delivered",
      "dropped",
    ]);
    expect(own.heard.map(({ body }) => body).join()).not.toContain(String(customer.id));
    expect(await customerData(db, shopId, customer.id, [])).not.toHaveProperty("customer.id");
    await expireRecords(db, now + 31 * DAY_MS);
    expect(await statuses(db, shopId)).toEqual([]);
  });

  test("what an order earned and what was redeemed is told, and nobody's past", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { points: 1_000 });
    const { shopId } = shop;
    const { memberId } = memberOf(shop);
    const { id } = await addEndpoint(db, shopId);
    const now = Date.now();
    const earn = (orderId: string, points: number, ripensAt: number) =>
      db.write(async (tx) => {
        const account = (await lockAccounts(tx, shopId, [memberId])).get(memberId);
        if (!account) throw new Error("no account");
        const life = { sequence: 0, points, ripensAt, expiresAt: null, reason: null };
        await saveChanges(tx, shopId, [earnPoints(account, { orderId, ...life }, now)]);
      });
    await earn("1001", 50, now + 14 * DAY_MS);
    await earn("1002", 60, now - 30 * DAY_MS);
    const wish = { memberId, rewardId: "percentage", requestKey: "once" };
    const redeemed = await redeemReward(db, shopId, wish);
    await redeemReward(db, shopId, wish);
    if (!redeemed.ok) throw new Error(redeemed.reason);
    await deliver(db, shopId, id);
    const told = own.heard.map(({ body }) => JSON.parse(body) as { type: string; data: object });
    expect(told.toSorted((a, b) => a.type.localeCompare(b.type))).toMatchObject([
      {
        type: "points.earned",
        data: { points: 50, source: "earn", source_id: "1001", available_points: 1_000 },
      },
      {
        type: "reward.redeemed",
        data: { points: COST, redemption: redeemed.redemption.id, reward_name: "Reward: percentage" },
      },
    ]);
    expect(told).toHaveLength(2);
  });

  test("an address that does not answer is tried for a day, given up, said so, and sent again when asked", async () => {
    const db = await open();
    const shop = await openProgramme(local, db);
    const { shopId } = shop;
    const { id, secret } = await addEndpoint(db, shopId, ["points.expiring"]);
    const act = (intent: string, more = {}) => changeReceiver(db, shopId, { intent, id, ...more });
    expect(await act("test-endpoint")).toMatchObject({ ok: true });
    const due = () =>
      db.write(async (tx) => {
        await tx.prisma.eventDelivery.updateMany({ where: { shopId }, data: { dueAt: Date.now() } });
      });
    for (const [attempt, status] of [500, 302, 0, 404, 503, 429, 500, 500].entries()) {
      own.answers(status);
      const next = await deliver(db, shopId, id);
      const [delivery] = await statuses(db, shopId);
      const isLast = attempt + 1 === MOST_ATTEMPTS;
      expect(delivery).toMatchObject({ status: isLast ? "failed" : "waiting", attempts: attempt + 1 });
      if (isLast) expect(next).toBeUndefined();
      else expect(next instanceof RetryAt && next.at > Date.now()).toBe(true);
      await due();
    }
    expect(own.heard).toHaveLength(MOST_ATTEMPTS);
    const shown = await openDevelopers(db, shopId, new URLSearchParams({ deliveries: "failed" }));
    expect(shown.endpoints).toMatchObject([{ counts: { waiting: 0, delivered: 0, failed: 1 } }]);
    const [failed] = shown.deliveries;
    expect(failed).toMatchObject({ kind: "test", url: own.url, status: "failed", answer: "Answered 500" });

    own.answers(200);
    expect(await act("rotate-secret")).toMatchObject({
      ok: true,
      secret: expect.not.stringMatching(secret) as string,
    });
    const again = { intent: "send-again", id: failed?.eventId, receiver: id };
    expect(await changeReceiver(db, shopId, again)).toMatchObject({ ok: true });
    await deliver(db, shopId, id);
    expect(await statuses(db, shopId)).toMatchObject([{ status: "delivered", answer: "Answered 200" }]);
    const last = own.heard.at(-1);
    // Both sign for a day.
    expect(last && isSigned(secret, last)).toBe(true);
    expect(new Set(own.heard.map(({ headers }) => headers["webhook-id"])).size).toBe(1);

    expect(await act("pause-endpoint")).toMatchObject({ ok: true });
    expect(await act("test-endpoint")).toMatchObject({ ok: false });
    await givePoints(db, shopId, memberOf(shop).memberId, 5, Date.now() + DAY_MS);
    await remindExpiry(db, shopId, never);
    expect(await db.prisma.outgoingEvent.count({ where: { shopId, kind: "points.expiring" } })).toBe(0);
    expect(await act("resume-endpoint")).toMatchObject({ ok: true });
    own.answers(410);
    await act("test-endpoint");
    await deliver(db, shopId, id);
    expect((await statuses(db, shopId)).filter(({ status }) => status === "failed")).toMatchObject([
      { attempts: 1 },
    ]);
    expect(await act("remove-endpoint")).toMatchObject({ ok: true });
    expect(await statuses(db, shopId)).toEqual([]);
    expect(await act("remove-endpoint")).toMatchObject({ ok: false });
  });

  once("addresses are bounded, of the internet, and a shop's own", async () => {
    const db = await open();
    const { shopId } = await openProgramme(local, db);
    const add = (url: string, kinds = "points.earned") =>
      changeReceiver(db, shopId, { intent: "add-endpoint", url, kinds });
    for (const url of ["https://10.0.0.1/x", "http://example.com", "https://a:b@example.com", "nonsense"])
      expect(await add(url)).toMatchObject({ ok: false, field: "url" });
    expect(await add("https://example.com/", "")).toMatchObject({ ok: false, field: "kinds" });
    expect(await add("https://example.com/", "points.stolen")).toBeNull();
    for (let index = 0; index < MOST_ENDPOINTS; index++)
      expect(await add(`https://example.com/${index}`)).toMatchObject({ ok: true });
    expect(await add("https://example.com/0")).toMatchObject({ ok: false });
    expect(await add("https://example.com/one-more")).toMatchObject({ ok: false });
    const [receiver] = await db.prisma.eventReceiver.findMany({ where: { shopId } });
    expect(receiver?.secret).not.toContain("whsec_");
    const other = await db.write((tx) => ensureShop(tx, "other.myshopify.com"));
    const foreign = { intent: "remove-endpoint", id: receiver?.id };
    expect(await changeReceiver(db, other.id, foreign)).toMatchObject({ ok: false });
    expect(await db.prisma.eventReceiver.count({ where: { shopId } })).toBe(MOST_ENDPOINTS);
  });

  once(
    "Flow tells which triggers are used, in any order, and what it refuses is given up at once",
    async () => {
      const db = await open();
      const shop = await openProgramme(local, db);
      const { shopId } = shop;
      const now = Date.now();
      const used = async () =>
        (await openDevelopers(db, shopId, new URLSearchParams())).triggers.flatMap(({ name, isUsed }) =>
          isUsed ? [name] : [],
        );
      await use(db, shopId, "points.expiring", true, now);
      await use(db, shopId, "points.expiring", false, now - 1_000);
      expect(await used()).toEqual(["Points about to expire"]);
      await use(db, shopId, "points.expiring", false, now + 1_000);
      expect(await used()).toEqual([]);
      await use(db, shopId, "points.expiring", true, now + 2_000);
      const other = {
        flow_trigger_definition_id: "Points stolen",
        has_enabled_flow: true,
        timestamp: new Date(now).toISOString(),
      };
      expect((await noteTriggerUse(db, { id: shopId }, other)).status).toBe(422);
      expect((await noteTriggerUse(db, { id: shopId }, { ...other, timestamp: "yesterday" })).status).toBe(
        400,
      );

      await givePoints(db, shopId, memberOf(shop).memberId, 5, now + DAY_MS);
      await remindExpiry(db, shopId, never, now);
      // A payload that the trigger does not know.
      await db.write((tx) =>
        tx.prisma.outgoingEvent.updateMany({
          where: { shopId },
          data: { data: JSON.stringify({ points: "many", expiresAt: 0, lastDay: "soon" }) },
        }),
      );
      await deliver(db, shopId, flowReceiverId("points-expiring"));
      expect(await statuses(db, shopId)).toMatchObject([
        {
          status: "failed",
          attempts: 1,
          answer: "Errors validating schema: Invalid value for field 'Points'.",
        },
      ]);
      expect(flowAt(shop.shop).received).toEqual([]);
    },
  );

  once("a workflow gives points once for each run, within bounds, to whom the programme knows", async () => {
    const db = await open();
    const shop = await openProgramme(local, db, { points: 10 });
    const { shopId } = shop;
    const { memberId, customer } = memberOf(shop);
    const give = (runId: string, properties: object) =>
      addPointsByFlow(
        db,
        { id: shopId, timeZone: "UTC" },
        {
          ...{ shop_id: 1, shopify_domain: shop.shop.domain, action_run_id: runId, handle: "add-points" },
          properties: { customer_id: String(customer.id), points: "25", reason: "A review", ...properties },
        },
      );
    const balance = async () => (await memberBalance(db, shopId, memberId, Date.now()))?.available;
    const answers = await Promise.all([give("run-1", {}), give("run-1", {}), give("run-1", {})]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await balance()).toBe(35);
    expect((await give("run-1", { points: "26" })).status).toBe(409);
    for (const points of ["0", "-5", "1.5", "1e3", "NaN", "", "100001", "99999999999999999999", null, [5]])
      expect([points, (await give("run-2", { points })).status]).toEqual([points, 400]);
    for (const customer_id of ["", "0", "-1", "gid://shopify/Order/1", null])
      expect((await give("run-3", { customer_id })).status).toBe(400);
    expect((await give("run-4", { reason: "" })).status).toBe(400);
    expect((await give("run-5", { customer_id: "999999999" })).status).toBe(422);
    expect(await balance()).toBe(35);
    expect(
      (await give("run-6", { customer_id: `gid://shopify/Customer/${customer.id}`, points: 5 })).status,
    ).toBe(200);
    expect(await balance()).toBe(40);
  });
});
