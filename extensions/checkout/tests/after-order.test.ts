import { createCartLine } from "@shopify/ui-extensions-tester/checkout";
import { describe, expect, it, vi } from "vitest";
import type { Shopper } from "../../testing/open-extension.ts";
import { backend, fields, madeUpTime, open, press, says, type Answers } from "./support.ts";

const BROUGHT = { ok: true, points: 42, pending: 42, ripensAt: "2027-01-15T11:00:00.000Z" };
const THANKS = { ok: true, message: "Thanks", points: 20, pending: false };
const usual: Answers = ({ action }) =>
  action === "order" ? BROUGHT : action === "survey" ? THANKS : { ok: true };
const MEMBER = { customerId: 1, metafields: fields(10) };

madeUpTime();

type Api = Record<string, { value: unknown }> & Record<string, unknown>;

const TARGETS = {
  "thank-you": async (shopper: Shopper) => {
    const extension = open("purchase.thank-you.block.render", shopper);
    const { shopify } = extension;
    shopify.orderConfirmation.value = {
      ...{ order: { id: "gid://shopify/OrderIdentity/77" }, number: "1001", isFirstOrder: false },
    };
    shopify.cost.totalAmount.value = { amount: 42, currencyCode: "EUR" };
    shopify.cost.totalTaxAmount.value = undefined;
    shopify.discountAllocations.value = [];
    const cost = { totalAmount: { amount: 42, currencyCode: "EUR" as const } };
    shopify.lines.value = [{ ...createCartLine({ cost }), discountAllocations: [] }];
    await extension.render();
    return extension;
  },
  "order status": async (shopper: Shopper) => {
    const extension = open("customer-account.order-status.block.render", shopper);
    const api = extension.shopify as unknown as Api;
    if (api["order"]) api["order"].value = { id: "gid://shopify/Order/77", name: "#1001" };
    if (api["authenticationState"])
      api["authenticationState"].value =
        shopper.customerId === undefined ? "pre_authenticated" : "fully_authenticated";
    await extension.render();
    return extension;
  },
};

