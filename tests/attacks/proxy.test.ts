/**
 * The storefront's door to the app under attack: the built app as a process of its own, asked with really signed requests. Whoever is
 * refused has changed nothing in the database, and nothing that was written down says who it was.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { findShopById, markUninstalled } from "../../app/db/stores/shops.server.ts";
import { issueRedemption } from "../../app/services/loyalty/issue-redemption.server.ts";
import { MOST_ASKED } from "../../app/services/storefront/rate-limits.server.ts";
import { startAttackedApp, type AttackedApp } from "../support/attacked-app.ts";
import { APP } from "../support/local-shopify.ts";
import { COST } from "../support/open-programme.ts";
import { value } from "../support/open-shop.ts";
import { askProxy, type ProxyWish } from "../support/proxy-requests.ts";

let attacked: AttackedApp;
let db: AttackedApp["db"];
let app: AttackedApp["app"];
let open: AttackedApp["open"];
let other: AttackedApp["other"];
const MEMBERS = 8;
let addresses = 0;

beforeAll(async () => {
  attacked = await startAttackedApp({ members: MEMBERS });
  ({ db, app, open, other } = attacked);
}, 180_000);

afterAll(() => attacked.stop());

beforeEach(() => {
  addresses += 1;
});

const memberAt = (index: number) => attacked.memberAt(index);

const as = (index: number, changes: Partial<ProxyWish> = {}): ProxyWish => ({
  address: app.address,
  secret: APP.clientSecret,
  shopDomain: open.shop.domain,
  customerId: memberAt(index).customer.id,
  ...changes,
  // Each test comes from an address of its own.
  headers: { "X-Forwarded-For": `203.0.113.${addresses}`, ...changes.headers },
});

const redeem = (key: string, changes: Record<string, unknown> = {}) => ({
  reward: "amount-off",
  key,
  locale: "en",
  ...changes,
});

const everything = () => attacked.everything();

/** Asks, and sees to it that nothing has come of it. */
async function refused(action: string, body: unknown, wish: ProxyWish): Promise<Response> {
  const before = everything();
  const answer = await askProxy(action, body, wish);
  expect(everything(), "nothing has changed").toBe(before);
  return answer;
}

async function available(index: number): Promise<number> {
  return (await memberBalance(db, open.shopId, memberAt(index).memberId, Date.now()))?.available ?? -1;
}

test("what a shopper does works, and once however often it is asked", async () => {
  const first = await askProxy("redeem", redeem("first-wish"), as(0));
  expect(first.status).toBe(200);
  expect(first.headers.get("cache-control")).toBe("no-store");
  const [redemption] = await db.prisma.redemption.findMany({ where: { shopId: open.shopId } });
  expect(await first.json()).toEqual({
    ...{ ok: true, pending: true, points: 1000 - COST, redemption: redemption?.id },
    message: "Your reward is being made. It will be here in a moment.",
  });
  await issueRedemption(db, open.shopId, redemption?.id ?? "", { signal: AbortSignal.timeout(5_000) }, 0);
  const again = [1, 2].map(() => askProxy("redeem", redeem("first-wish", { locale: "pl-PL" }), as(0)));
  const answers = await Promise.all((await Promise.all(again)).map((answer) => answer.json()));
  expect(answers[0]).toMatchObject({ ok: true, code: redemption?.code, points: 1000 - COST });
  expect(answers[0]).toMatchObject({ message: `Twój kod: ${redemption?.code}` });
  expect(answers[1]).toEqual(answers[0]);
  expect(await available(0)).toBe(1000 - COST);

  const back = { redemption: redemption?.id, key: "give-it-back" };
  for (let time = 0; time < 2; time++)
    expect(await (await askProxy("give-back", back, as(0))).json()).toMatchObject({ ok: true });
  expect(await available(0)).toBe(1000);
  expect(await (await askProxy("redeem", redeem("first-wish"), as(0))).json()).toMatchObject({
    reason: "over",
  });
  expect(await (await askProxy("join", { key: "join-once" }, as(0))).json()).toMatchObject({ ok: true });
}, 60_000);

