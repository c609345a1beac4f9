/**
 * The HTTP API under attack, and held against its own description: the built app as a process of its own. Whoever is refused has changed
 * nothing in the database and is told why in the form that the description promises.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { memberBalance } from "../../app/db/queries/member-account.server.ts";
import { apiKeys } from "../../app/db/stores/api-keys.server.ts";
import { findShopById, markUninstalled } from "../../app/db/stores/shops.server.ts";
import { changeApiKey } from "../../app/services/api/change-api-key.server.ts";
import { MOST_OF_A_KEY } from "../../app/services/api/limits.server.ts";
import { postToAddress } from "../../app/services/events/post-to-address.server.ts";
import { askApi, makeKey, type ApiWish } from "../support/api-requests.ts";
import { startAttackedApp, type AttackedApp } from "../support/attacked-app.ts";
import { arbitraryOf, type JsonSchema } from "../support/json-schema-arbitrary.ts";
import { listenAtAddress } from "../support/listening-address.ts";
import { COST } from "../support/open-programme.ts";

let attacked: AttackedApp;
let db: AttackedApp["db"];
let app: AttackedApp["app"];
let open: AttackedApp["open"];
let other: AttackedApp["other"];
let key = "";

beforeAll(async () => {
  attacked = await startAttackedApp({ members: 6, points: COST });
  ({ db, app, open, other } = attacked);
  key = await used(await makeKey(db, open.shopId));
}, 180_000);

afterAll(() => attacked.stop());

/** That a key was used is written down once an hour. */
async function used(fresh: string): Promise<string> {
  expect((await ask("/ping", {}, fresh)).status).toBe(204);
  return fresh;
}

const ask = (path: string, wish: ApiWish = {}, as = key) => askApi(app.address, path, as, wish);
const customer = (index: number) => attacked.memberAt(index).customer.id;
const gift = { points: 5, reason: "A gift" };

async function balance(index: number): Promise<[available: number, debt: number]> {
  const found = await memberBalance(db, open.shopId, attacked.memberAt(index).memberId, Date.now());
  return [found?.available ?? -1, found?.debt ?? -1];
}

/** Asks, and sees to it that nothing has come of it and that it is said why. */
async function refused(
  path: string,
  wish: ApiWish = {},
  as = key,
): Promise<{ status: number; type: string; body: string }> {
  const before = attacked.everything();
  const answer = await ask(path, wish, as);
  expect(attacked.everything(), "nothing has changed").toBe(before);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const body = await answer.text();
  const { type, title, status } = JSON.parse(body) as { type: string; title: string; status: number };
  expect(title).not.toBe("");
  expect(status).toBe(answer.status);
  return { status, type: type.replace("urn:perennial:problem:", ""), body };
}

interface Described {
  operationId: string;
  method: string;
  path: string;
  description?: string;
  parameters: { name: string; in: string; required: boolean; schema: JsonSchema }[];
  requestBody?: { content: { "application/json": { schema: JsonSchema } } };
  responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }>;
}

async function description() {
  const answer = await ask("/openapi.json", {}, "");
  expect(answer.status).toBe(200);
  const document = (await answer.json()) as {
    openapi: string;
    paths: Record<string, Record<string, Omit<Described, "method" | "path">>>;
    components: { schemas: { Problem: JsonSchema } };
  };
  const operations: Described[] = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, facts]) => ({ ...facts, path, method: method.toUpperCase() })),
  );
  return { document, operations };
}

/** One of each, as its description wants it. */
const bodyOf: Readonly<Record<string, object>> = {
  earnPoints: gift,
  adjustPoints: { points: -5, reason: "Taken" },
  redeemReward: { reward: "percentage" },
};
const wishOf = ({ operationId, method }: Described): ApiWish =>
  bodyOf[operationId] ? { method, body: bodyOf[operationId] } : { method };

