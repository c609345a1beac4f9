/** shopify.app.toml says only what Shopify knows and what Perennial handles. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isEnumType } from "graphql";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { loadSchema } from "../../scripts/shopify-schema.ts";
import { METAFIELDS } from "../core/storefront/metafields.ts";
import { ADMIN_API_VERSION } from "./api-version.ts";
import { DISPUTE_TOPICS, parseWebhook, WEBHOOK_TOPICS } from "./webhooks.ts";

const root = path.resolve(import.meta.dirname, "../..");
const text = readFileSync(path.join(root, "shopify.app.toml"), "utf8");
const configuration = z
  .object({
    embedded: z.literal(true),
    app_proxy: z.object({
      prefix: z.enum(["a", "apps", "community", "tools"]),
      subpath: z.string(),
      url: z.string(),
    }),
    application_url: z.url(),
    access_scopes: z.object({ scopes: z.string(), optional_scopes: z.array(z.string()) }),
    webhooks: z.object({
      api_version: z.string(),
      subscriptions: z.array(
        z.object({
          uri: z.string().startsWith("/webhooks/"),
          topics: z.array(z.string()).default([]),
          compliance_topics: z.array(z.string()).default([]),
        }),
      ),
    }),
  })
  .parse(parse(text));
const toml = parse(text) as Record<string, unknown>;

/** Where events and jobs are given to the services that work them. */
const workers = ["app/services/sync/process-events.server.ts", "app/jobs/handlers.server.ts"].map((file) =>
  readFileSync(path.join(root, file), "utf8"),
);
const scopes = configuration.access_scopes.scopes.split(",");
const topics = configuration.webhooks.subscriptions.flatMap((subscription) => subscription.topics);
const complianceTopics = configuration.webhooks.subscriptions.flatMap(
  (subscription) => subscription.compliance_topics,
);
const { schema, scopes: requirements } = loadSchema(ADMIN_API_VERSION);
const topicEnum = schema.getType("WebhookSubscriptionTopic");
if (!isEnumType(topicEnum)) throw new Error("the schema has no webhook topics");

test("scopes are handles that Shopify's schema names", () => {
  const topicTexts = topicEnum.getValues().map(({ description }) => description ?? "");
  const handles = new Set(
    [...requirements.map(({ requiredAccess }) => requiredAccess), ...topicTexts].flatMap((words) =>
      [...words.matchAll(/\b(?:read|write)_[a-z_]+\b/g)].map(([handle]) => handle),
    ),
  );
  // Opens the history behind 60 days, and lets the shop's address below /apps lead to the app; no field names them.
  handles.add("read_all_orders").add("write_app_proxy");
  // Of the Customer Account API, whose schema names none.
  for (const handle of ["customers", "orders"])
    handles.add(`customer_read_${handle}`).add(`customer_write_${handle}`);
  for (const scope of [...scopes, ...configuration.access_scopes.optional_scopes])
    expect(handles).toContain(scope);
  expect(scopes.filter((scope) => scope.startsWith("write_"))).toEqual(["write_app_proxy"]);
  expect(new Set(scopes).size).toBe(scopes.length);
});

test("what shoppers ask through the proxy arrives at a route that is there", () => {
  expect(configuration.app_proxy).toEqual({ prefix: "apps", subpath: "perennial", url: "/proxy" });
  expect(existsSync(path.join(root, "app/routes/proxy.$action/route.tsx"))).toBe(true);
});

test("metafields are declared with the types in which they are written, for the storefront to read and for merchants not to change", () => {
  const declared = z.record(
    z.string(),
    z.object({
      type: z.string(),
      name: z.string().min(1),
      // What the full page of the account asks for comes by the Customer Account API.
      access: z.strictObject({
        admin: z.literal("merchant_read"),
        storefront: z.literal("public_read"),
        customer_account: z.literal("read").optional(),
      }),
    }),
  );
  for (const owner of ["customer", "product", "shop"] as const) {
    const { metafields } = z.object({ metafields: z.object({ app: declared }) }).parse(toml[owner]);
    const types = Object.entries(metafields.app).map(([key, { type }]) => [key, type]);
    expect(Object.fromEntries(types)).toEqual(METAFIELDS[owner]);
    for (const { access } of Object.values(metafields.app))
      expect(access.customer_account).toBe(owner === "product" ? undefined : "read");
  }
});

test("webhooks speak the version of the client", () => {
  expect(configuration.webhooks.api_version).toBe(ADMIN_API_VERSION);
});

