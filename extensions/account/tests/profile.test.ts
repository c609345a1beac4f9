import { describe, expect, it, vi } from "vitest";
import { click, openAccount, type AccountWorld } from "./account-world.ts";

const PROFILE = "customer-account.profile.block.render";

async function profile(changes: Partial<AccountWorld> = {}, language = "en") {
  const opened = openAccount(PROFILE, changes, { language });
  await opened.render();
  return opened;
}

describe("the block on the profile", () => {
  it.each([
    ["en", "Your points 1,200 points"],
    ["pl", "Twoje punkty 1200 punktów"],
    ["ru", "Ваши баллы 1 200 баллов"],
    ["th", "คะแนนของคุณ 1,200 คะแนน"],
    ["ja", "保有ポイント 1,200ポイント"],
    ["lv", "Jūsu punkti 1200 punktu"],
  ])("says the balance in %s, and asks nobody but Shopify", async (language, words) => {
    const { text, asked } = await profile({}, language);
    await vi.waitFor(() => expect(text().replaceAll("\u00a0", " ")).toContain(words));
    expect(asked).toEqual([]);
  });

  it("says to a member without points how the first ones come", async () => {
    const { text } = await profile({ member: { points: "0", pending: "0", membership: "{}" } });
    await vi.waitFor(() => expect(text()).toContain("0 points Your next order earns the first points."));
  });

  it("waits for a slow Shopify without saying anything that is not known", async () => {
    const opened = openAccount(PROFILE);
    const answering = globalThis.fetch;
    let goOn: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (goOn = resolve));
    vi.stubGlobal("fetch", async (...asked: Parameters<typeof fetch>) => {
      await slow;
      return answering(...asked);
    });
    await opened.render();
    expect(document.body.querySelector("s-spinner")).not.toBeNull();
    expect(opened.text()).toBe("");
    goOn();
    await vi.waitFor(() => expect(opened.text()).toContain("1,200 points"));
  });

  it("says to a customer who is no member what there is to gain", async () => {
    const { text } = await profile({ member: null });
    await vi.waitFor(() => expect(text()).toContain("Members collect points with every order"));
  });

  it("is not there without a programme", async () => {
    const { text } = await profile({ programme: null, member: null });
    await vi.waitFor(() => expect(text()).toBe(""));
  });

  it("says so where Shopify does not answer, and tries again", async () => {
    const opened = openAccount(PROFILE);
    const answering = globalThis.fetch;
    vi.stubGlobal("fetch", async () => new Response("", { status: 500 }));
    await opened.render();
    await vi.waitFor(() => expect(opened.text()).toContain("This could not be loaded just now."));
    vi.stubGlobal("fetch", answering);
    click("Try again");
    await vi.waitFor(() => expect(opened.text()).toContain("1,200 points"));
  });
});