describe.each(Object.entries(TARGETS))("%s", (page, openPage) => {
  it("tells what the order brings and from when it can be used", async () => {
    const asked = backend(usual);
    const extension = await openPage(MEMBER);
    await says(extension, "This order brings 42 points.");
    expect(extension.text()).toContain("You have 10 points.");
    expect(extension.text()).toContain("42 points: ready to use on January 15, 2027.");
    expect(asked[0]).toMatchObject({ action: "order", body: { order: "77", locale: "en" } });
  });

  it("tells a member without points that they have none, and what this order brings", async () => {
    backend(usual);
    const extension = await openPage({ customerId: 1, metafields: fields(0) });
    await says(extension, "You have 0 points.");
    await says(extension, "This order brings 42 points.");
  });

  it("tells the same points in another currency", async () => {
    backend(usual);
    const extension = await openPage({ ...MEMBER, currency: "USD", country: "US" });
    await says(extension, "This order brings 42 points.");
  });

  it("waits for an order that is not known yet, and says what is known meanwhile", async () => {
    backend((question, count) =>
      question.action === "order" && count < 3 ? { ok: false, reason: "not-yet" } : usual(question, count),
    );
    const extension = await openPage(MEMBER);
    await says(extension, "will be in your account in a moment");
    await says(extension, "This order brings 42 points.");
  });

  it("stops asking at some time", async () => {
    const asked = backend(() => ({ ok: false, reason: "not-yet" }));
    await openPage(MEMBER);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(5);
  });

  it.each([
    ["down", "down" as const],
    ["slow", "silence" as const],
    ["broken", 503],
  ])("says that nothing is lost where the backend is %s, and asks again on request", async (_, answer) => {
    let isUp = false;
    backend((question, count) => (isUp ? usual(question, count) : answer));
    const extension = await openPage(MEMBER);
    await says(extension, "Nothing is lost: your points are counted all the same.");
    expect(extension.text()).toContain("You have 10 points.");
    isUp = true;
    press("Try again");
    await says(extension, "This order brings 42 points.");
  });

  it("asks a guest to log in, and asks the backend for nothing", async () => {
    const asked = backend(usual);
    const extension = await openPage({ metafields: fields(undefined) });
    await says(extension, "Log in or create an account to collect points.");
    expect(extension.text()).not.toContain("How was it?");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual([]);
  });

  it("lets a customer join, and tells then what the order brings", async () => {
    let isUp = false;
    const asked = backend((question, count) => (isUp ? usual(question, count) : "down"));
    const extension = await openPage({ customerId: 1, metafields: fields(undefined) });
    await says(extension, "Join to collect points");
    press("Join");
    await says(extension, "Nothing is lost");
    isUp = true;
    press("Join");
    await says(extension, "This order brings 42 points.");
    expect(asked.map(({ action }) => action)).toEqual(["join", "join", "order"]);
  });

  it("says so where an order brings nothing, and is silent without a programme", async () => {
    backend(({ action }) =>
      action === "order" ? { ...BROUGHT, points: 0, pending: 0, ripensAt: null } : {},
    );
    const extension = await openPage(MEMBER);
    await says(extension, "This order brings no points.");
    const none = await openPage({ customerId: 1, metafields: [] });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(none.text()).toBe("");
  });

  it.each([
    ["pl", "Za to zamówienie: 42 punkty."],
    ["ru", "За этот заказ: 42 балла."],
    ["th", "คำสั่งซื้อนี้ให้ 42 คะแนน"],
    ["ja", "この注文のポイント: 42ポイント"],
    ["lv", "Par šo pasūtījumu: 42 punkti."],
  ])("speaks %s", async (language, expected) => {
    backend(usual);
    await says(await openPage({ ...MEMBER, language }), expected);
  });

  describe("the survey", () => {
    const answer = async (name: string, value: string) => {
      const select = document.body.querySelector(`s-select[name="${name}"]`) as unknown as Element & {
        value: string;
      };
      select.value = value;
      select.dispatchEvent(new Event("change"));
      await vi.advanceTimersByTimeAsync(100);
    };

    it("takes what was answered and leaves out the rest, and thanks", async () => {
      const asked = backend(usual);
      const extension = await openPage(MEMBER);
      await says(extension, "Your answers bring you 20 points.");
      press("Send");
      await says(extension, "Please answer at least one question.");
      await answer("recommend", "0");
      await answer("quality", "5");
      press("Send");
      await says(extension, "Thank you for your answers. They bring you 20 points.");
      expect(asked.at(-1)).toMatchObject({
        action: "survey",
        body: { order: "77", quality: 5, delivery: null, recommend: 0 },
      });
      expect(extension.text()).not.toContain("How was it?");
    });

    it("keeps the answers where the backend is down, and sends them again as the same", async () => {
      let isUp = false;
      const asked = backend((question, count) =>
        isUp || question.action !== "survey" ? usual(question, count) : "down",
      );
      const extension = await openPage(MEMBER);
      await says(extension, "How was it?");
      await answer("delivery", "1");
      press("Send");
      await says(extension, "Your answers are kept");
      const { storage } = extension.shopify;
      expect(await storage.read("survey:77")).toMatchObject({ answers: { delivery: 1 }, isSent: false });
      isUp = true;
      press("Send");
      await says(extension, "Thank you for your answers.");
      const keys = asked.filter(({ action }) => action === "survey").map(({ body }) => body["key"]);
      expect(keys).toHaveLength(2);
      expect(new Set(keys).size).toBe(1);
    });

    it("is not asked where the shop asks nothing", async () => {
      backend(usual);
      const extension = await openPage({ customerId: 1, metafields: fields(10, { survey: null }) });
      await says(extension, "brings 42 points");
      expect(extension.text()).not.toContain("How was it?");
      expect(page).not.toBe("");
    });
  });
});

it("the thank-you page names only the rate where the order was in another currency", async () => {
  backend(({ action }) => (action === "order" ? { ok: false, reason: "not-yet" } : { ok: true }));
  const extension = open("purchase.thank-you.block.render", { ...MEMBER, currency: "USD", country: "US" });
  extension.shopify.orderConfirmation.value = {
    ...{ order: { id: "gid://shopify/OrderIdentity/77" }, number: "1001", isFirstOrder: false },
  };
  extension.shopify.cost.totalAmount.value = { amount: 42, currencyCode: "USD" };
  extension.shopify.lines.value = [];
  await extension.render();
  await says(extension, "Members earn 1 point for every €1.00.");
});

it("the thank-you page estimates what the order earns until the backend knows it", async () => {
  backend(() => "down");
  const extension = await TARGETS["thank-you"](MEMBER);
  await says(extension, "This order earns about 42 points. We cannot reach");
});