describe.each(topics)("%s", (topic) => {
  const value = topicEnum.getValue(topic.toUpperCase().replace("/", "_"));

  test("is a topic of Shopify's whose scope is asked for", () => {
    expect(value).toBeDefined();
    const needed = [...(value?.description ?? "").matchAll(/\bread_[a-z_]+\b/g)].map(([scope]) => scope);
    if (needed.length > 0) expect(needed.some((scope) => scopes.includes(scope))).toBe(true);
  });
});

test("the compliance topics are all there, and no others", () => {
  expect(complianceTopics.toSorted()).toEqual(["customers/data_request", "customers/redact", "shop/redact"]);
});

test("every topic is parsed, and nothing is parsed that is not subscribed to", () => {
  expect([...topics, ...complianceTopics, ...DISPUTE_TOPICS].toSorted()).toEqual(WEBHOOK_TOPICS.toSorted());
});

test.each(DISPUTE_TOPICS)(
  "%s needs a scope that is optional, so each shop is subscribed by itself",
  (topic) => {
    const name = topic.toUpperCase().replace("/", "_");
    const [needed = ""] = /\bread_[a-z_]+\b/.exec(topicEnum.getValue(name)?.description ?? "") ?? [];
    expect(configuration.access_scopes.optional_scopes).toContain(needed);
    expect(scopes).not.toContain(needed);
  },
);

test.each([...topics, ...complianceTopics])("the comment at %s names the file that handles it", (topic) => {
  const line = text.split("\n").find((candidate) => candidate.trim().startsWith(`"${topic}"`)) ?? "";
  const [, file = ""] = /# (app\/\S+)$/.exec(line) ?? [];
  expect(file).not.toBe("");
  expect(existsSync(path.join(root, file)), `${file} exists`).toBe(true);
  const name = path.basename(file);
  expect(
    workers.some((worker) => worker.includes(`/${name}"`)),
    `${file} is called where events or jobs are worked`,
  ).toBe(true);
});

describe("a payload", () => {
  const parsed = (topic: string, payload: unknown) => parseWebhook(topic, payload);

  test("gives ids and nothing personal", () => {
    expect(parsed("orders/create", { id: 5, email: "someone@example.com" })).toEqual({
      resourceId: 5,
      relatedIds: [],
    });
    expect(parsed("refunds/create", { id: 7, order_id: 5 })).toEqual({ resourceId: 5, relatedIds: [] });
    expect(parsed("orders/edited", { order_edit: { id: 1, order_id: 5 } })).toEqual({
      resourceId: 5,
      relatedIds: [],
    });
    expect(parsed("disputes/create", { id: 7, order_id: 5, reason: "fraudulent" })).toEqual({
      resourceId: 5,
      relatedIds: [],
    });
    expect(parsed("disputes/update", { id: 7, order_id: null })).toBeNull();
    expect(
      parsed("bulk_operations/finish", { admin_graphql_api_id: "gid://shopify/BulkOperation/8" }),
    ).toEqual({
      resourceId: 8,
      relatedIds: [],
    });
    expect(parsed("app/scopes_update", { current: ["read_orders"] })).toEqual({
      resourceId: 0,
      relatedIds: [],
    });
  });

  test("of a merge gives the survivor by name, not by order", () => {
    const kept = { admin_graphql_api_customer_kept_id: "gid://shopify/Customer/1" };
    const deleted = { admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/2" };
    for (const payload of [
      { ...kept, ...deleted },
      { ...deleted, ...kept },
    ]) {
      expect(parsed("customers/merge", payload)).toEqual({ resourceId: 2, relatedIds: [1] });
    }
  });

  test("of a compliance topic gives the customer and the orders", () => {
    const customer = { id: 3, email: "someone@example.com", phone: null };
    expect(parsed("customers/redact", { shop_id: 1, customer, orders_to_redact: [5, 6] })).toEqual({
      resourceId: 3,
      relatedIds: [5, 6],
    });
    expect(parsed("customers/data_request", { customer, orders_requested: [5] })).toEqual({
      resourceId: 3,
      relatedIds: [5],
    });
    expect(parsed("shop/redact", { shop_id: 9, shop_domain: "x.myshopify.com" })).toEqual({
      resourceId: 9,
      relatedIds: [],
    });
  });

  test("that is not Shopify's is refused, and an unknown topic is none of ours", () => {
    expect(() => parsed("orders/create", { id: "five" })).toThrow();
    expect(() => parsed("orders/create", null)).toThrow();
    expect(() => parsed("customers/merge", { admin_graphql_api_customer_kept_id: "1" })).toThrow();
    expect(parsed("themes/publish", { id: 1 })).toBeNull();
    expect(parsed("toString", { id: 1 })).toBeNull();
  });
});
