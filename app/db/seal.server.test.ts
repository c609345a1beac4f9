import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { needsReseal, parseKeys, seal, unseal } from "./seal.server.ts";

const key = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
const CONTEXT = "1:access";

describe("sealing", () => {
  test("opens to what was sealed, and looks different each time", () => {
    const keys = parseKeys(key("k1"));
    const sealed = seal(keys, "shpat_äöü", CONTEXT);
    expect(unseal(keys, sealed, CONTEXT)).toBe("shpat_äöü");
    expect(sealed).not.toContain("shpat");
    expect(seal(keys, "shpat_äöü", CONTEXT)).not.toBe(sealed);
  });

  test("does not open if any one byte was changed", () => {
    const keys = parseKeys(key("k1"));
    const sealed = seal(keys, "token", CONTEXT);
    const [version = "", id = "", body = ""] = sealed.split(".");
    const bytes = Buffer.from(body, "base64url");
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unseal(keys, `${version}.${id}.${changed.toString("base64url")}`, CONTEXT)).toThrow();
    }
  });

  test("does not open cut short, in another context, or with another key of the same name", () => {
    const keys = parseKeys(key("k1"));
    const sealed = seal(keys, "token", CONTEXT);
    expect(() => unseal(keys, sealed.slice(0, -4), CONTEXT)).toThrow();
    expect(() => unseal(keys, sealed, "2:access")).toThrow();
    expect(() => unseal(parseKeys(key("k1")), sealed, CONTEXT)).toThrow();
    expect(() => unseal(keys, "v1.k1.AAAA", CONTEXT)).toThrow();
    expect(() => unseal(keys, "shpat_clear", CONTEXT)).toThrow("not a sealed text");
  });

  test("after a rotation the new key seals and the old one still opens, until it is gone", () => {
    const [before, after] = [key("k1"), key("k2")];
    const sealed = seal(parseKeys(before), "token", CONTEXT);
    const both = parseKeys(`${after},${before}`);
    expect(unseal(both, sealed, CONTEXT)).toBe("token");
    expect(needsReseal(both, sealed)).toBe(true);
    expect(needsReseal(both, seal(both, "token", CONTEXT))).toBe(false);
    expect(() => unseal(parseKeys(after), sealed, CONTEXT)).toThrow("ENCRYPTION_KEYS does not have");
  });

  test.each([
    ["", "not of the form"],
    ["k1", "not of the form"],
    ["k1:AAAA", "3 bytes instead of 32"],
    [`${key("k1")},${key("k1")}`, "occurs twice"],
  ])("refuses the key list %j", (text, message) => {
    expect(() => parseKeys(text)).toThrow(message);
  });
});
