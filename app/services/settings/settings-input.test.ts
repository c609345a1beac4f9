import { expect, test } from "vitest";
import { parseSettings } from "./settings-input.server.ts";

function sent(fields: Record<string, string>, tags: string[] = []): FormData {
  const data = new FormData();
  const all = { refundBasis: "order date", flatMarginPercent: "", version: "3", ...fields };
  for (const [name, value] of Object.entries(all)) data.set(name, value);
  for (const tag of tags) data.append("excludedTag", tag);
  return data;
}

const accepted = (data: FormData) => {
  const parsed = parseSettings(data);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.input;
};

test("reads a form, with what is not ticked as off", () => {
  expect(accepted(sent({ countsTax: "on", refundBasis: "refund date" }))).toEqual({
    settings: {
      included: { tax: true, shipping: false, giftCards: false },
      basis: "refund date",
      flatMarginBasisPoints: null,
      excludedTags: [],
    },
    version: 3,
  });
});

test.each([
  ["", null],
  ["35", 3_500],
  [" 35.5 ", 3_550],
  ["12,25", 1_225],
  ["0", 0],
  ["100", 10_000],
  // In floating point 1.13 x 100 is less than 113.
  ["1.13", 113],
])("a margin of %j is %s hundredths of a percent", (written, points) => {
  expect(accepted(sent({ flatMarginPercent: written })).settings.flatMarginBasisPoints).toBe(points);
});

test.each(["100.01", "-1", "ten", "1.234", "1e2", "999"])(
  "a margin of %j is refused beside its field",
  (written) => {
    const parsed = parseSettings(sent({ flatMarginPercent: written }));
    expect(parsed).toEqual({
      ok: false,
      errors: { flatMarginPercent: expect.stringMatching(/./) as string },
    });
  },
);

test("tags are trimmed, told apart without case, and bounded", () => {
  const tags = accepted(sent({}, [" VIP ", "vip", "staff"])).settings.excludedTags;
  expect(tags).toEqual(["VIP", "staff"]);
  for (const refused of [["x".repeat(41)], Array.from({ length: 26 }, (_, index) => `t${index}`)]) {
    expect(parseSettings(sent({}, refused))).toMatchObject({
      ok: false,
      errors: { excludedTags: expect.stringMatching(/./) as string },
    });
  }
});

test("another day for refunds than the two is refused", () => {
  expect(parseSettings(sent({ refundBasis: "never" }))).toMatchObject({
    ok: false,
    errors: { refundBasis: "Choose one of the two." },
  });
});
