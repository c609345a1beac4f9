import { describe, expect, it, vi } from "vitest";
import type { Shopper } from "../../testing/open-extension.ts";
import { backend, fields, madeUpTime, open, press, says, shopField, type Answers } from "./support.ts";

const TARGET = "purchase.checkout.reductions.render-after";
const UNTIL = "2027-01-01T12:00:00.000Z";
const HELD = { ok: true, redemption: "r1", code: "CODE1", points: 150, spent: 100, until: UNTIL };
const RELEASED = { ok: true, message: "given-back", points: 250 };

const usual: Answers = ({ action }) =>
  action === "hold" ? HELD : action === "touch" ? { ok: true, until: UNTIL } : RELEASED;

type Change = { type: string; code: string };

madeUpTime();

/** A checkout of €50 whose Shopify takes codes, or says why not. */
async function openCheckout(shopper: Shopper = {}, refuse: ((code: string) => string | null) | null = null) {
  const extension = open(TARGET, { customerId: 1, metafields: fields(250), ...shopper });
  const { shopify } = extension;
  shopify.cost.subtotalAmount.value = { amount: 50, currencyCode: "EUR" };
  const changes: Change[] = [];
  (shopify as unknown as Record<string, unknown>)["applyDiscountCodeChange"] = async (change: Change) => {
    changes.push(change);
    const others = shopify.discountCodes.value.filter(({ code }) => code !== change.code);
    if (change.type === "removeDiscountCode") shopify.discountCodes.value = others;
    else {
      const message = refuse?.(change.code) ?? null;
      if (message !== null) return { type: "error", message };
      shopify.discountCodes.value = [...others, { code: change.code }];
    }
    return { type: "success" };
  };
  await extension.render();
  return Object.assign(extension, {
    changes,
    codes: () => shopify.discountCodes.value.map(({ code }) => code),
  });
}

type Opened = Awaited<ReturnType<typeof openCheckout>>;
describe("before anything is used", () => {
  it("tells a member the balance and what can be had now, cheapest first, with its worth", async () => {
    backend(usual);
    const extension = await openCheckout({ metafields: fields(320) });
    await says(extension, "Use points for this order");
    expect(extension.text()).toContain("You have 320 points.");
    const choices = [...document.body.querySelectorAll("s-choice")].map((each) => each.textContent);
    expect(choices).toEqual([
      "Five off100 points · €5.00 off · for orders of €20.00 or more",
      "A tenth300 points · 10% off",
    ]);
  });

  it("tells how far the next reward is where none is within reach", async () => {
    const extension = await openCheckout({ metafields: fields(0) });
    await says(extension, "You have 0 points. 100 points more for Five off.");
    expect(document.body.querySelector("s-button")).toBeNull();
    expect(document.body.querySelector("s-progress")).not.toBeNull();
  });

  it("asks a guest to log in, and is silent where there is no programme or points are paused", async () => {
    const guest = await openCheckout({ metafields: [shopField()] });
    await says(guest, "Log in to use your points");
    const none = await openCheckout({ metafields: [] });
    expect(none.text()).toBe("");
    const paused = await openCheckout({ metafields: fields(250, { state: "paused" }) });
    await says(paused, "Points cannot be used at the moment");
  });

  it("shows amounts in the checkout's currency where they are named, and leaves out what is worth nothing there", async () => {
    const five = {
      id: "five",
      kind: "amount-off",
      cost: 100,
      name: "Five off",
      valueMinor: 500,
      percent: null,
    };
    const rewards = (amounts?: object) => [{ ...five, minimumMinor: null, ...(amounts && { amounts }) }];
    const named = await openCheckout({
      ...{ currency: "USD", metafields: fields(250, { rewards: rewards({ USD: 600 }) }) },
    });
    await says(named, "$6.00 off");
    const converted = await openCheckout({
      currency: "USD",
      metafields: fields(250, { rewards: rewards() }),
    });
    await says(converted, "€5.00 off, at the shop’s rate of exchange");
    const elsewhere = await openCheckout({
      ...{ currency: "CHF", metafields: fields(250, { rewards: rewards({ USD: 600 }) }) },
    });
    await vi.advanceTimersByTimeAsync(500);
    expect(elsewhere.text()).toBe("Your points You have 250 points.");
  });

  it.each([
    ["pl", 22, "Masz 22 punkty."],
    ["ru", 5, "У вас 5 баллов."],
    ["th", 5, "คุณมี 5 คะแนน"],
    ["ja", 5, "残高は5ポイントです。"],
    ["lv", 21, "Tev ir 21 punkts."],
    ["de", 1, "You have 1 point."],
  ])("speaks %s", async (language, points, expected) => {
    const extension = await openCheckout({ language, metafields: fields(points) });
    await says(extension, expected);
  });
});