test("nobody gets in without a key of an installed shop's", async () => {
  const [own] = await apiKeys(db, open.shopId);
  const stolen = key.slice(0, -4);
  const forged = [
    ...["", "x", "prn_1_aaaaaaaa_", `${stolen}AAAA`, key.toUpperCase(), `${key}A`, own?.hash ?? ""],
    ...[key.replace(/^prn_[^_]+/, "prn_2"), key.replace(/^prn_[^_]+/, "prn_zzzzzzz"), "prn_1_' OR 1=1_"],
  ];
  for (const [index, as] of forged.entries()) {
    const headers = { "X-Forwarded-For": `203.0.113.${index}` };
    expect([as, (await refused("/rewards", { headers }, as)).status]).toEqual([as, 401]);
  }
  const basic = {
    Authorization: `Basic ${Buffer.from(key).toString("base64")}`,
    "X-Forwarded-For": "203.0.113.99",
  };
  expect((await refused("/rewards", { headers: basic }, "")).status).toBe(401);
  const answer = await ask("/rewards", { headers: { "X-Forwarded-For": "203.0.113.98" } }, "");
  expect(answer.headers.get("www-authenticate")).toContain("Bearer");

  // Of the shop that leaves at the end.
  const theirs = await used(await makeKey(db, other.shopId));
  const generation = (await findShopById(db, other.shopId))?.installGeneration ?? 0;
  expect((await ask("/rewards", {}, theirs)).status).toBe(200);
  await db.write((tx) => markUninstalled(tx, other.shopId, generation, Date.now()));
  expect((await refused("/rewards", {}, theirs)).status).toBe(401);
});

test("a changed key counts for a day beside the new one, and an ended one no more", async () => {
  const first = await makeKey(db, open.shopId);
  const id = first.split("_")[2] ?? "";
  const second = (await changeApiKey(db, open.shopId, { intent: "rotate-key", id }))?.secret ?? "";
  for (const as of [first, second]) expect((await ask("/ping", {}, as)).status).toBe(204);
  await changeApiKey(db, open.shopId, { intent: "rotate-key", id }, Date.now() - 25 * 3_600_000);
  expect((await refused("/ping", {}, first)).status).toBe(401);
  expect((await refused("/ping", {}, second)).status).toBe(401);
  await changeApiKey(db, open.shopId, { intent: "remove-key", id });
  expect((await apiKeys(db, open.shopId)).map((each) => each.id)).not.toContain(id);
});

test("another shop's ids are answered on every route as if there were none", async () => {
  const { operations } = await description();
  const foreign = { customer: String(other.customer.id), redemption: "of-another-shop" };
  const unknown = { customer: "999999999999", redemption: "never-was" };
  const routes = operations.filter(({ path }) => path.includes("{"));
  expect(routes.length).toBeGreaterThan(4);
  for (const route of routes) {
    const at = (ids: typeof foreign) =>
      route.path.replace(/\{(\w+)\}/, (_, name) => ids[name as keyof typeof ids]);
    const answers = [await refused(at(foreign), wishOf(route)), await refused(at(unknown), wishOf(route))];
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(404);
    // The gid is the same customer.
    const gid = { ...foreign, customer: encodeURIComponent(`gid://shopify/Customer/${foreign.customer}`) };
    expect(await refused(at(gid), wishOf(route))).toEqual(answers[0]);
  }
});

test("a key without the scope may do nothing of what the scope names", async () => {
  const { operations } = await description();
  const path = (route: Described) =>
    route.path.replace("{customer}", String(customer(0))).replace("{redemption}", "any");
  for (const scope of ["points:read", "points:earn", "points:redeem", "points:adjust"]) {
    const narrow = await used(await makeKey(db, open.shopId, [scope]));
    for (const route of operations) {
      const needed = route.description?.replace("Scope: ", "");
      if (needed === undefined || needed === scope) continue;
      expect(await refused(path(route), wishOf(route), narrow)).toMatchObject({
        status: 403,
        type: "scope-missing",
      });
    }
  }
});

