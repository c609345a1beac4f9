import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseConfig, SETTINGS } from "./config.server.ts";

const key = `main:${Buffer.alloc(32, 1).toString("base64")}`;
const complete = {
  SHOPIFY_API_KEY: "key",
  SHOPIFY_API_SECRET: "secret",
  SHOPIFY_APP_URL: "https://app.example.com",
  ENCRYPTION_KEYS: key,
};

describe("parseConfig", () => {
  test("fills in what has a default", () => {
    expect(parseConfig(complete)).toMatchObject({
      NODE_ENV: "production",
      PORT: 3000,
      DATABASE_URL: "file:.data/perennial.db",
      PERENNIAL_ROLES: ["web", "worker"],
      PERENNIAL_NO_CRON: false,
    });
  });

  test("names every setting at fault in one error", () => {
    expect(() => parseConfig({ ...complete, SHOPIFY_API_KEY: undefined, PORT: "eighty" })).toThrow(
      /PORT: .*SHOPIFY_API_KEY: /s,
    );
  });

  test.each([
    ["PERENNIAL_ROLES", "web,wroker"],
    ["ENCRYPTION_KEYS", "main:c2hvcnQ="],
    ["ENCRYPTION_KEYS", `${key};${key}`],
    ["SHOPIFY_APP_URL", "app.example.com"],
    ["PORT", "65536"],
    // Whoever is named here may frame the app and is sent its tokens.
    ["DEMO_SHOPIFY_ORIGIN", "https://shop.example.com"],
  ])("refuses %s=%s", (name, value) => {
    expect(() => parseConfig({ ...complete, [name]: value })).toThrow(name);
  });

  test("takes several encryption keys and a local Shopify on this machine", () => {
    const rotated = `new-1:${Buffer.alloc(32, 2).toString("base64")},${key}`;
    const parsed = parseConfig({
      ...complete,
      ENCRYPTION_KEYS: rotated,
      DEMO_SHOPIFY_ORIGIN: "http://localhost:4000",
    });
    expect(parsed).toMatchObject({ ENCRYPTION_KEYS: rotated, DEMO_SHOPIFY_ORIGIN: "http://localhost:4000" });
  });
});

test("the README names every setting, and no other", () => {
  const readme = readFileSync(path.resolve(import.meta.dirname, "../README.md"), "utf8");
  const [, table = ""] = /\n(\| variable .*?)\n\n/s.exec(readme) ?? [];
  const named = table.split("\n").flatMap((row) => (row.split("|")[1] ?? "").match(/[A-Z_]{4,}/g) ?? []);
  expect(named.toSorted()).toEqual(SETTINGS.toSorted());
});
