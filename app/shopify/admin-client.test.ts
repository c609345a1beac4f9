/** The Admin client against a server of this test that answers as Shopify does on its bad days. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { createAdminClient, type AdminClientOptions } from "./admin-client.server.ts";
import { createBucket } from "./bucket.ts";
import { RUN_BULK_QUERY } from "./operations/bulk.ts";
import { ORDERS_COUNT } from "./operations/orders.ts";
import { ShopifyError } from "./shopify-error.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const cost = (currentlyAvailable: number, requestedQueryCost = 10) => ({
  cost: {
    requestedQueryCost,
    actualQueryCost: requestedQueryCost,
    throttleStatus: { maximumAvailable: 2000, currentlyAvailable, restoreRate: 1000 },
  },
});
const counted: Answer = (response) =>
  json(response, { data: { ordersCount: { count: 7, precision: "EXACT" } }, extensions: cost(1990) });

function json(response: ServerResponse, body: unknown, status = 200) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

const withErrors =
  (code: string, more: object = {}): Answer =>
  (response) =>
    json(response, {
      errors: [{ message: code, extensions: { code, ...more } }],
      extensions: cost(1500, 20),
    });

/** A shop that gives these answers in turn, the last one again and again. */
async function shop(answers: Answer[], options: Partial<AdminClientOptions> = {}) {
  const requests: { token: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push({ token: request.headers["x-shopify-access-token"]?.toString(), body });
      answer?.(response, request);
    });
  });
  server.listen(0);
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const client = createAdminClient({
    shopDomain: "demo.myshopify.com",
    accessToken: "token",
    bucket: createBucket(),
    fetch: (input, init) =>
      fetch(new URL(new URL(input instanceof Request ? input.url : input).pathname, origin), init),
    ...options,
  });
  const count = async () => (await client.request(ORDERS_COUNT, { query: null })).ordersCount?.count;
  const failure = () =>
    count().then(
      () => undefined,
      (error: unknown) => (error instanceof ShopifyError ? error : undefined),
    );
  return { client, count, failure, requests };
}

test("asks with the shop's token and answers with data", async () => {
  const { count, requests } = await shop([counted]);
  expect(await count()).toBe(7);
  expect(requests).toHaveLength(1);
  expect(requests[0]?.token).toBe("token");
  expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ variables: { query: null } });
});

describe("tries again", () => {
  const cut: Answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "500" });
    response.write('{"data":{"orders');
    setTimeout(() => response.destroy(), 10);
  };
  const hungUp: Answer = (response) => void response.destroy();
  const half: Answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"data":');
  };
  const silent: Answer = () => undefined;
  test.each<[string, Answer]>([
    ["THROTTLED", withErrors("THROTTLED")],
    ["429", (response) => void response.writeHead(429, { "Retry-After": "0.1" }).end()],
    ["502 with a page", (response) => void response.writeHead(502).end("<html>Bad gateway</html>")],
    ["INTERNAL_SERVER_ERROR", withErrors("INTERNAL_SERVER_ERROR")],
    ["a cut answer", cut],
    ["half an answer", half],
    ["a closed connection", hungUp],
    ["no answer in time", silent],
  ])("after %s", async (_, bad) => {
    const { count, requests } = await shop([bad, bad, counted], { timeoutMs: 150 });
    expect(await count()).toBe(7);
    expect(requests).toHaveLength(3);
  });

  test("as often as it takes while Shopify throttles, in the background", async () => {
    const throttled = Array<Answer>(15).fill(withErrors("THROTTLED"));
    const { count, requests } = await shop([...throttled, counted]);
    expect(await count()).toBe(7);
    expect(requests).toHaveLength(16);
  });
});

describe("gives up", () => {
  test.each([
    [
      "after six failures of the server",
      (response: ServerResponse) => void response.writeHead(503).end(),
      "server",
      "later",
      6,
    ],
    ["at once where access is denied", withErrors("ACCESS_DENIED"), "forbidden", "never", 1],
    [
      "at once where the shop is frozen",
      (response: ServerResponse) => void response.writeHead(402).end(),
      "forbidden",
      "never",
      1,
    ],
    ["at once where the operation is wrong", withErrors("undefinedField"), "invalid", "never", 1],
  ] as const)("%s", async (_, answer, kind, retry, attempts) => {
    const { failure, requests } = await shop([answer]);
    expect(await failure()).toMatchObject({ kind, retry });
    expect(requests).toHaveLength(attempts);
  });

  test("at once where a query is too costly, and says by how much", async () => {
    const { failure } = await shop([withErrors("MAX_COST_EXCEEDED", { cost: 2400, maxCost: 1000 })]);
    expect(await failure()).toMatchObject({ kind: "too-costly", retry: "never", cost: 2400 });
  });

  test("a page at once where Shopify throttles, a person is waiting", async () => {
    const { failure, requests } = await shop([withErrors("THROTTLED")], { priority: "interactive" });
    expect(await failure()).toMatchObject({ kind: "throttled", retry: "later" });
    expect(requests).toHaveLength(1);
  });

  test("a mutation whose answer was lost: it may have been done", async () => {
    const { client, requests } = await shop([(response) => void response.destroy()]);
    await expect(client.request(RUN_BULK_QUERY, { query: "{ shop { id } }" })).rejects.toMatchObject({
      kind: "network",
    });
    expect(requests).toHaveLength(1);
  });

  test("but not a mutation that Shopify never began", async () => {
    const started: Answer = (response) =>
      json(response, {
        data: { bulkOperationRunQuery: { bulkOperation: null, userErrors: [] } },
        extensions: cost(1000),
      });
    const { client, requests } = await shop([withErrors("THROTTLED"), started]);
    await client.request(RUN_BULK_QUERY, { query: "{ shop { id } }" });
    expect(requests).toHaveLength(2);
  });
});

test("takes a new token once when its own is refused", async () => {
  const refusing: Answer = (response, request) => {
    if (request.headers["x-shopify-access-token"] === "new") counted(response, request);
    else response.writeHead(401).end();
  };
  const refused: (string | undefined)[] = [];
  const renewing = await shop([refusing], {
    accessToken: async (old) => {
      refused.push(old);
      return old === undefined ? "old" : "new";
    },
  });
  expect(await renewing.count()).toBe(7);
  expect(refused).toEqual([undefined, "old"]);

  const stubborn = await shop([refusing]);
  expect(await stubborn.failure()).toMatchObject({ kind: "unauthorized", retry: "never", status: 401 });
  expect(stubborn.requests).toHaveLength(2);
});

test("ends when it is told to", async () => {
  const { failure, client } = await shop([() => undefined], { signal: AbortSignal.timeout(50) });
  const from = performance.now();
  await expect(client.request(ORDERS_COUNT, { query: null })).rejects.toThrow();
  expect(performance.now() - from).toBeLessThan(1000);
  expect(await failure()).toBeUndefined();
});