test("what no field is for is refused, and so is every number that is none", async () => {
  const at = `/customers/${customer(0)}/earn`;
  for (const more of [
    ...[
      { shopId: other.shopId },
      { memberId: 1 },
      { customer: customer(1) },
      { available: 1_000 },
      { debt: 0 },
    ],
    ...[{ kind: "earn" }, { expires_at: "2099-01-01T00:00:00Z" }, { constructor: {} }],
  ])
    expect(await refused(at, { body: { ...gift, ...more } })).toMatchObject({ status: 400 });
  expect((await refused(at, { body: `{"points":5,"reason":"x","__proto__":{"points":7}}` })).status).toBe(
    400,
  );
  for (const points of [
    "-1",
    "0",
    "1.5",
    "NaN",
    "Infinity",
    "1e309",
    "-1e309",
    "1e21",
    "9007199254740993",
    "100001",
    '"5"',
    "null",
    "[5]",
    "{}",
    "true",
  ]) {
    const body = `{"points":${points},"reason":"x"}`;
    expect([points, (await refused(at, { body })).status]).toEqual([points, 400]);
  }
  const adjust = `/customers/${customer(0)}/adjust`;
  for (const points of ["0", "1000001", "-1000001", "-1e309", "-0.5"])
    expect((await refused(adjust, { body: `{"points":${points},"reason":"x"}` })).status).toBe(400);
  for (const reason of ["", "   ", "x".repeat(201), null, 5])
    expect((await refused(at, { body: { points: 5, reason } })).status).toBe(400);
  for (const reward of ["", "../secrets", "a b", "x".repeat(65), null])
    expect((await refused(`/customers/${customer(0)}/redeem`, { body: { reward } })).status).toBe(400);
  for (const id of ["0", "-1", "1.5", "1e3", "abc", "99999999999999999999", "1%20OR%201=1"])
    expect([400, 404]).toContain((await refused(`/customers/${id}/earn`, { body: gift })).status);
  for (const query of ["limit=0", "limit=-1", "limit=1e9", "cursor=x", "shop=1", "limit=1&limit=2"])
    expect([query, (await refused(`/customers/${customer(0)}/transactions?${query}`)).status]).toEqual([
      query,
      400,
    ]);
  expect(await balance(0)).toEqual([COST, 0]);
});

test("what is no JSON, too deep, too long, or sent in another way is refused", async () => {
  const at = `/customers/${customer(0)}/earn`;
  for (const body of [
    "",
    "{",
    "null",
    "[]",
    "5",
    `{"points":5,"reason":"x"}}`,
    "[".repeat(7_000) + "]".repeat(7_000),
  ])
    expect((await refused(at, { body })).status).toBe(400);
  const deep = `{"points":5,"reason":${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}}`;
  expect((await refused(at, { body: deep })).status).toBe(400);
  const long = { ...gift, reason: "x".repeat(20_000) };
  expect(await refused(at, { body: long })).toMatchObject({ status: 413, type: "too-large" });
  expect((await refused(at, { body: gift, headers: { "Content-Type": "text/plain" } })).status).toBe(415);
  for (const method of ["GET", "PUT", "PATCH", "DELETE"])
    expect((await refused(at, { method })).status).toBe(405);
  for (const path of [
    "",
    "/",
    "/nothing",
    "/customers",
    "/__proto__",
    "/customers/1/constructor",
    "/openapi.json/x",
  ])
    expect([path, (await refused(path)).status]).toEqual([path, 404]);
  for (const name of ["", "short", "x".repeat(129), "with space"])
    expect((await refused(at, { body: gift, headers: { "Idempotency-Key": name } })).status).toBe(400);
  expect(await balance(0)).toEqual([COST, 0]);
});

test("an address that is wrongly encoded is nowhere, and asked for without a key as every other", async () => {
  for (const path of ["/%E0%A4%A", "/customers/%E0%A4%A", "/customers/1%/points", "/%"]) {
    expect(await refused(path)).toMatchObject({ status: 404, type: "not-found" });
    const headers = { "X-Forwarded-For": "203.0.113.97" };
    expect(await refused(path, { headers }, "")).toMatchObject({ status: 401, type: "no-valid-key" });
  }
});

