import { describe, expect, it } from "vitest";
import { allowedAt, readSchema } from "./schema.ts";

const schema = (content: object) => `<p></p>{% schema %}${JSON.stringify(content)}{% endschema %}`;
const block = (content: object) =>
  readSchema("blocks/x.liquid", schema({ name: "X", target: "section", ...content }), "app-block");
const withSetting = (setting: object) => () => block({ settings: [{ id: "a", label: "A", ...setting }] });

describe("the schema of a block", () => {
  it("takes what Shopify takes", () => {
    const read = block({
      stylesheet: "x.css",
      enabled_on: { templates: ["product"] },
      settings: [
        { type: "header", content: "Texts" },
        { type: "text", id: "heading", label: "Heading", default: "Hello" },
        { type: "product", id: "product", label: "Product", autofill: true },
        { type: "range", id: "size", label: "Size", min: 0, max: 10, step: 2, default: 4, unit: "px" },
      ],
    });
    expect(read?.settings).toHaveLength(4);
  });

  it.each([
    ["an unknown attribute", () => block({ limits: 1 }), "there is no attribute limits"],
    ["an unknown target", () => block({ target: "footer" }), "the target is one of"],
    ["a long name", () => block({ name: "A name that is much too long" }), "longer than 25 characters"],
    ["an unknown type", withSetting({ type: "colour" }), "there is no type of setting colour"],
    ["a type that only themes have", withSetting({ type: "liquid" }), "there is no type of setting liquid"],
    ["an unknown part of a setting", withSetting({ type: "text", min: 1 }), "the setting a cannot have min"],
    ["autofill of a text", withSetting({ type: "text", autofill: true }), "cannot have autofill"],
    ["a select without options", withSetting({ type: "select" }), "needs options"],
    [
      "a default that is no option",
      withSetting({ type: "select", options: [{ value: "a", label: "A" }], default: "b" }),
      "not among its options",
    ],
    [
      "a range that is too fine",
      withSetting({ type: "range", min: 0, max: 500, default: 0 }),
      "more than 101 steps",
    ],
    [
      "a default between steps",
      withSetting({ type: "range", min: 0, max: 10, step: 4, default: 3 }),
      "is no step",
    ],
    ["an empty default", withSetting({ type: "text", default: "" }), "an empty default"],
    ["both limits", () => block({ enabled_on: {}, disabled_on: {} }), "only one of"],
  ])("refuses %s", (_name, read, message) => {
    expect(read).toThrow(message);
  });

  it("refuses an id that stands twice", () => {
    const setting = { type: "text", id: "a", label: "A" };
    expect(() => block({ settings: [setting, setting] })).toThrow("stands twice");
  });

  it("says where a block may stand", () => {
    const onProduct = { enabled_on: { templates: ["product"], groups: ["header"] } };
    expect(allowedAt(onProduct, { template: "product", group: null })).toBe(true);
    expect(allowedAt(onProduct, { template: "cart", group: null })).toBe(false);
    expect(allowedAt(onProduct, { template: "cart", group: "header" })).toBe(true);
    expect(allowedAt({ disabled_on: { groups: ["*"] } }, { template: "cart", group: "footer" })).toBe(false);
    expect(allowedAt({}, { template: "cart", group: null })).toBe(true);
  });
});
