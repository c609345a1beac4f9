/**
 * The door of extensions under attack: the built app as a process of its own, asked with really signed session tokens. Whoever is refused has
 * changed nothing in the database; whatever shoppers do with what they hold, no point is lost and none is spent twice.
 */
import { UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HOLD_MINUTES } from "../../app/core/loyalty/hold.ts";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { findRedemption } from "../../app/db/stores/redemptions.server.ts";
import { findShopById, markUninstalled } from "../../app/db/stores/shops.server.ts";
import { endHold } from "../../app/services/loyalty/end-hold.server.ts";
import { MOST_ASKED } from "../../app/services/storefront/rate-limits.server.ts";
import { placeOrder } from "../../devstore/state/place-order.ts";
import { startAttackedApp, type AttackedApp } from "../support/attacked-app.ts";
import { APP } from "../support/local-shopify.ts";
import { COST } from "../support/open-programme.ts";
import { value, workEvents } from "../support/open-shop.ts";
import { askUi, sessionToken, type UiWish } from "../support/ui-requests.ts";

let attacked: AttackedApp;
let local: AttackedApp["local"];
let db: AttackedApp["db"];
let app: AttackedApp["app"];
let open: AttackedApp["open"];
let other: AttackedApp["other"];
const MEMBERS = 8;
const HOUR_MS = 3_600_000;
let addresses = 0;

beforeAll(async () => {
  attacked = await startAttackedApp({ members: MEMBERS, points: COST });
  ({ local, db, app, open, other } = attacked);
}, 180_000);

afterAll(() => attacked.stop());

beforeEach(() => {
  addresses += 1;
});

const memberAt = (index: number) => attacked.memberAt(index);

const as = (index: number, changes: Partial<UiWish> = {}): UiWish => ({
  ...{ address: app.address, secret: APP.clientSecret, clientId: APP.clientId },
  ...{ shopDomain: open.shop.domain, customerId: memberAt(index).customer.id },
  ...changes,
  // Each test comes from an address of its own.
  headers: { "X-Forwarded-For": `203.0.113.${addresses}`, ...changes.headers },
});

const hold = (key: string, changes: Record<string, unknown> = {}) => ({
  ...{ reward: "amount-off", currency: open.shop.currency, key, locale: "en" },
  ...changes,
});

const everything = () => attacked.everything();

/** Asks, and sees to it that nothing has come of it. */
async function refused(action: string, body: unknown, wish: UiWish): Promise<Response> {
  const before = everything();
  const answer = await askUi(action, body, wish);
  expect(everything(), "nothing has changed").toBe(before);
  // Whatever is said, an extension has to be able to read it.
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  return answer;
}

async function balance(index: number): Promise<[available: number, debt: number]> {
  const found = await memberBalance(db, open.shopId, memberAt(index).memberId, Date.now());
  return [found?.available ?? -1, found?.debt ?? -1];
}

interface Held {
  redemption: string;
  code: string;
}

async function held(index: number, key: string, changes = {}): Promise<Held> {
  const answer: unknown = await (await askUi("hold", hold(key, changes), as(index))).json();
  expect(answer).toMatchObject({ ok: true, code: expect.any(String) as string });
  return answer as Held;
}

function pay(index: number, codes: string[]) {
  const lines = [{ variantId: open.product.variantIds[0] ?? 0, quantity: 2 }];
  const customerId = memberAt(index).customer.id;
  return value(placeOrder(local.world, open.shop, { lines, codes, customerId, shippingMinor: 0 }));
}

/** As webhooks would bring it. */
async function hearOfOrders(): Promise<void> {
  local.listen(open.shop.domain, db);
  await workEvents(local, open);
  local.listen(open.shop.domain, null);
}

test("a browser is let through from a worker without an origin, and only to ask as extensions do", async () => {
  const asked = await fetch(new URL("/ui/hold", app.address), {
    method: "OPTIONS",
    headers: {
      ...{ Origin: "null", "Access-Control-Request-Method": "POST" },
      "Access-Control-Request-Headers": "authorization,content-type",
    },
  });
  expect(asked.status).toBe(204);
  expect(asked.headers.get("access-control-allow-origin")).toBe("*");
  expect(asked.headers.get("access-control-allow-headers")).toBe("Authorization, Content-Type");
  expect(asked.headers.get("access-control-allow-credentials")).toBeNull();
  for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
    expect((await askUi("hold", {}, as(0, { method }))).status).toBe(405);
});