test("a request is done once under its Idempotency-Key, answered as before, and its key serves no other", async () => {
  const at = `/customers/${customer(1)}/adjust`;
  const headers = { "Idempotency-Key": "till-1-receipt-2" };
  const wish = { body: { points: 40, reason: "Stamps" }, headers };
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(at, wish)));
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(bodies).size).toBe(1);
  expect(await balance(1)).toEqual([COST + 40, 0]);
  // Something else happens between.
  expect((await ask(at, { body: { points: -7, reason: "Sold" } })).status).toBe(201);
  const again = await ask(at, wish);
  expect([again.status, again.headers.get("idempotency-replayed"), await again.text()]).toEqual([
    201,
    "true",
    bodies[0],
  ]);
  for (const [path, body] of [
    [at, { points: 41, reason: "Stamps" }],
    [`/customers/${customer(2)}/adjust`, wish.body],
    [`/customers/${customer(1)}/earn`, wish.body],
  ] as const)
    expect(await refused(path, { body, headers })).toMatchObject({ status: 409, type: "key-reused" });
  // Another program's keys are its own.
  const second = await used(await makeKey(db, open.shopId));
  expect((await ask(at, wish, second)).status).toBe(201);
  expect(await balance(1)).toEqual([COST + 40 - 7 + 40, 0]);
});

test("points are spent once however many ask, and never more than there are", async () => {
  const at = `/customers/${customer(2)}/redeem`;
  const many = await Promise.all(
    Array.from({ length: 6 }, () => ask(at, { body: { reward: "percentage" } })),
  );
  expect(many.map(({ status }) => status).toSorted()).toEqual([201, 422, 422, 422, 422, 422]);
  const made = (await many.find(({ status }) => status === 201)?.json()) as { redemption: string };
  expect((await ask(`/redemptions/${made.redemption}`)).status).toBe(200);
  expect(await refused(at, { body: { reward: "percentage" } })).toMatchObject({
    status: 422,
    type: "insufficient-points",
  });
  expect(await refused(at, { body: { reward: "no-such" } })).toMatchObject({
    status: 422,
    type: "not-offered",
  });
  const taken = { body: { points: -1, reason: "Taken" } };
  expect(await refused(`/customers/${customer(2)}/adjust`, taken)).toMatchObject({
    type: "insufficient-points",
  });
  expect(await balance(2)).toEqual([0, 0]);
});

test("a customer's transactions come page by page and add up to the balance", async () => {
  for (const points of [1, 2, 3, 4, 5])
    await ask(`/customers/${customer(3)}/earn`, { body: { points, reason: "More" } });
  const found: { available: number }[] = [];
  let next: string | null = "";
  while (next !== null) {
    const query = `limit=2${next === "" ? "" : `&cursor=${next}`}`;
    const page = (await (await ask(`/customers/${customer(3)}/transactions?${query}`)).json()) as {
      transactions: { available: number }[];
      next: string | null;
    };
    expect(page.transactions.length).toBeLessThanOrEqual(2);
    found.push(...page.transactions);
    ({ next } = page);
  }
  const [available] = await balance(3);
  expect(found.map((line) => line.available)).toEqual([5, 4, 3, 2, 1, COST]);
  expect(found.reduce((sum, line) => sum + line.available, 0)).toBe(available);
});