test("a birthday goes to the customer at Shopify and stays out of the database", async () => {
  const before = everything();
  open.shop.installation?.scopes.push("write_customers");
  const saved = await askProxy("profile", { birthday: "02-29", key: "birthday-wish", locale: "ja" }, as(1));
  expect(await saved.json()).toEqual({ ok: true, message: "誕生日を保存しました。" });
  const kept = open.shop.metafields.get(`gid://shopify/Customer/${memberAt(1).customer.id}`);
  expect([...(kept?.values() ?? [])]).toEqual([expect.objectContaining({ key: "birthday", value: "02-29" })]);
  expect(everything()).toBe(before);
});

test("nobody gets in without Shopify's signature over just this question, made just now", async () => {
  const now = Math.floor(Date.now() / 1000);
  const body = redeem("unsigned-wish");
  const id = String(memberAt(1).customer.id);
  const attempts: ProxyWish[] = [
    as(1, { secret: "stolen" }),
    as(1, { secret: "" }),
    as(1, { query: { timestamp: String(now - 120) } }),
    as(1, { query: { timestamp: String(now + 120) } }),
    as(1, { extra: [["logged_in_customer_id", String(memberAt(2).customer.id)]] }),
    as(1, { extra: [["logged_in_customer_id", id]] }),
    as(1, { query: { logged_in_customer_id: `${id} OR 1=1` } }),
    as(1, { query: { logged_in_customer_id: `${id},${memberAt(2).customer.id}` } }),
    as(1, { query: { logged_in_customer_id: "{{ customer.id }}" } }),
    as(1, { query: { shop: "evil.example.com" } }),
  ];
  for (const attempt of attempts) expect((await refused("redeem", body, attempt)).status).toBe(401);
});

test("a signed address serves nobody else, no other shop and no other method", async () => {
  const before = everything();
  const signed = new URL(`/proxy/redeem`, app.address);
  const seen = await askProxy("nothing", {}, as(1));
  expect(seen.status).toBe(404);
  signed.search = new URL(seen.url).search;
  const with_ = async (change: (url: URL) => void, method = "POST") => {
    const url = new URL(signed);
    change(url);
    const body = method === "POST" ? JSON.stringify(redeem("altered-wish")) : null;
    return (await fetch(url, { method, body, headers: { "Content-Type": "application/json" } })).status;
  };
  const set = (name: string, value: string) => (url: URL) => url.searchParams.set(name, value);
  expect(await with_(set("logged_in_customer_id", String(memberAt(2).customer.id)))).toBe(401);
  expect(await with_(set("shop", other.shop.domain))).toBe(401);
  expect(await with_(set("signature", "0".repeat(64)))).toBe(401);
  expect(await with_((url) => url.searchParams.delete("signature"))).toBe(401);
  expect(await with_((url) => url.searchParams.append("reward", "percentage"))).toBe(401);
  for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
    expect(await with_(() => undefined, method)).toBe(405);
  expect(everything()).toBe(before);
});

test("a shop that is unknown or has left answers nobody, and its neighbours' customers are nobody's members", async () => {
  const unknown = as(1, { shopDomain: "never-seen.myshopify.com" });
  expect((await refused("redeem", redeem("unknown-shop"), unknown)).status).toBe(404);
  const stranger = as(1, { shopDomain: other.shop.domain });
  expect(await (await refused("redeem", redeem("neighbours"), stranger)).json()).toMatchObject({
    reason: "no-member",
  });
  const generation = (await findShopById(db, other.shopId))?.installGeneration ?? 0;
  await db.write((tx) => markUninstalled(tx, other.shopId, generation, Date.now()));
  const left = as(1, { shopDomain: other.shop.domain, customerId: other.customer.id });
  expect((await refused("redeem", redeem("left-shop"), left)).status).toBe(404);
});

test("another site's page cannot make a shopper's browser ask", async () => {
  const body = JSON.stringify(redeem("cross-site"));
  const types = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/jsonp",
  ];
  for (const type of types) {
    const posted = as(1, { headers: { "Content-Type": type } });
    expect((await refused("redeem", body, posted)).status).toBe(415);
  }
  const elsewhere: Record<string, string>[] = [
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "none" },
    { Origin: "https://evil.example.com" },
    { Origin: "null" },
  ];
  for (const headers of elsewhere)
    expect((await refused("redeem", body, as(1, { headers }))).status).toBe(403);
  const own = { "Sec-Fetch-Site": "same-origin", Origin: "https://tea.example" };
  expect((await askProxy("redeem", redeem("x"), as(1, { headers: own }))).status).toBe(400);
  const domain = { Origin: "https://tea.example", "X-Forwarded-Host": "tea.example" };
  expect((await askProxy("redeem", redeem("x"), as(1, { headers: domain }))).status).toBe(400);
});