test("a reward is held once however often it is asked for, and its points are back once it is let go", async () => {
  const asked = Array.from({ length: 10 }, () => askUi("hold", hold("ten-at-once"), as(0)));
  const answers = await Promise.all(asked);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers[0]?.headers.get("cache-control")).toBe("no-store");
  const { redemption, code } = await held(0, "ten-at-once");
  expect(open.shop.discounts.size).toBe(1);
  expect(await balance(0)).toEqual([0, 0]);
  const account: unknown = await (await askUi("account", { locale: "lv" }, as(0))).json();
  expect(account).toMatchObject({
    ok: true,
    member: true,
    points: 0,
    codes: [{ redemption, code, status: "held" }],
  });
  const reused = await refused("hold", hold("ten-at-once", { reward: "percentage" }), as(0));
  expect(await reused.json()).toMatchObject({ ok: false, reason: "not-understood" });
  for (let time = 0; time < 2; time++) {
    const back = await askUi("release", { redemption, locale: "ja" }, as(0));
    expect(await back.json()).toEqual({
      ok: true,
      points: COST,
      message: "ポイントがアカウントに戻りました。",
    });
  }
  // A replay of what was asked brings nothing back.
  const replayed = await refused("hold", hold("ten-at-once"), as(0));
  expect(await replayed.json()).toMatchObject({ ok: false, reason: "over" });
  expect(await balance(0)).toEqual([COST, 0]);
}, 60_000);

test("nobody gets in without a token that Shopify signed for this app, this shop and this moment", async () => {
  const now = Math.floor(Date.now() / 1000);
  const body = hold("no-token-wish");
  const claims = { aud: APP.clientId, dest: open.shop.domain, sub: `gid://shopify/Customer/1` };
  const [head = "", , signature = ""] = (await sessionToken(as(1))).split(".");
  const altered = Buffer.from(JSON.stringify({ ...claims, nbf: now, exp: now + 60 })).toString("base64url");
  const attempts: UiWish[] = [
    as(1, { secret: "stolen" }),
    as(1, { claims: { exp: now - 60 } }),
    as(1, { claims: { nbf: now + 60 } }),
    as(1, { claims: { exp: undefined } }),
    as(1, { claims: { aud: "another-app" } }),
    as(1, { claims: { dest: "evil.example.com" } }),
    as(1, { claims: { sub: "gid://shopify/Customer/1 OR 1=1" } }),
    as(1, { token: new UnsecuredJWT({ ...claims, nbf: now, exp: now + 60 }).encode() }),
    as(1, { token: `${head}.${altered}.${signature}` }),
    as(1, { token: `${head}.${altered}.` }),
    as(1, { token: "" }),
    as(1, { headers: { Authorization: `Basic ${await sessionToken(as(1))}` } }),
  ];
  for (const attempt of attempts) {
    const answer = await refused("hold", body, attempt);
    expect([answer.status, await answer.text()]).toEqual([401, ""]);
  }
});

test("a token serves its own shop alone, as long as that has the app", async () => {
  expect(
    (await refused("hold", hold("unknown-shop"), as(1, { shopDomain: "never-seen.myshopify.com" }))).status,
  ).toBe(404);
  const stranger = as(1, { shopDomain: other.shop.domain });
  expect(await (await refused("hold", hold("neighbours"), stranger)).json()).toMatchObject({
    reason: "no-member",
  });
  const generation = (await findShopById(db, other.shopId))?.installGeneration ?? 0;
  await db.write((tx) => markUninstalled(tx, other.shopId, generation, Date.now()));
  const left = as(1, { shopDomain: other.shop.domain, customerId: other.customer.id });
  expect((await refused("hold", hold("left-shop"), left)).status).toBe(404);
});

