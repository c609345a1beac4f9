import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { moveClock } from "../../state/world.ts";
import { SHOP, startTestShop, type Answered, type TestShop } from "../test-shop.ts";

const RUN = `mutation ($query: String!) { bulkOperationRunQuery(query: $query, groupObjects: false) {
  bulkOperation { id status } userErrors { code field message } } }`;
const POLL = `query ($id: ID!) { bulkOperation(id: $id) {
  status errorCode objectCount rootObjectCount fileSize url partialDataUrl } }`;
const ORDERS = `{ orders { edges { node { id name
  lineItems { edges { node { id quantity } } }
  agreements { edges { node { id reason sales { edges { node { id lineType totalAmount { shopMoney { amount } }
    ... on ProductSale { lineItem { id } } } } } } } } } } } }`;

interface Started {
  bulkOperation: { id: string; status: string } | null;
  userErrors: { code: string; message: string }[];
}

interface Polled {
  status: string;
  errorCode: string | null;
  objectCount: string;
  rootObjectCount: string;
  fileSize: string | null;
  url: string | null;
  partialDataUrl: string | null;
}

interface JsonLine {
  id: string;
  __parentId?: string;
  [key: string]: unknown;
}

describe("bulk queries", () => {
  let test: TestShop;
  beforeEach(async () => {
    test = await startTestShop();
  });
  afterEach(() => test.devstore.stop());

  const start = async (query: string): Promise<Started> =>
    (await test.ask(RUN, { query })).data?.["bulkOperationRunQuery"] as Started;
  const poll = async (id: string, shop = test): Promise<Polled> =>
    (await shop.ask(POLL, { id })).data?.["bulkOperation"] as Polled;

  async function ended(id: string, shop = test): Promise<Polled> {
    for (;;) {
      const polled = await poll(id, shop);
      if (!["CREATED", "RUNNING", "CANCELING"].includes(polled.status)) return polled;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async function linesOf(url: string | null): Promise<JsonLine[]> {
    const text = await (await fetch(url ?? "")).text();
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JsonLine);
  }

  it("writes parents before children, which do not stand beside them, and all that page queries give", async () => {
    for (let count = 0; count < 90; count += 1) test.order({ tipMinor: 100, discountCodes: [String(count)] });
    const { bulkOperation, userErrors } = await start(ORDERS);
    expect(userErrors).toEqual([]);
    expect(bulkOperation?.status).toBe("CREATED");
    const polled = await ended(bulkOperation?.id ?? "");
    expect(polled).toMatchObject({ status: "COMPLETED", errorCode: null, partialDataUrl: null });
    const lines = await linesOf(polled.url);
    expect(polled.objectCount).toBe(String(lines.length));
    expect(polled.rootObjectCount).toBe("90");
    expect(lines.length).toBe(90 * (1 + 1 + 1 + 2));
    const seen = new Set<string>();
    for (const { id, __parentId } of lines) {
      if (__parentId !== undefined) expect(seen).toContain(__parentId);
      seen.add(id);
    }
    const beside = lines.filter(({ __parentId }, index) => __parentId && lines[index - 1]?.id === __parentId);
    expect(beside).toEqual([]);
    const sale = lines.find(({ lineType }) => lineType === "PRODUCT");
    expect(Object.keys(sale ?? {})).toEqual(["id", "lineType", "totalAmount", "lineItem", "__parentId"]);
    expect(sale).toMatchObject({ totalAmount: { shopMoney: { amount: "20.0" } } });
  });

  it("answers about an unchanged shop what it answered before, and about a changed one anew", async () => {
    const answer = async () => {
      const { bulkOperation } = await start(ORDERS);
      const polled = await ended(bulkOperation?.id ?? "");
      return { ...polled, lines: await linesOf(polled.url) };
    };
    for (let count = 0; count < 3; count += 1) test.order();
    const first = await answer();
    const second = await answer();
    expect(second).toEqual({ ...first, url: expect.any(String) as string });
    expect(second.url).not.toBe(first.url);
    test.order();
    expect((await answer()).rootObjectCount).toBe("4");
  });

  it.each([
    ["{ shop { name } }", "Bulk queries must contain at least one connection."],
    ["{ nodes(ids: []) { id } }", "Bulk queries cannot contain the top level `nodes` field."],
    [
      "{ orders { edges { node { name lineItems { edges { node { id } } } } } } }",
      "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type.",
    ],
    [
      "{ orders { edges { node { id refunds { refundLineItems { edges { node { id } } } } } } } }",
      "Queries that contain a connection field within a list field are not currently supported.",
    ],
    [
      "{ customers { edges { node { id orders { edges { node { id agreements { edges { node { id sales { edges { node { id } } } } } } } } } } } } }",
      "Bulk queries cannot contain connections with a nesting depth greater than 2.",
    ],
    [
      "{ a: orders { nodes { id } } b: orders { nodes { id } } c: orders { nodes { id } } d: orders { nodes { id } } e: orders { nodes { id } } f: orders { nodes { id } } }",
      "Bulk queries cannot contain more than 5 connections.",
    ],
    [
      "{ orders { edges { node { nonsense } } } }",
      'Invalid bulk query: Cannot query field "nonsense" on type "Order".',
    ],
  ])("refuses %s", async (query, message) => {
    const { bulkOperation, userErrors } = await start(query);
    expect(bulkOperation).toBeNull();
    expect(userErrors).toEqual([{ code: "INVALID", field: ["query"], message }]);
  });

  it("refuses at once what is not modelled", async () => {
    const { errors } = await test.ask(RUN, { query: "{ orders { nodes { id merchantEditable } } }" });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "NOT_SIMULATED", what: "Order.merchantEditable" });
  });

  it("runs five at once and refuses the sixth", async () => {
    test.order();
    test.world.chaos.stallBulk.next = 5;
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.push((await start(ORDERS)).bulkOperation?.id ?? "");
    const sixth = await start(ORDERS);
    expect(sixth.bulkOperation).toBeNull();
    expect(sixth.userErrors[0]?.code).toBe("LIMIT_REACHED");
    const cancel = `mutation ($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }`;
    await test.ask(cancel, { id: ids[0] });
    expect(await ended(ids[0] ?? "")).toMatchObject({ status: "CANCELED", url: null });
    const again: Answered = await test.ask(cancel, { id: ids[0] });
    expect(again.data?.["bulkOperationCancel"]).toMatchObject({
      userErrors: [{ message: "A bulk operation cannot be canceled when it is canceled" }],
    });
    expect((await start(ORDERS)).userErrors).toEqual([]);
  });

  it("leaves a partial result when it fails, and times out when it stalls", async () => {
    for (let count = 0; count < 120; count += 1) test.order();
    test.world.chaos.failBulk.next = 1;
    const failed = await ended((await start(ORDERS)).bulkOperation?.id ?? "");
    expect(failed).toMatchObject({ status: "FAILED", errorCode: "INTERNAL_SERVER_ERROR", url: null });
    expect((await linesOf(failed.partialDataUrl)).length).toBe(100);
    test.world.chaos.stallBulk.next = 1;
    const { bulkOperation } = await start(ORDERS);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await poll(bulkOperation?.id ?? "")).status).toBe("RUNNING");
    moveClock(test.world, 11 * 86_400_000);
    const token = await refreshToken();
    expect(await pollWith(token, bulkOperation?.id ?? "")).toMatchObject({
      status: "FAILED",
      errorCode: "TIMEOUT",
    });
  });

  it("ends the result's address after seven days", async () => {
    test.order();
    const { bulkOperation } = await start(ORDERS);
    const { url } = await ended(bulkOperation?.id ?? "");
    moveClock(test.world, 8 * 86_400_000);
    expect((await fetch(url ?? "")).status).toBe(403);
    const token = await refreshToken();
    expect(await pollWith(token, bulkOperation?.id ?? "")).toMatchObject({ status: "EXPIRED", url: null });
  });

  it("gives no address where there is nothing", async () => {
    const { bulkOperation } = await start(ORDERS);
    expect(await ended(bulkOperation?.id ?? "")).toMatchObject({
      status: "COMPLETED",
      objectCount: "0",
      url: null,
    });
  });

  async function refreshToken(): Promise<string> {
    const { EXCHANGE, requestToken } = await import("../test-shop.ts");
    const response = await requestToken(test.devstore, {
      ...EXCHANGE,
      subject_token: test.devstore.sessionToken(SHOP),
      expiring: "1",
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  async function pollWith(token: string, id: string): Promise<unknown> {
    const response = await fetch(`${test.devstore.url}/admin/api/2026-07/graphql.json`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Shopify-Shop": SHOP,
        "X-Shopify-Access-Token": token,
      },
      body: JSON.stringify({ query: POLL, variables: { id } }),
    });
    return ((await response.json()) as { data: { bulkOperation: unknown } }).data.bulkOperation;
  }

  it("fails with ACCESS_DENIED without the scope", async () => {
    const other = await startTestShop("read_products");
    try {
      const answer = await other.ask(RUN, { query: ORDERS });
      const { bulkOperation } = answer.data?.["bulkOperationRunQuery"] as Started;
      expect(await ended(bulkOperation?.id ?? "", other)).toMatchObject({
        status: "FAILED",
        errorCode: "ACCESS_DENIED",
      });
    } finally {
      await other.devstore.stop();
    }
  });

  it("runs bulk mutations over an uploaded file", async () => {
    const staged = await test.ask(`mutation { stagedUploadsCreate(input: [{ resource: BULK_MUTATION_VARIABLES,
      filename: "lines.jsonl", mimeType: "text/jsonl", httpMethod: POST }]) {
      stagedTargets { url parameters { name value } } userErrors { message } } }`);
    const [target] = (
      staged.data?.["stagedUploadsCreate"] as {
        stagedTargets: { url: string; parameters: { name: string; value: string }[] }[];
      }
    ).stagedTargets;
    const form = new FormData();
    for (const { name, value } of target?.parameters ?? []) form.append(name, value);
    const id = `gid://shopify/Customer/${test.customer.id}`;
    const lines = [
      { id, tags: ["gold"] },
      { id: "gid://shopify/Customer/1", tags: ["x"] },
    ];
    form.append("file", new Blob([lines.map((line) => JSON.stringify(line)).join("\n")]), "lines.jsonl");
    expect((await fetch(target?.url ?? "", { method: "POST", body: form })).status).toBe(201);
    const key = target?.parameters.find(({ name }) => name === "key")?.value;
    const { data } = await test.ask(
      `mutation ($mutation: String!, $path: String!) { bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
        bulkOperation { id } userErrors { message code } } }`,
      {
        mutation:
          "mutation ($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }",
        path: key,
      },
    );
    const { bulkOperation, userErrors } = data?.["bulkOperationRunMutation"] as Started;
    expect(userErrors).toEqual([]);
    const { url } = await ended(bulkOperation?.id ?? "");
    expect(await linesOf(url)).toEqual([
      { data: { tagsAdd: { userErrors: [] } }, __lineNumber: 0 },
      { data: { tagsAdd: { userErrors: [{ message: "Resource does not exist" }] } }, __lineNumber: 1 },
    ]);
    expect(test.customer.tags).toEqual(["gold"]);
  });
});
