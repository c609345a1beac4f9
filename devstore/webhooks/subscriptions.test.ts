import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { pickFields, readSubscriptions } from "./subscriptions.ts";

function appWith(toml: string) {
  const tomlPath = path.join(mkdtempSync(path.join(tmpdir(), "devstore-")), "shopify.app.toml");
  writeFileSync(tomlPath, `application_url = "https://app.example"\n${toml}`);
  return { clientId: "key", clientSecret: "hush", appUrl: "http://localhost:3000", tomlPath };
}

const WEBHOOKS = '[webhooks]\napi_version = "2026-07"\n[[webhooks.subscriptions]]\n';

test("the app's own addresses are looked for where it runs now", () => {
  const toml = (uri: string) => `${WEBHOOKS}topics = ["orders/create"]\nuri = "${uri}"`;
  const urlOf = (uri: string) => readSubscriptions(appWith(toml(uri))).subscriptions[0]?.url;
  expect(urlOf("/webhooks")).toBe("http://localhost:3000/webhooks");
  expect(urlOf("https://app.example/webhooks?a=1")).toBe("http://localhost:3000/webhooks?a=1");
  expect(urlOf("https://other.example/hook")).toBe("https://other.example/hook");
});

test("compliance topics are topics, and an app may have none", () => {
  const toml = `${WEBHOOKS}compliance_topics = ["shop/redact", "customers/redact"]\nuri = "/c"`;
  expect(readSubscriptions(appWith(toml)).subscriptions.map(({ topic }) => topic)).toEqual([
    "shop/redact",
    "customers/redact",
  ]);
  expect(readSubscriptions(appWith("")).subscriptions).toEqual([]);
});

test("what is not simulated is refused with a sentence", () => {
  const filtered = `${WEBHOOKS}topics = ["orders/create"]\nuri = "/w"\nfilter = "total_price:>5"`;
  expect(() => readSubscriptions(appWith(filtered))).toThrow("filter");
  const queue = `${WEBHOOKS}topics = ["orders/create"]\nuri = "pubsub://project:topic"`;
  expect(() => readSubscriptions(appWith(queue))).toThrow("pubsub://project:topic are not simulated");
});

test("a payload is cut to the fields that are asked for", () => {
  const payload = {
    id: 1,
    email: "a@shop.example",
    customer: { id: 2, email: "b" },
    line_items: [{ id: 3, sku: "x" }],
  };
  expect(pickFields(payload, [])).toEqual(payload);
  expect(pickFields(payload, ["id", "customer.id", "line_items.id", "gone"])).toEqual({
    id: 1,
    customer: { id: 2 },
    line_items: [{ id: 3 }],
  });
  expect(pickFields(payload, ["customer"])).toEqual({ customer: { id: 2, email: "b" } });
});