test("somebody else's redemption or order, and one that never was, are answered alike", async () => {
  const { redemption } = await held(2, "somebody-elses");
  const order = pay(2, []);
  await hearOfOrders();
  const ask = async (action: string, body: object) => {
    const answer = await refused(action, body, as(3));
    return [answer.status, await answer.text()];
  };
  for (const action of ["touch", "release", "give-back"])
    expect(await ask(action, { redemption })).toEqual(await ask(action, { redemption: "never-was" }));
  expect(await ask("order", { order: String(order.id) })).toEqual(await ask("order", { order: "999999999" }));
  const own: unknown = await (await askUi("order", { order: String(order.id) }, as(2))).json();
  expect(own).toMatchObject({ ok: true, points: 0, pending: 0, member: true });
  expect(await balance(2)).toEqual([0, 0]);
}, 60_000);

test("two checkouts cannot hold the same points", async () => {
  const two = ["first-checkout", "second-checkout"].map((key) => askUi("hold", hold(key), as(3)));
  const answers = (await Promise.all((await Promise.all(two)).map((answer) => answer.json()))) as {
    ok: boolean;
    reason?: string;
  }[];
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ reason: "insufficient-points" });
  expect(await balance(3)).toEqual([0, 0]);
}, 60_000);

test("a checkout that was left open for a day has lost its code, and the points are where they were", async () => {
  const { redemption, code } = await held(4, "left-open-wish");
  const tomorrow = Date.now() + 24 * HOUR_MS;
  await endHold(db, open.shopId, redemption, {}, tomorrow);
  expect(await balance(4)).toEqual([COST, 0]);
  const lines = [{ variantId: open.product.variantIds[0] ?? 0, quantity: 2 }];
  const customerId = memberAt(4).customer.id;
  const late = placeOrder(local.world, open.shop, { lines, codes: [code], customerId, shippingMinor: 0 });
  expect(late.ok).toBe(false);
  expect(await (await refused("touch", { redemption }, as(4))).json()).toMatchObject({ reason: "over" });
}, 60_000);

test("an order without the code leaves the hold to its time, and one with it uses it once", async () => {
  const first = await held(5, "changed-cart-wish");
  pay(5, []);
  await hearOfOrders();
  expect(await findRedemption(db, open.shopId, first.redemption)).toMatchObject({ status: "issued" });
  await endHold(db, open.shopId, first.redemption, {}, Date.now() + (HOLD_MINUTES + 1) * 60_000);
  expect(await balance(5)).toEqual([COST, 0]);
  const second = await held(5, "another-cart-wish");
  pay(5, [second.code]);
  await hearOfOrders();
  await hearOfOrders();
  expect(await findRedemption(db, open.shopId, second.redemption)).toMatchObject({ status: "used" });
  const released = await refused("release", { redemption: second.redemption }, as(5));
  expect(await released.json()).toMatchObject({ ok: false, reason: "over" });
  expect(await balance(5)).toEqual([0, 0]);
}, 60_000);

test("what is not asked for is refused in every field, and an action that is none in every name", async () => {
  const payloads = ["<img src=x onerror=alert(1)>", "'; DROP TABLE Redemption; --", "\u0000", "a".repeat(300), null, true, ["x"], { $ne: "" }]; // prettier-ignore
  const wishes: [string, Record<string, unknown>][] = [
    ["hold", hold("refused-wish")],
    ["touch", { redemption: "x", locale: "en" }],
    ["release", { redemption: "x", locale: "en" }],
    ["order", { order: "7", locale: "en" }],
    ["survey", { order: "7", recommend: 9, locale: "en" }],
    ["account", { locale: "en" }],
  ];
  const before = everything();
  let asked = 0;
  for (const [action, wish] of wishes) {
    for (const field of [...Object.keys(wish), "unknown", "__proto__"]) {
      for (const payload of payloads) {
        // Guests' questions are parsed as anybody's and count against an address only.
        const headers = { "X-Forwarded-For": `203.0.113.7, 2001:db8::${(asked += 1)}` };
        const text = JSON.stringify({ ...wish, FIELD: payload }).replace('"FIELD"', JSON.stringify(field));
        const answer = await askUi(action, text, as(1, { customerId: null, headers }));
        expect([action, field, payload, answer.status]).toEqual([action, field, payload, 400]);
      }
    }
  }
  for (const name of ["nothing", "constructor", "__proto__", "toString"])
    expect((await askUi(name, {}, as(1))).status).toBe(404);
  expect(everything()).toBe(before);
}, 60_000);

