import { expect, test } from "vitest";
import { accessInWords, readTypedAccess, typedAccess } from "./typed-access.ts";

const LADDER = [
  { id: "silver", name: "Silver" },
  { id: "gold", name: "Gold" },
];
const show = { day: (day: number) => `day ${day}` };

test("what is typed is read as it was written, each tier once and everybody last", () => {
  const rule = {
    steps: [
      { tierId: "gold", from: "2026-08-01" },
      { tierId: "silver", from: null },
    ],
    openFrom: null,
  };
  expect(readTypedAccess(typedAccess(rule))).toEqual({ ok: true, access: rule });
  const step = { tierId: "gold", from: "" };
  expect(readTypedAccess({ steps: [step, step], openFrom: "" })).toMatchObject({ ok: false });
  const late = { ...step, from: "2026-08-01" };
  expect(readTypedAccess({ steps: [late], openFrom: "2026-08-01" })).toMatchObject({ ok: false });
  expect(readTypedAccess({ steps: [late], openFrom: "2026-08-02" })).toMatchObject({ ok: true });
});

test("is told in words", () => {
  const steps = [
    { tierId: "gold", from: null },
    { tierId: "silver", from: "1970-01-03" },
  ];
  expect(accessInWords({ steps, openFrom: "1970-01-05" }, LADDER, show)).toBe(
    "Gold, Silver and above from day 2, everybody from day 4",
  );
  expect(accessInWords({ steps: [{ tierId: "gone", from: null }], openFrom: null }, LADDER, show)).toContain(
    "Everybody",
  );
});
