/** Session tokens of extensions: real ones made by another library, and every way in which one can be wrong. */
import { SignJWT, UnsecuredJWT } from "jose";
import { expect, test } from "vitest";
import { readExtensionToken } from "./extension-token.server.ts";

const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  ...{ aud: "client", dest: "tea.myshopify.com", sub: "gid://shopify/Customer/7", jti: "one" },
  ...{ iat: now(), nbf: now(), exp: now() + 300 },
});

async function token(
  changes: Record<string, unknown> = {},
  secret = "secret",
  alg = "HS256",
): Promise<string> {
  return new SignJWT({ ...claims(), ...changes })
    .setProtectedHeader({ alg })
    .sign(new TextEncoder().encode(secret));
}

const read = async (text: string | Promise<string>, secrets = ["secret"]) =>
  readExtensionToken(await text, "client", secrets);

test("a customer, a guest, and a shop that is named by its address", async () => {
  const customer = { shopDomain: "tea.myshopify.com", customerId: 7 };
  expect(await read(token())).toEqual(customer);
  expect(await read(token({ dest: "https://tea.myshopify.com" }))).toEqual(customer);
  expect(await read(token({ sub: undefined }))).toEqual({ ...customer, customerId: null });
  // Clocks differ.
  expect(await read(token({ nbf: now() + 5 }))).toEqual(customer);
  expect(await read(token({ exp: now() - 5 }))).toEqual(customer);
});

test("the secret before a rotation is believed as long as it is given", async () => {
  expect(await read(token({}, "old"), ["secret", "old"])).toMatchObject({ customerId: 7 });
  expect(await read(token({}, "old"))).toBeNull();
});

const wrong: [string, Record<string, unknown>][] = [
  ["over", { exp: now() - 60 }],
  ["to come", { nbf: now() + 60 }],
  ["for ever", { exp: undefined }],
  ["since ever", { nbf: undefined }],
  ["of another app", { aud: "other" }],
  ["of several apps", { aud: ["client", "other"] }],
  ["of no app", { aud: undefined }],
  ["of no shop", { dest: undefined }],
  ["of another site", { dest: "https://tea.myshopify.com.evil.example" }],
  ["of a shop by http", { dest: "http://tea.myshopify.com" }],
  ["of staff", { sub: "42" }],
  ["of another thing", { sub: "gid://shopify/Order/7" }],
  ["of two customers", { sub: "gid://shopify/Customer/7,8" }],
  ["of nobody", { sub: "" }],
  ["of customer 0", { sub: "gid://shopify/Customer/0" }],
];

test.each(wrong)("a token %s is refused", async (_what, changes) => {
  expect(await read(token(changes))).toBeNull();
});

test("another algorithm, no signature, a changed payload and what is no token are refused", async () => {
  const secret = "secret".padEnd(64, "x");
  expect(await read(token({}, secret, "HS384"), [secret])).toBeNull();
  expect(await read(token({}, secret, "HS512"), [secret])).toBeNull();
  expect(await read(new UnsecuredJWT(claims()).encode())).toBeNull();
  const [head, , signature] = (await token()).split(".");
  const body = Buffer.from(JSON.stringify({ ...claims(), sub: "gid://shopify/Customer/8" })).toString(
    "base64url",
  );
  expect(await read(`${head}.${body}.${signature}`)).toBeNull();
  for (const text of ["", "a", "a.b.c", "null", "..", `${await token()}x`])
    expect(await read(text)).toBeNull();
});