test("whatever is asked is answered as the description says", async () => {
  const { document, operations } = await description();
  expect(document.openapi).toBe("3.1.0");
  const problem = z.fromJSONSchema(document.components.schemas.Problem);
  const parser = (schema: JsonSchema) => ("$ref" in schema ? problem : z.fromJSONSchema(schema));
  const keys = await Promise.all([1, 2, 3].map(async () => used(await makeKey(db, open.shopId))));
  const junk = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0, 1.5, "1e309", null, [], {}));
  const property = fc.asyncProperty(
    fc.constantFrom(...operations).chain((operation) => {
      const schema = operation.requestBody?.content["application/json"].schema;
      const params = operation.parameters.filter(({ in: where }) => where !== "header");
      const good = Object.fromEntries(params.map(({ name, schema: of }) => [name, arbitraryOf(of)]));
      return fc.record({
        operation: fc.constant(operation),
        params: fc.record({
          ...good,
          ...(good["customer"] && { customer: fc.oneof(fc.constant(String(customer(4))), good["customer"]) }),
        }),
        body: schema
          ? fc.oneof({ weight: 3, arbitrary: arbitraryOf(schema) }, { weight: 1, arbitrary: junk })
          : fc.constant(undefined),
        as: fc.constantFrom(...keys),
      });
    }),
    async ({ operation, params, body, as }) => {
      const named = params as Record<string, string>;
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(named[name] ?? ""),
      );
      const query = new URLSearchParams(
        operation.parameters.flatMap(({ name, in: where }) =>
          where === "query" ? [[name, named[name] ?? ""]] : [],
        ),
      );
      const answer = await ask(
        `${path}?${query}`,
        { method: operation.method, ...(body !== undefined && { body: JSON.stringify(body) }) },
        as,
      );
      const text = await answer.text();
      const described = operation.responses[answer.status];
      expect(described, `${operation.operationId} answers ${answer.status}: ${text}`).toBeDefined();
      const [type = ""] = answer.headers.get("content-type")?.split(";") ?? [];
      const schema = described?.content?.[type]?.schema;
      if (answer.status === 204) expect(text).toBe("");
      else expect(parser(schema ?? { not: {} }).safeParse(JSON.parse(text)).error).toBeUndefined();
      const wanted = operation.requestBody?.content["application/json"].schema;
      if (!wanted) return;
      const isGood = parser(wanted).safeParse(body).success;
      expect([isGood, answer.status !== 400]).toEqual([isGood, isGood]);
    },
  );
  await fc.assert(property, { numRuns: 200 });
}, 120_000);

test("a flood is stopped, told when to come again, and stops nobody else", async () => {
  const [own, others] = [
    await used(await makeKey(db, open.shopId)),
    await used(await makeKey(db, open.shopId)),
  ];
  const answers = await Promise.all(Array.from({ length: MOST_OF_A_KEY + 20 }, () => ask("/ping", {}, own)));
  const stopped = answers.filter(({ status }) => status === 429);
  expect(stopped.length).toBeGreaterThanOrEqual(20);
  expect(answers.length - stopped.length).toBeGreaterThanOrEqual(MOST_OF_A_KEY - 1);
  const { headers } = stopped.at(-1) ?? new Response();
  expect(headers.get("ratelimit-limit")).toBe(String(MOST_OF_A_KEY));
  expect(headers.get("ratelimit-remaining")).toBe("0");
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect(headers.get("retry-after")).toBe(headers.get("ratelimit-reset"));
  expect(await refused("/ping", {}, own)).toMatchObject({ status: 429, type: "too-often" });
  expect((await ask("/ping", {}, others)).headers.get("ratelimit-remaining")).toBe(String(MOST_OF_A_KEY - 2));
  // Whoever guesses keys is stopped by their address.
  const guess = { headers: { "X-Forwarded-For": "203.0.113.200" } };
  const guesses = await Promise.all(Array.from({ length: 80 }, () => ask("/ping", guess, "guess")));
  expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401, 429]));
}, 60_000);

test("no name of a merchant's leads a webhook into our network, whatever it resolves to", async () => {
  const inside = await listenAtAddress();
  try {
    const { port } = new URL(inside.url);
    const post = (addresses: string[], host = "hooks.example.com") =>
      postToAddress(`https://${host}:${port}/points`, {}, "{}", {
        allowsLocal: false,
        resolve: (_name, _options, callback) =>
          callback(
            null,
            addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
          ),
      });
    for (const addresses of [
      ["127.0.0.1"],
      ["::1"],
      ["::ffff:127.0.0.1"],
      ["8.8.8.8", "127.0.0.1"],
      ["10.0.0.7"],
      [],
    ])
      await expect(post(addresses)).rejects.toThrow("private-address");
    await expect(post([], "127.0.0.1")).rejects.toThrow("private-address");
    expect(inside.heard).toEqual([]);
  } finally {
    await inside.stop();
  }
});