describe("using a reward", () => {
  it("holds the points, applies the code, says until when, and gives it all back on request", async () => {
    const asked = backend(usual);
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "Five off is applied to this order.");
    expect(extension.text()).toContain("You have 150 points.");
    expect(extension.text()).toContain("Reserved for this order: 100 points.");
    expect(asked[0]).toMatchObject({
      action: "hold",
      body: { reward: "five", currency: "EUR", locale: "en" },
    });
    expect(extension.codes()).toEqual(["CODE1"]);
    press("Remove, and keep the points");
    await says(extension, "Back in your account: 100 points.");
    expect(extension.codes()).toEqual([]);
    expect(extension.text()).toContain("You have 250 points.");
    expect(asked.at(-1)).toMatchObject({ action: "release", body: { redemption: "r1" } });
  });

  it("uses the one that was chosen", async () => {
    const asked = backend(usual);
    const extension = await openCheckout({ metafields: fields(320) });
    await says(extension, "A tenth");
    const list = document.body.querySelector("s-choice-list") as unknown as { values: string[] } & Element;
    list.values = ["five"];
    list.dispatchEvent(new Event("change"));
    await vi.advanceTimersByTimeAsync(100);
    press("Use points");
    await vi.advanceTimersByTimeAsync(100);
    expect(asked[0]?.body["reward"]).toBe("five");
  });

  it("waits for a code that is being made, by the same key", async () => {
    const asked = backend((question, count) =>
      question.action === "hold" && count < 3
        ? { ...HELD, code: null, pending: true }
        : usual(question, count),
    );
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "Making your reward");
    await says(extension, "is applied to this order");
    expect(new Set(asked.filter(({ action }) => action === "hold").map(({ body }) => body["key"])).size).toBe(
      1,
    );
  });

  it("says what the backend says of a wish that it refuses", async () => {
    backend(() => ({ ok: false, reason: "insufficient-points", message: "You do not have enough points." }));
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "You do not have enough points.");
    expect(extension.changes).toEqual([]);
  });

  const REFUSALS: [string, string, string[], string][] = [
    ["not combinable", "Code does not combine with the others", ["OTHER"], "cannot be combined with another"],
    ["five codes", "", ["A", "B", "C", "D", "E"], "takes five discount codes at most"],
    ["unknown", "Something", [], "cannot be used for this order"],
  ];
  it.each(REFUSALS)(
    "says why Shopify refused (%s), and the points are back",
    async (_, message, codes, expected) => {
      const asked = backend(usual);
      const extension = await openCheckout({}, () => message);
      extension.shopify.discountCodes.value = codes.map((code) => ({ code }));
      await says(extension, "Use points for this order");
      press("Use points");
      await says(extension, "Back in your account: 100 points.");
      expect(extension.text()).toContain(expected);
      expect(asked.map(({ action }) => action)).toEqual(["hold", "release"]);
      expect(extension.codes()).toEqual(codes);
      await says(extension, "Use points for this order");
    },
  );

  it("names the minimum that is not reached", async () => {
    backend(usual);
    const extension = await openCheckout({}, () => "");
    extension.shopify.cost.subtotalAmount.value = { amount: 19.99, currencyCode: "EUR" };
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "needs an order of €20.00 or more. Back in your account: 100 points.");
  });

  it("does not believe a success that left no code on the checkout", async () => {
    backend(usual);
    const extension = await openCheckout();
    (extension.shopify as unknown as Record<string, unknown>)["applyDiscountCodeChange"] = async () => ({
      type: "success",
    });
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "cannot be used for this order. Back in your account");
  });

  it("asks for nothing where discounts cannot be changed", async () => {
    backend(usual);
    const extension = await openCheckout();
    const { instructions } = extension.shopify;
    instructions.value = { ...instructions.value, discounts: { canUpdateDiscountCodes: false } };
    await says(extension, "cannot be changed with this way of paying");
    expect(document.body.querySelector("s-button")).toBeNull();
  });

  it("notices that the shopper took the code out in Shopify's own field", async () => {
    const asked = backend(usual);
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "is applied");
    extension.shopify.discountCodes.value = [];
    await says(extension, "The reward is off this order. Back in your account: 100 points.");
    expect(asked.at(-1)?.action).toBe("release");
  });

  it("leaves a paid checkout's code alone", async () => {
    const asked = backend(usual);
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "is applied");
    extension.shopify.buyerJourney.completed.value = true;
    extension.shopify.discountCodes.value = [];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.some(({ action }) => action === "release")).toBe(false);
  });

  it("is kept for as long as the checkout is open, and taken off where it ended", async () => {
    let isOver = false;
    const asked = backend((question, count) =>
      question.action === "touch" && isOver ? { ok: false, reason: "over" } : usual(question, count),
    );
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "is applied");
    const touches = () => asked.filter(({ action }) => action === "touch").length;
    await vi.advanceTimersByTimeAsync(11 * 60_000);
    expect(touches()).toBe(2);
    isOver = true;
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    await says(extension, "The reward is off this order.");
    expect(extension.codes()).toEqual([]);
  });
});

