import { describe, expect, it } from "vitest";
import { shopCalendar } from "../calendar.ts";
import { columnsFault, guessColumns } from "./import-columns.ts";
import { guessDates, readDate, readImportRow, readMonthDay, type ImportFormat } from "./import-row.ts";

const calendar = shopCalendar("UTC");
const FORMAT: ImportFormat = { columns: { email: 0, points: 1 }, decimal: ".", dates: "ymd" };
const points = (text: string, decimal: ImportFormat["decimal"] = ".") => {
  const read = readImportRow(["a@example.com", text], { ...FORMAT, decimal }, calendar);
  return read.ok ? read.row.points : read.fault;
};

describe("columns", () => {
  it.each([
    [
      ["First Name", "Email", "Points Balance", "VIP Tier", "Member status"],
      { email: 1, points: 2, tier: 3 },
    ],
    [
      ["email", "points_approved", "points_pending", "birthday", "loyalty_tier", "tier_expires_at"],
      { email: 0, points: 1, birthday: 3, tier: 4, tierExpiry: 5 },
    ],
    [
      ["Email", "Points Balance", "Birthdate", "VIP Tier", "Activation Date", "Credits Balance"],
      { email: 0, points: 1, birthday: 2, tier: 3 },
    ],
    [
      ["Email", "Points Balance", "Birthday (MM/DD)", "Referrals", "Points Spent"],
      { email: 0, points: 1, birthday: 2, referrals: 3 },
    ],
    [["Name", "Address"], {}],
  ])("are known by the headings of loyalty apps: %j", (headings, columns) => {
    expect(guessColumns(headings)).toEqual(columns);
  });

  it("say what is missing, or said twice", () => {
    expect(columnsFault({ points: 1 })).toMatch(/e-mail/);
    expect(columnsFault({ email: 0, referrals: 1 })).toMatch(/nothing to import/);
    expect(columnsFault({ email: 0, points: 0 })).toMatch(/one thing/);
    expect(columnsFault({ email: 0, points: 1, tierExpiry: 2 })).toMatch(/tier/);
    expect(columnsFault({ email: 0, points: 1 })).toBeNull();
  });
});

describe("a row", () => {
  it("has whole points, by the decimals that the merchant has said", () => {
    expect(["1,250", "1250", "1250.0", "12.9", "", "1 250"].map((text) => points(text))).toEqual([
      ...[1250, 1250, 1250, 12, 0, 1250],
    ]);
    expect(["1.250", "1250,00", "12,9"].map((text) => points(text, ","))).toEqual([1250, 1250, 12]);
    expect(points("1.250,5", ".")).toBe("not-points");
    expect(points("1,25", ".")).toBe("not-points");
  });

  it.each([
    ["-5", "negative-points"],
    ["-0.5", "negative-points"],
    ["1e309", "not-points"],
    ["1e5", "not-points"],
    ["NaN", "not-points"],
    ["Infinity", "not-points"],
    ["0x10", "not-points"],
    ["9999999999999999999999", "too-many-points"],
    ["=1+1", "not-points"],
    ["<b>5</b>", "not-points"],
    ["٥", "not-points"],
  ])("with %j for points is refused as %s", (text, fault) => {
    expect(points(text)).toBe(fault);
  });

  it("is found by an address as Shopify writes it, or by Shopify's id", () => {
    const of = (email: string, id = "") =>
      readImportRow(
        [email, "1", id],
        { ...FORMAT, columns: { email: 0, points: 1, customerId: 2 } },
        calendar,
      );
    expect(of(" ANN@Example.com ")).toMatchObject({ row: { email: "ann@example.com", customerId: null } });
    expect(of("", "gid://shopify/Customer/42")).toMatchObject({ row: { email: null, customerId: 42 } });
    expect(of("no address", "x")).toMatchObject({ ok: false, fault: "no-customer", points: 1 });
    expect(readImportRow(["ann@example.com"], FORMAT, calendar)).toMatchObject({ fault: "too-few-columns" });
  });

  it("has dates in the one order that was said, and says where another one fits", () => {
    const columns = { email: 0, points: 1, expiry: 2, birthday: 3 };
    const of = (expiry: string, birthday: string, dates: ImportFormat["dates"] = "dmy") =>
      readImportRow(["a@example.com", "7", expiry, birthday], { ...FORMAT, columns, dates }, calendar);
    expect(of("31/12/2030", "1.2.1990")).toMatchObject({
      row: { expiresAt: Date.parse("2031-01-01T00:00:00Z"), birthday: "02-01" },
    });
    expect(of("12/31/2030", "")).toEqual({ ok: false, fault: "not-a-date", points: 7, isOtherOrder: true });
    expect(of("31/31/2030", "")).toMatchObject({ fault: "not-a-date", isOtherOrder: false });
    expect(of("30/02/2030", "")).toMatchObject({ fault: "not-a-date" });
    expect(of("", "29/02")).toMatchObject({ row: { birthday: "02-29" } });
    expect(readDate("2030-01-05T23:00:00Z", "ymd")).toBe("2030-01-05");
    expect(readMonthDay("1004-05-27", "ymd")).toBe("05-27");
    expect(readMonthDay("05/27", "mdy")).toBe("05-27");
  });

  it("tells the order of dates only where one order alone fits", () => {
    expect(guessDates(["03/04/1990", "25/04/1990"])).toBe("dmy");
    expect(guessDates(["03/04/1990", "04/25/1990"])).toBe("mdy");
    expect(guessDates(["03/04/1990"])).toBeNull();
    expect(guessDates(["1990-01-02", ""])).toBe("ymd");
  });
});