test("HTML, Liquid, other types and more than is asked for are refused in every field", async () => {
  const payloads = [
    "<img src=x onerror=alert(1)>", "{{ shop.metafields }}", "{% render 'x' %}", "'; DROP TABLE Redemption; --",
    "../../etc/passwd", "\u0000", "a".repeat(300), "", null, 7, true, ["amount-off"], { $ne: "" },
  ]; // prettier-ignore
  const wishes: [string, Record<string, unknown>][] = [
    ["redeem", redeem("refused-wish")],
    ["give-back", { redemption: "x", key: "refused-wish", locale: "en" }],
    ["profile", { birthday: "05-01", key: "refused-wish", locale: "en" }],
    ["join", { key: "refused-wish", locale: "en" }],
  ];
  let asked = 0;
  const before = everything();
  for (const [action, wish] of wishes) {
    for (const field of [...Object.keys(wish), "unknown", "__proto__", "constructor"]) {
      for (const payload of payloads) {
        // A page that names no language.
        if (field === "locale" && payload === "") continue;
        // Guests' questions are parsed as anybody's and count against an address only.
        const guest = as(1, {
          customerId: null,
          headers: { "X-Forwarded-For": `2001:db8::${(asked += 1)}` },
        });
        const text = JSON.stringify({ ...wish, FIELD: payload }).replace('"FIELD"', JSON.stringify(field));
        const answer = await askProxy(action, text, guest);
        expect([field, payload, answer.status]).toEqual([field, payload, 400]);
        expect(await answer.json()).toMatchObject({ ok: false, reason: "not-understood" });
      }
    }
  }
  for (const birthday of ["02-30", "13-01", "00-10", "1-1", "2000-05-01", "05-01 "]) {
    expect(
      (await askProxy("profile", { birthday, key: "refused-wish" }, as(1, { customerId: null }))).status,
    ).toBe(400);
  }
  expect(everything()).toBe(before);
}, 60_000);

test("what is no JSON, too long or a thousand levels deep is refused", async () => {
  for (const text of ["", "{", "[]", "null", '"redeem"', "0x10", "[".repeat(1000) + "]".repeat(1000)])
    expect((await refused("redeem", text, as(2))).status).toBe(400);
  const long = JSON.stringify(redeem("long-wish", { note: "x".repeat(5000) }));
  expect((await refused("redeem", long, as(2))).status).toBe(413);
  const streamed = new ReadableStream({
    start(controller) {
      for (let part = 0; part < 8; part++) controller.enqueue(new TextEncoder().encode(" ".repeat(1024)));
      controller.close();
    },
  });
  const { url } = await askProxy("nothing", {}, as(2));
  const answer = await fetch(url.replace("/proxy/nothing", "/proxy/redeem"), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: streamed,
    duplex: "half",
  });
  expect(answer.status).toBe(413);
});

test("a guest is asked to log in, in their language, and a member without points is told so", async () => {
  const guest = await refused(
    "redeem",
    redeem("guest-wish", { locale: "th-TH" }),
    as(2, { customerId: null }),
  );
  expect(await guest.json()).toEqual({ ok: false, reason: "log-in", message: "โปรดเข้าสู่ระบบก่อน" });
  const unknown = await refused("redeem", redeem("no-reward", { reward: "nothing", locale: "xx" }), as(2));
  expect(await unknown.json()).toMatchObject({
    reason: "not-offered",
    message: expect.stringContaining("This reward") as string,
  });
});

test("somebody else's redemption and one that never was are answered alike, after the same work", async () => {
  const key = "enumerated-wish";
  await askProxy("redeem", redeem(key), as(3));
  const [theirs] = await db.prisma.redemption.findMany({
    where: { shopId: open.shopId, memberId: memberAt(3).memberId },
  });
  if (!theirs) throw new Error("nothing was redeemed");
  await issueRedemption(db, open.shopId, theirs.id, { signal: AbortSignal.timeout(5_000) }, 0);
  const ask = async (redemption: string) => {
    const answer = await refused("give-back", { redemption, key }, as(4));
    return [answer.status, await answer.text(), Object.keys(Object.fromEntries(answer.headers)).sort()];
  };
  expect(await ask(theirs.id)).toEqual(await ask("never-was"));
  // The same key of another shopper is another wish.
  expect(await (await askProxy("redeem", redeem(key), as(4))).json()).toMatchObject({
    ok: true,
    pending: true,
  });
  expect([await available(3), await available(4)]).toEqual([1000 - COST, 1000 - COST]);
});