test("what is no JSON, or too long, is refused", async () => {
  for (const text of ["", "{", "null", "[".repeat(1000) + "]".repeat(1000)])
    expect((await refused("hold", text, as(1))).status).toBe(400);
  const long = JSON.stringify(hold("long-wish", { note: "x".repeat(5000) }));
  expect((await refused("hold", long, as(1))).status).toBe(413);
  const form = as(1, { headers: { "Content-Type": "text/plain" } });
  expect((await refused("hold", hold("as-a-form"), form)).status).toBe(415);
});

test("a guest is asked to log in, in their language", async () => {
  const guest = await refused("hold", hold("guest-wish", { locale: "pl" }), as(1, { customerId: null }));
  expect(await guest.json()).toEqual({ ok: false, reason: "log-in", message: "Najpierw się zaloguj." });
});

test("a flood of one customer, or from one address, is stopped and told when to come back", async () => {
  const ask = (index: number, headers = {}) => askUi("touch", { redemption: "none" }, as(index, { headers }));
  const before = everything();
  for (let time = 0; time < MOST_ASKED.act.customer; time++) expect((await ask(6)).status).toBe(200);
  // From wherever.
  const stopped = await ask(6, { "X-Forwarded-For": "198.51.100.9" });
  expect(stopped.status).toBe(429);
  expect(Number(stopped.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(stopped.headers.get("access-control-expose-headers")).toBe("Retry-After");
  const guest = as(7, { customerId: null, headers: { "X-Forwarded-For": "198.51.100.77" } });
  const statuses: number[] = [];
  // Writing another address before one's own is no way around.
  for (let time = 0; time < MOST_ASKED.act.address + 1; time++) {
    const headers = { "X-Forwarded-For": `10.0.0.${time}, 198.51.100.77` };
    statuses.push((await askUi("touch", { redemption: "none" }, { ...guest, headers })).status);
  }
  expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([
    MOST_ASKED.act.address,
    429,
  ]);
  expect((await ask(7, { "X-Forwarded-For": "198.51.100.9" })).status).toBe(200);
  expect(everything()).toBe(before);
}, 60_000);

test("a copy of one's data is had by an address that was handed out, and by no other", async () => {
  const asked = await askUi("data", { what: "copy", locale: "ru" }, as(1));
  const { file } = (await asked.json()) as { file: { address: string } };
  const ticket = new URL(file.address).searchParams.get("ticket") ?? "";
  const get = async (text: string) => {
    const before = everything();
    const answer = await fetch(new URL(`/ui/file?${new URLSearchParams({ ticket: text })}`, app.address));
    expect(everything(), "nothing has changed").toBe(before);
    return answer;
  };
  const given = await get(ticket);
  expect(given.headers.get("content-disposition")).toMatch(/^attachment; /);
  expect(given.headers.get("cache-control")).toBe("no-store");
  expect(await given.json()).toMatchObject({ customerId: memberAt(1).customer.id });
  const [version, key, sealed = ""] = ticket.split(".");
  const flipped = `${sealed.startsWith("A") ? "B" : "A"}${sealed.slice(1)}`;
  const token = await sessionToken(as(1));
  for (const text of [
    "",
    "x",
    token,
    `${version}.${key}.${flipped}`,
    `${version}.other.${sealed}`,
    "a".repeat(9_000),
  ])
    expect((await get(text)).status, text.slice(0, 20)).toBe(404);
  // Whoever has no token is offered none.
  expect((await refused("data", { what: "copy" }, as(1, { token: "" }))).status).toBe(401);
  expect(app.output()).not.toContain(sealed.slice(0, 40));
});

test("nothing that was written down says who asked, from where or for what", () => {
  const written = app.output();
  expect(written).toContain('"path":"/ui/hold"');
  const ids = open.members.map(({ customer }) => String(customer.id));
  const secrets = [...ids, "203.0.113.", "198.51.100.", "2001:db8", "eyJ", "ten-at-once", "onerror"];
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
  const lines = written.split("\n").filter((line) => line.startsWith("{") && !line.startsWith('{"ready"'));
  expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
});
