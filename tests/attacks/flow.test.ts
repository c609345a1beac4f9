/** Shopify Flow's door to the app under attack: the built app as a process of its own, asked over HTTP. Whoever is refused has changed nothing. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { findShopById, markUninstalled } from "../../app/db/stores/shops.server.ts";
import { FLOW_TRIGGERS } from "../../app/core/events/flow-triggers.ts";
import { startAttackedApp, type AttackedApp } from "../support/attacked-app.ts";
import { APP } from "../support/local-shopify.ts";

const POINTS = 1_000;
let attacked: AttackedApp;
beforeAll(async () => {
  attacked = await startAttackedApp({ members: 2, points: POINTS });
}, 180_000);
afterAll(() => attacked.stop());

interface Wish {
  path?: string;
  method?: string;
  secret?: string;
  signature?: string | null;
  headers?: Record<string, string>;
}

async function ask(body: string | object, wish: Wish = {}): Promise<Response> {
  const { path = "/flow/add-points", method = "POST", secret = APP.clientSecret, headers = {} } = wish;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const signature = wish.signature ?? createHmac("sha256", secret).update(text).digest("base64");
  return fetch(new URL(path, attacked.app.address), {
    method,
    headers: {
      "Content-Type": "application/json",
      ...(wish.signature === null ? {} : { "X-Shopify-Hmac-Sha256": signature }),
      ...headers,
    },
    ...(method === "GET" || method === "HEAD" ? {} : { body: text }),
  });
}

const give = (runId: string, changes: Record<string, unknown> = {}, shop = attacked.open) => ({
  ...{ shop_id: shop.shop.id, shopify_domain: shop.shop.domain, action_run_id: runId, handle: "add-points" },
  action_definition_id: "Add points",
  properties: {
    ...{ customer_id: String(attacked.memberAt(0).customer.id), points: "25", reason: "A review" },
    ...changes,
  },
});

const use = (changes: Record<string, unknown> = {}) => ({
  flow_trigger_definition_id: FLOW_TRIGGERS["tier.changed"]?.name,
  has_enabled_flow: true,
  ...{ shop_id: attacked.open.shop.id, shopify_domain: attacked.open.shop.domain },
  timestamp: new Date().toISOString(),
  ...changes,
});

async function refused(status: number, body: string | object, wish: Wish = {}): Promise<string> {
  const before = attacked.everything();
  const answer = await ask(body, wish);
  const said = await answer.text();
  expect([status, JSON.stringify(wish), attacked.everything() === before]).toEqual([
    answer.status,
    JSON.stringify(wish),
    true,
  ]);
  return said;
}

const balance = async () =>
  (await memberBalance(attacked.db, attacked.open.shopId, attacked.memberAt(0).memberId, Date.now()))
    ?.available;

test("what Flow asks works, once for each run however often and at once it is told", async () => {
  const asked = [1, 2, 3, 4].map(() => ask(give("run-1")));
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await balance()).toBe(POINTS + 25);
  await refused(200, give("run-1"));
  // The same run with other contents.
  expect(await refused(409, give("run-1", { points: "26" }))).toContain("other points");
  expect(await balance()).toBe(POINTS + 25);

  const told = await ask(use(), { path: "/flow/trigger-use" });
  expect([told.status, told.headers.get("cache-control")]).toEqual([200, "no-store"]);
  const receivers = await attacked.db.prisma.eventReceiver.findMany({
    where: { shopId: attacked.open.shopId },
  });
  expect(receivers).toMatchObject([{ id: "flow/tier-changed", isActive: true }]);
  // What was told earlier arrives late.
  await refused(
    200,
    use({ has_enabled_flow: false, timestamp: new Date(Date.now() - 60_000).toISOString() }),
    { path: "/flow/trigger-use" },
  );
});

test("nobody gets in without Shopify's signature over just this body", async () => {
  const body = JSON.stringify(give("unsigned"));
  const digest = createHmac("sha256", APP.clientSecret).update(body).digest();
  const signature = digest.toString("base64");
  for (const path of ["/flow/add-points", "/flow/trigger-use"]) {
    await refused(401, body, { path, signature: null });
    await refused(401, body, { path, secret: "stolen" });
    await refused(401, `${body} `, { path, signature });
    await refused(401, body.replace('"25"', '"99"'), { path, signature });
    for (const other of [
      digest.toString("hex"),
      signature.toLowerCase(),
      signature.slice(0, -2),
      "x".repeat(5_000),
    ])
      await refused(401, body, { path, signature: other });
  }
});

test("a signed question serves no other shop, and none that is unknown or has left", async () => {
  const { other } = attacked;
  const mine = attacked.memberAt(0).customer.id;
  expect(await refused(422, give("elsewhere", {}, other))).toContain("no member");
  // The header is not what is believed.
  await refused(422, give("by-header", {}, other), {
    headers: { "X-Shopify-Shop-Domain": attacked.open.shop.domain },
  });
  for (const domain of ["never-seen.myshopify.com", "", null, 7, ["x"], { $ne: "" }, "erased:1"])
    await refused(404, { ...give("nowhere", { customer_id: String(mine) }), shopify_domain: domain });
  const generation = (await findShopById(attacked.db, other.shopId))?.installGeneration ?? 0;
  await attacked.db.write((tx) => markUninstalled(tx, other.shopId, generation, Date.now()));
  await refused(404, give("left", { customer_id: String(other.customer.id) }, other));
});

test("what is too large, no JSON, or not what Flow sends is refused in every field", async () => {
  const deep = `${'{"a":'.repeat(3_000)}1${"}".repeat(3_000)}`;
  await refused(413, "x".repeat(70_000));
  await refused(413, "x".repeat(1_000_000));
  for (const text of ["", "{", "null", "[]", '"x"', "\u0000", "[".repeat(10_000), deep])
    expect([400, 404]).toContain((await ask(text)).status);
  const wrong = ["", null, true, [], {}, "1e309", "NaN", "-1", "0", "1.5", "9".repeat(40), "a".repeat(300)];
  for (const field of ["customer_id", "points"])
    for (const payload of wrong) await refused(400, give("wrong", { [field]: payload }));
  for (const payload of ["", null, 7, [], {}, "a".repeat(300)])
    await refused(400, give("wrong", { reason: payload }));
  await refused(400, { ...give("wrong"), properties: null });
  await refused(400, { ...give("wrong"), action_run_id: "" });
  await refused(400, { ...give("wrong"), action_run_id: "x".repeat(300) });
  const path = "/flow/trigger-use";
  await refused(422, use({ flow_trigger_definition_id: "__proto__" }), { path });
  for (const timestamp of ["yesterday", 0, null, "2026-02-31T00:00:00Z"])
    await refused(400, use({ timestamp }), { path });
  for (const flag of ["true", 1, null]) await refused(400, use({ has_enabled_flow: flag }), { path });
});

test("there is no other action and no other method", async () => {
  for (const path of ["/flow/nothing", "/flow/__proto__", "/flow/constructor"])
    await refused(404, give("other"), { path });
  for (const method of ["GET", "PUT", "PATCH", "DELETE"]) await refused(405, give("method"), { method });
});

test("nobody is named in what was written down", () => {
  expect(attacked.app.output()).not.toContain("A review");
  expect(attacked.app.output()).not.toContain(String(attacked.memberAt(0).customer.id));
});