test("nobody learns who is a customer: unsigned, all are refused alike; signed, who is none and who is no member are", async () => {
  const member = memberAt(4).customer.id;
  const known = value(actions.createCustomer(attacked.local.world, open.shop, { firstName: "Vera" })).id;
  const unknown = Math.max(...open.shop.customers.keys()) + 1;
  const answered = async (answer: Response) => [
    answer.status,
    await answer.text(),
    [...answer.headers.keys()].filter((name) => name !== "content-length").sort(),
  ];
  const bodies = {
    redeem: redeem("who-is-there"),
    "give-back": { redemption: "never-was", key: "who-is-there" },
    profile: { birthday: "02-30", key: "who-is-there" },
  };
  for (const [action, body] of Object.entries(bodies)) {
    const unsigned = { secret: "guessed" };
    const refusals = await Promise.all(
      [member, known, unknown, null].map(async (customerId) =>
        answered(await refused(action, body, as(4, { ...unsigned, customerId }))),
      ),
    );
    const elsewhere = as(4, { ...unsigned, shopDomain: "never-seen.myshopify.com" });
    refusals.push(await answered(await refused(action, body, elsewhere)));
    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size, action).toBe(1);
    const ofNobody = await answered(await refused(action, body, as(4, { customerId: unknown })));
    expect(await answered(await refused(action, body, as(4, { customerId: known }))), action).toEqual(
      ofNobody,
    );
  }
});

test("one key for another reward is refused, and asking ten times at once spends once", async () => {
  const asked = await Promise.all(
    Array.from({ length: 10 }, () => askProxy("redeem", redeem("many-at-once"), as(5))),
  );
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await available(5)).toBe(1000 - COST);
  const reused = await refused("redeem", redeem("many-at-once", { reward: "percentage" }), as(5));
  expect(await reused.json()).toMatchObject({ ok: false, reason: "not-understood" });
}, 60_000);

test("a flood of one customer, or from one address, is stopped and told when to come back", async () => {
  const ask = (index: number, headers = {}) =>
    askProxy("redeem", redeem("flooding-wish", { reward: "none", locale: "ru" }), as(index, { headers }));
  const before = everything();
  for (let time = 0; time < MOST_ASKED.act.customer; time++) expect((await ask(6)).status).toBe(200);
  // From wherever.
  const stopped = await ask(6, { "X-Forwarded-For": "198.51.100.9" });
  expect(stopped.status).toBe(429);
  expect(Number(stopped.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(stopped.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  expect(await stopped.json()).toEqual({
    ok: false,
    reason: "too-often",
    message: "Слишком много попыток. Подождите немного и попробуйте снова.",
  });
  // Others are served as before.
  expect((await ask(7, { "X-Forwarded-For": "198.51.100.9" })).status).toBe(200);
  const guest = as(7, { customerId: null, headers: { "X-Forwarded-For": "198.51.100.77" } });
  const statuses: number[] = [];
  for (let time = 0; time < MOST_ASKED.act.address + 1; time++)
    statuses.push((await askProxy("join", { key: "flooding-wish", locale: "" }, guest)).status);
  expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([
    MOST_ASKED.act.address,
    429,
  ]);
  expect(everything()).toBe(before);
}, 60_000);

test("nothing that was written down says who asked, from where or for what", () => {
  const written = app.output();
  expect(written).toContain('"path":"/proxy/redeem"');
  const ids = open.members.map(({ customer }) => String(customer.id));
  const secrets = [
    ...ids,
    "203.0.113.",
    "198.51.100.",
    "2001:db8",
    "signature",
    "first-wish",
    "02-29",
    "onerror",
  ];
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
  const lines = written.split("\n").filter((line) => line.startsWith("{") && !line.startsWith('{"ready"'));
  expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
});
