import { describe, expect, it } from "vitest";
import { shopCalendar } from "../calendar.ts";
import type { Lot } from "../loyalty/member-account.ts";
import { LIST_LENGTH } from "../recommendations/customer-lists.ts";
import { customerProfile, type IssuedReward } from "./customer-profile.ts";
import { programmeData } from "./programme-data.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2027, 5, 1, 12);
const surroundings = {
  state: "running" as const,
  rewards: [
    { id: "big", costPoints: 500 },
    { id: "small", costPoints: 100 },
    { id: "middle", costPoints: 200 },
  ],
  calendar: shopCalendar("America/New_York"),
  now: NOW,
};

function lot(id: string, facts: Partial<Lot>): Lot {
  const terms = { id, kind: "earn" as const, sourceId: id, points: 0, earnedAt: NOW - 30 * DAY };
  return { ...terms, ripensAt: NOW - DAY, expiresAt: null, pending: 0, available: 0, expired: 0, ...facts };
}

const account = (lots: Lot[], debt = 0) => ({ memberId: 1, transactions: lots.length, debt, lots });
const parsed = (text: string | null | undefined) => JSON.parse(text ?? "null") as Record<string, unknown>;

describe("a member's profile", () => {
  it("adds points up, and tells what ripens and expires first by the shop's own days", () => {
    const profile = customerProfile(
      {
        account: account([
          lot("a", { available: 150, expiresAt: Date.UTC(2027, 5, 11, 2) }),
          lot("b", { available: 20, expiresAt: Date.UTC(2027, 5, 10, 20) }),
          lot("c", { available: 30, expiresAt: Date.UTC(2027, 6, 10, 20) }),
          lot("d", { pending: 40, ripensAt: NOW + 2 * DAY }),
          lot("e", { pending: 2, ripensAt: NOW + 2 * DAY + 60_000 }),
          lot("f", { pending: 5, ripensAt: NOW + 20 * DAY, expiresAt: NOW + 21 * DAY }),
        ]),
        issued: [],
        lists: null,
      },
      surroundings,
    );
    expect(profile).toMatchObject({ points: "200", pending: "47" });
    expect(parsed(profile.membership)).toEqual({
      v: 1,
      member: true,
      debt: 0,
      next: { points: 42, on: "2027-06-03" },
      // Two o'clock in the night of the 11th in London is still the 10th in New York.
      expiry: { points: 170, on: "2027-06-10" },
      within: ["small", "middle"],
      goal: { reward: "big", missing: 300 },
      codes: [],
    });
  });

  it("is as it is now, whenever a job last came by, and counts a debt to what is missing", () => {
    const due = customerProfile(
      { account: account([lot("a", { pending: 120, ripensAt: NOW - 1 })]), issued: [], lists: null },
      surroundings,
    );
    expect(due).toMatchObject({ points: "120", pending: "0" });
    const owing = customerProfile({ account: account([], 30), issued: [], lists: null }, surroundings);
    expect(parsed(owing.membership)).toMatchObject({ debt: 30, goal: { reward: "small", missing: 130 } });
  });

  it("lets nobody redeem while the programme is paused, and shows nothing where it is off or nobody is a member", () => {
    const facts = { account: account([lot("a", { available: 150 })]), issued: [], lists: null };
    const paused = customerProfile(facts, { ...surroundings, state: "paused" });
    expect(parsed(paused.membership)).toMatchObject({ within: [] });
    for (const profile of [
      customerProfile(facts, { ...surroundings, state: "off" }),
      customerProfile({ ...facts, account: null }, surroundings),
    ]) {
      expect([...new Set(Object.values(profile))]).toEqual([null]);
    }
  });

  it("shows the customer's own codes, and of a gift card only the end", () => {
    const issued: IssuedReward[] = [
      { gives: { kind: "percentage", percent: 10 }, code: "ABCDEFGH" } as const,
      { gives: { kind: "gift-card", valueMinor: 500 }, code: "HGFEDCBA" } as const,
      { gives: { kind: "store-credit", valueMinor: 500 }, code: "XXXXXXXX" } as const,
    ].map(({ gives, code }, index) => ({
      id: String(index),
      rewardId: gives.kind,
      code,
      terms: { name: "A reward", gives, expiresOn: "2027-12-31" },
    }));
    const { membership } = customerProfile({ account: account([]), issued, lists: null }, surroundings);
    expect(parsed(membership)["codes"]).toEqual([
      { id: "0", reward: "percentage", code: "ABCDEFGH", until: "2027-12-31" },
      { id: "1", reward: "gift-card", code: "…DCBA", until: "2027-12-31" },
    ]);
  });
});

describe("recommendations", () => {
  it("are product references with their reasons, as many as Liquid may have to leave out", () => {
    const items = Array.from({ length: 30 }, (_, index) => ({ productId: 100 + index, because: null }));
    const lists = { buyAgain: items, forYou: [{ productId: 7, because: 9 }], newForYou: [] };
    const profile = customerProfile({ account: null, issued: [], lists }, surroundings);
    expect(JSON.parse(profile.buy_again ?? "")).toHaveLength(LIST_LENGTH);
    expect(profile).toMatchObject({
      for_you: `["gid://shopify/Product/7"]`,
      new_for_you: null,
      because: `{"7":9}`,
      because_products: `["gid://shopify/Product/9"]`,
    });
  });
});

describe("the programme's data", () => {
  it("names what can be had for points, and nothing where there is no programme", () => {
    const rewards = [
      {
        ...{ id: "r", name: "Five off", gives: { kind: "amount-off", valueMinor: 500 } as const },
        ...{ costPoints: 100, minimumMinor: 2_000, validDays: 30, returnsUnused: true, isActive: true },
        combinesWith: { order: false, product: false, shipping: true },
      },
    ];
    const rules = { windowDays: 14, expiryMonths: 12 };
    expect(parsed(programmeData({ state: "running", rules, currency: "GBP", rewards }))).toEqual({
      ...{ v: 1, active: true, paused: false, windowDays: 14, expiryMonths: 12, currency: "GBP" },
      rewards: [
        {
          ...{ id: "r", kind: "amount-off", cost: 100, name: "Five off" },
          ...{ valueMinor: 500, percent: null, minimumMinor: 2_000 },
        },
      ],
    });
    expect(parsed(programmeData({ state: "off", rules: null, currency: "GBP", rewards }))).toMatchObject({
      active: false,
      rewards: [],
    });
  });
});
