import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { readProxyQuery } from "./proxy-signature.ts";

const NOW = 1_800_000_000_000;
const PLAIN = {
  shop: "tea.myshopify.com",
  logged_in_customer_id: "42",
  path_prefix: "/apps/perennial",
  timestamp: String(NOW / 1_000),
};

type Pairs = readonly (readonly [string, string])[];

/** Signed as Shopify signs, whatever stands in it. */
function signed(pairs: Pairs, secret = "secret"): URLSearchParams {
  const names = [...new Set(pairs.map(([name]) => name))].sort();
  const valuesOf = (name: string) => pairs.filter(([other]) => other === name).map(([, value]) => value);
  const text = names.map((name) => `${name}=${valuesOf(name).join(",")}`).join("");
  const signature = createHmac("sha256", secret).update(text).digest("hex");
  const query = new URLSearchParams();
  for (const [name, value] of pairs) query.append(name, value);
  query.append("signature", signature);
  return query;
}

const read = (query: URLSearchParams, secrets = ["secret"]) => readProxyQuery(query, secrets, NOW);
const changed = (change: Record<string, string>) => Object.entries({ ...PLAIN, ...change });

test("names the shop and who is logged in, or that nobody is", () => {
  expect(read(signed(changed({})))).toEqual({ shopDomain: "tea.myshopify.com", customerId: 42 });
  expect(read(signed(changed({ logged_in_customer_id: "" })))).toMatchObject({ customerId: null });
});

test("agrees with the example of Shopify's guide", () => {
  // Its request carries extra=1&extra=2, which are joined; it is of 2011, and too old to be taken for more than its signature.
  const query = new URLSearchParams(
    "extra=1&extra=2&shop=some-shop.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555",
  );
  const text =
    "extra=1,2logged_in_customer_id=1path_prefix=/apps/awesome_reviewsshop=some-shop.myshopify.comtimestamp=1317327555";
  query.set("signature", createHmac("sha256", "hush").update(text).digest("hex"));
  expect(readProxyQuery(query, ["hush"], 1_317_327_600_000)).toEqual({
    shopDomain: "some-shop.myshopify.com",
    customerId: 1,
  });
});

test("takes the secret before a rotation as well, and no other", () => {
  expect(read(signed(changed({}), "old"), ["new", "old"])).not.toBeNull();
  expect(read(signed(changed({}), "other"), ["new", "old"])).toBeNull();
});

test.each<[string, () => URLSearchParams]>([
  ["without a signature", () => new URLSearchParams(PLAIN)],
  [
    "with half a signature",
    () => {
      const query = signed(changed({}));
      query.set("signature", (query.get("signature") ?? "").slice(0, 32));
      return query;
    },
  ],
  [
    "with a signature of other letters",
    () => {
      const query = signed(changed({}));
      query.set("signature", "zz".repeat(32));
      return query;
    },
  ],
  [
    "with two signatures",
    () => {
      const query = signed(changed({}));
      query.append("signature", query.get("signature") ?? "");
      return query;
    },
  ],
  [
    "altered",
    () => {
      const query = signed(changed({}));
      query.set("logged_in_customer_id", "43");
      return query;
    },
  ],
  [
    "with something added",
    () => {
      const query = signed(changed({}));
      query.append("extra", "1");
      return query;
    },
  ],
  [
    "of another shop",
    () => {
      const query = signed(changed({}));
      query.set("shop", "coffee.myshopify.com");
      return query;
    },
  ],
  ["that is old", () => signed(changed({ timestamp: String(NOW / 1_000 - 91) }))],
  ["of the future", () => signed(changed({ timestamp: String(NOW / 1_000 + 31) }))],
  ["without a time", () => signed(changed({ timestamp: "now" }))],
  ["with a customer named twice", () => signed([["logged_in_customer_id", "7"], ...changed({})])],
  ["with a customer named twice alike", () => signed([["logged_in_customer_id", "42"], ...changed({})])],
  ["with two customers in one", () => signed(changed({ logged_in_customer_id: "7,42" }))],
  ["with a customer who is no number", () => signed(changed({ logged_in_customer_id: "42 OR 1=1" }))],
  ["with digits that are not ASCII", () => signed(changed({ logged_in_customer_id: "٤٢" }))],
  ["with a customer beyond all numbers", () => signed(changed({ logged_in_customer_id: "9".repeat(16) }))],
  [
    "that says nothing of a customer",
    () => signed(Object.entries(PLAIN).filter(([name]) => name !== "logged_in_customer_id")),
  ],
  ["of no shop of Shopify's", () => signed(changed({ shop: "evil.example.com" }))],
  ["of two shops", () => signed([["shop", "coffee.myshopify.com"], ...changed({})])],
])("a request %s is nobody's", (_what, query) => {
  expect(read(query())).toBeNull();
});