describe("a page that is loaded again", () => {
  async function reopened(first: Opened, answers: Answers = usual, codes: string[] = ["CODE1"]) {
    const { storage } = first.shopify;
    backend(answers);
    const extension = open(TARGET, { customerId: 1, metafields: fields(150) });
    Object.assign(extension.shopify, { storage, applyDiscountCodeChange: async () => ({ type: "success" }) });
    extension.shopify.discountCodes.value = codes.map((code) => ({ code }));
    await extension.render();
    return extension;
  }

  it("finds the hold again, and one whose code is gone is let go of", async () => {
    backend(usual);
    const first = await openCheckout();
    await says(first, "Use points for this order");
    press("Use points");
    await says(first, "is applied");
    const again = await reopened(first);
    await says(again, "Five off is applied to this order.");
    const without = await reopened(first, usual, []);
    await says(without, "Back in your account: 100 points.");
  });

  it("asks with the same key where the answer never came", async () => {
    const asked = backend(() => "down");
    const first = await openCheckout();
    await says(first, "Use points for this order");
    press("Use points");
    await says(first, "Nothing is lost");
    const [{ body } = { body: {} as Record<string, unknown> }] = asked;
    const keys: unknown[] = [];
    await reopened(first, (question, count) => {
      if (question.action === "hold") keys.push(question.body["key"]);
      return usual(question, count);
    });
    await vi.advanceTimersByTimeAsync(500);
    expect(keys).toEqual([body["key"]]);
  });

  it("knows the customer's own code on the checkout without anything written down", async () => {
    backend(usual);
    const codes = [{ id: "r9", reward: "five", code: "CODE9", until: "2027-05-01" }];
    const extension = open(TARGET, { customerId: 1, metafields: fields(150, {}, { codes }) });
    extension.shopify.discountCodes.value = [{ code: "code9" }];
    await extension.render();
    await says(extension, "Five off is applied to this order.");
  });
});

describe("a backend that does not answer", () => {
  it.each([
    ["down", "down" as const],
    ["slow", "silence" as const],
    ["broken", 500],
    ["asked too often", 429],
  ])("loses nothing and says so (%s)", async (_, answer) => {
    let isUp = false;
    const asked = backend((question, count) => (isUp ? usual(question, count) : answer));
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await vi.advanceTimersByTimeAsync(30_000);
    await says(extension, "Nothing is lost: try again, or finish your order without a reward.");
    expect(extension.text()).toContain("You have 250 points.");
    isUp = true;
    press("Try again");
    await says(extension, "is applied to this order");
    expect(new Set(asked.filter(({ action }) => action === "hold").map(({ body }) => body["key"])).size).toBe(
      1,
    );
  });

  it("lets the shopper go on without a reward", async () => {
    backend(() => "down");
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "Nothing is lost");
    press("Go on without a reward");
    await says(extension, "they come back by themselves within an hour");
    await says(extension, "Use points for this order");
  });

  it("says by when the points are back where they could not be given back now", async () => {
    let isUp = true;
    backend((question, count) => (isUp ? usual(question, count) : "down"));
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "is applied");
    isUp = false;
    press("Remove, and keep the points");
    await says(extension, "by themselves, by ");
    expect(extension.codes()).toEqual([]);
    isUp = true;
    press("Try again");
    await says(extension, "Back in your account: 100 points.");
  });

  it("asks once more with another token where the first has ended", async () => {
    const asked = backend((question, count) =>
      question.action === "hold" && count === 1 ? 401 : usual(question, count),
    );
    const extension = await openCheckout();
    await says(extension, "Use points for this order");
    press("Use points");
    await says(extension, "is applied");
    expect(asked.filter(({ action }) => action === "hold")).toHaveLength(2);
  });
});
