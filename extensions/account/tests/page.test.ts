import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  ACCOUNT,
  change,
  click,
  find,
  LINE,
  MEMBER,
  openAccount,
  ORDER,
  PROGRAMME,
  read,
  REDEEMED,
  submit,
  type AccountWorld,
} from "./account-world.ts";
import type { Shopper } from "../../testing/open-extension.ts";

const PAGE = "customer-account.page.render";

const FILE = {
  name: "perennial-2026-12-01.json",
  address: "https://app.example/ui/file?ticket=sealed",
  until: "2026-12-01T10:10:00.000Z",
};

async function page(changes: Partial<AccountWorld> = {}, shopper: Shopper = {}) {
  const opened = openAccount(PAGE, changes, shopper);
  await opened.render();
  return opened;
}

describe("the account page", () => {
  it("shows a member everything: balance, each line, codes, products, parcels", async () => {
    const { text, asked } = await page();
    await vi.waitFor(() => expect(text()).toContain("Earned: #1001"));
    for (const words of [
      "1,200 points",
      "40 more points are on their way",
      "40 points can be spent from Jan 5, 2027",
      "20 points expire on May 31, 2027",
      "+40 on the way",
      "Can be spent from Jan 5, 2027",
      "Dec 1, 2026 · balance after it: 1,200 points",
      "TEATIME23456",
      "Green tea",
      "from ¥1,500",
      "On its way",
      "Expected on Dec 5, 2026",
      "Track the parcel Post 1Z",
    ])
      await vi.waitFor(() => expect(text().toLowerCase()).toContain(words.toLowerCase()));
    expect(read(find("s-button", "Use in cart"), "href")).toBe("https://shop.example/discount/TEATIME23456");
    expect(asked.map(({ action }) => action).sort()).toEqual(["account", "statement"]);
    for (const { body } of asked) expect(body["locale"]).toBe("en");
  });

  it.each([
    ["en", "21 points", "Earned: #1001"],
    ["pl", "21 punktów", "Zdobyte: #1001"],
    ["ru", "21 балл", "Начислено: #1001"],
    ["th", "21 คะแนน", "ได้รับ: #1001"],
    ["ja", "21ポイント", "獲得: #1001"],
    ["lv", "21 punkts", "Nopelnīts: #1001"],
  ])("speaks %s", async (language, balance, line) => {
    const { text } = await page(
      { member: { ...MEMBER, points: "21" }, backend: { ...backendOf({ ...ACCOUNT, points: 21 }) } },
      { language },
    );
    await vi.waitFor(() => expect(text()).toContain(line));
    expect(text()).toContain(balance);
  });

  describe("brings friends", () => {
    const OFFER = {
      points: 25,
      friend: 21,
      reward: null as string | null,
      minimumMinor: null as number | null,
    };
    const OWN = { code: "K7Q2M4X9A", came: 2, waiting: 1, points: 50 };
    const FRIENDS = [
      { at: "2026-12-03T10:00:00.000Z", outcome: "counts" },
      { at: "2026-12-02T10:00:00.000Z", outcome: "waiting" },
      { at: "2026-12-01T10:00:00.000Z", outcome: "not" },
    ];
    const opened = (
      { offer = {}, own = {}, friends = FRIENDS }: { offer?: object; own?: object; friends?: object[] } = {},
      language = "en",
    ) =>
      page(
        {
          programme: { ...PROGRAMME, referral: { ...OFFER, landing: "/collections/tea", ...offer } },
          member: {
            ...MEMBER,
            membership: JSON.stringify({ debt: 0, codes: [], referral: { ...OWN, ...own } }),
          },
          backend: { ...backendOf({ ...ACCOUNT, friends }) },
        },
        { language },
      );

    it.each([
      [
        "en",
        "You get 25 points for each friend",
        "Your friend gets 21 points.",
        "2 friends have come",
        "Dec 3, 2026: Counts",
        "Dec 2, 2026: Waiting",
        "Dec 1, 2026: Does not count",
      ],
      [
        "pl",
        "dostajesz 25 punktów",
        "Znajomy dostaje 21 punktów.",
        "Przyszło 2 znajomych",
        "3 gru 2026: Liczy się",
        "2 gru 2026: Czeka",
        "1 gru 2026: Nie liczy się",
      ],
      [
        "ru",
        "вы получите 25 баллов",
        "Ваш друг получит 21 балл.",
        "Пришли 2 друга",
        "3 дек. 2026 г.: Засчитано",
        "2 дек. 2026 г.: Ожидает",
        "1 дек. 2026 г.: Не засчитано",
      ],
      ["th", "คุณได้รับ 25 คะแนน", "เพื่อนของคุณได้รับ 21 คะแนน", "มีเพื่อนมาแล้ว 2 คน", "นับแล้ว", "กำลังรอ", "ไม่นับ"],
      [
        "ja",
        "1人につき25ポイント",
        "お友だちには21ポイント",
        "お友だち2人が来ました",
        "2026/12/03: 対象です",
        "確認待ち",
        "対象外",
      ],
      [
        "lv",
        "jūs saņemat 25 punktus",
        "Jūsu draugs saņem 21 punktu.",
        "Atnākuši 2 draugi",
        "Ieskaitīts",
        "Gaida",
        "Netiek ieskaitīts",
      ],
    ])("in %s: what both get, the link, and what came of whom", async (language, ...words) => {
      const { text } = await opened({}, language);
      await vi.waitFor(() => expect(text()).toContain(words.at(-1)));
      for (const each of words) expect(text()).toContain(each);
      expect(text()).toContain("https://shop.example/collections/tea?ref=K7Q2M4X9A");
      const copied = document.querySelector("s-clipboard-item");
      expect(copied && read(copied, "text")).toBe("https://shop.example/collections/tea?ref=K7Q2M4X9A");
    });

    it("names the friend's reward and the least order, and says nothing of friends where nobody came", async () => {
      const own = { came: 0, waiting: 0, points: 0 };
      const offer = { friend: 0, reward: "Free shipping", minimumMinor: 2_050 };
      const { text } = await opened({ offer, own, friends: [] });
      await vi.waitFor(() => expect(text()).toContain("Earned: #1001"));
      expect(text()).toContain("Your friend gets: Free shipping");
      expect(text()).toContain("For a first order from €20.50");
      for (const words of ["Friends you brought", "have come", "more is on", "earned by it"])
        expect(text()).not.toContain(words);
    });

    it("says nothing of it where members bring nobody", async () => {
      const { text } = await page();
      await vi.waitFor(() => expect(text()).toContain("Earned: #1001"));
      expect(text()).not.toContain("Bring a friend");
    });
  });

  it("shows the tier, what comes with it and the way to the next, and says what deeds and tiers brought", async () => {
    const ladder = [
      { id: "s", name: "Silver", factor: 150, perks: ["Early access"] },
      { id: "g", name: "Gold", factor: 200, perks: [] },
    ];
    const tier = { v: 1, id: "s", until: 4e9, then: null, lastDay: "2027-05-31", amount: 70, goal: null };
    const given = { ...LINE, points: 5, pending: 0, order: null, orderName: null, ripensAt: null };
    const lines = [
      { ...given, kind: "activity", reason: "birthday" },
      { ...given, kind: "activity", reason: "A review" },
      { ...given, kind: "tier", reason: "Silver" },
    ];
    const { text } = await page({
      programme: { ...PROGRAMME, tiers: { by: "spend", ladder } },
      member: { ...MEMBER, tier: JSON.stringify({ ...tier, goal: { id: "g", missing: 3050 } }) },
      backend: { ...backendOf(ACCOUNT), statement: () => ({ ok: true, lines, next: null }) },
    });
    for (const words of [
      ...["Your tier", "Silver", "You keep Silver until May 31, 2027.", "1.5× points on every order"],
      ...[
        "Early access",
        "€30.50 more until Gold",
        "Earned otherwise",
        "Happy birthday!",
        "A review",
        "Tier reached",
      ],
    ])
      await vi.waitFor(() => expect(text()).toContain(words));
  });

  it("says what a member without points has, and that nothing has happened yet", async () => {
    const account = { ...ACCOUNT, points: 0, pending: 0, codes: [] };
    const { text } = await page({
      member: { points: "0", pending: "0", membership: "{}" },
      orders: [],
      backend: { account: () => account, statement: () => ({ ok: true, lines: [], next: null }) },
    });
    await vi.waitFor(() => expect(text()).toContain("Nothing has happened yet."));
    expect(text()).toContain("Your next order earns the first points.");
    expect(text()).toContain("100 points to go");
    expect(text()).toContain("You have no codes yet.");
    expect(text()).toContain("You have no orders yet.");
  });

  it("lets a customer who is no member join, and is theirs then", async () => {
    const opened = await page({
      member: null,
      backend: {
        account: () => ({ ok: true, member: false, points: 0, pending: 0, debt: 0, expiring: [], codes: [] }),
        join: () => ({ ok: true, message: "You are a member now." }),
        statement: () => ({ ok: true, lines: [], next: null }),
      },
    });
    await vi.waitFor(() => expect(opened.text()).toContain("Join now"));
    expect(opened.text()).not.toContain("How your balance came about");
    opened.world.member = { points: "0", pending: "0", membership: "{}" };
    opened.world.backend["account"] = () => ({ ...ACCOUNT, points: 0, pending: 0, codes: [] });
    click("Join now");
    await vi.waitFor(() => expect(opened.text()).toContain("How your balance came about"));
  });

  it("shows what metafields know while Perennial does not answer, and all of it once it does", async () => {
    const { text, world } = await page({ backend: {} });
    await vi.waitFor(() => expect(text()).toContain("You see what was known last."));
    expect(text()).toContain("1,200 points");
    expect(text()).toContain("TEATIME23456");
    expect(text()).not.toContain("How your balance came about");
    expect(isDisabled("Redeem")).toBe(true);
    expect(() => find("s-button", "Give back")).toThrow();
    Object.assign(world.backend, backendOf(ACCOUNT));
    click("Try again");
    await vi.waitFor(() => expect(text()).toContain("Earned: #1001"));
    expect(text()).not.toContain("You see what was known last.");
  });

  it("does not wait for a slow backend with what is known", async () => {
    type Facts = Record<string, unknown>;
    let answer: (facts: Facts) => void = () => undefined;
    const slow = new Promise<Facts>((resolve) => (answer = resolve));
    const { text } = await page({ backend: { ...backendOf(ACCOUNT), account: () => slow } });
    await vi.waitFor(() => expect(text()).toContain("1,200 points"));
    answer({ ...ACCOUNT, points: 7 });
    await vi.waitFor(() => expect(text()).toContain("Your points 7 points"));
    expect(text()).not.toContain("Your points 1,200 points");
  });

  it("is a page of orders where there is no programme", async () => {
    const { text, asked } = await page({ programme: null, member: null });
    await vi.waitFor(() => expect(text()).toContain("#1001"));
    expect(text()).not.toMatch(/Join now|Your points|Your data/);
    expect(asked).toEqual([]);
  });

  it("asks for older lines from where the last page ended", async () => {
    const older = {
      ...LINE,
      kind: "adjust",
      orderName: null,
      order: null,
      reason: "welcome back",
      pending: 0,
      points: 12,
    };
    const { text, asked } = await page({
      backend: {
        ...backendOf(ACCOUNT),
        statement: ({ before }) =>
          before === "1_2_3_4_5_6"
            ? { ok: true, lines: [older], next: null }
            : { ok: true, lines: [LINE], next: "1_2_3_4_5_6" },
      },
    });
    await vi.waitFor(() => expect(text()).toContain("Show older lines"));
    click("Show older lines");
    await vi.waitFor(() => expect(text()).toContain("welcome back"));
    expect(text()).toContain("+12");
    expect(text()).not.toContain("Show older lines");
    expect(asked.filter(({ action }) => action === "statement")).toHaveLength(2);
  });

  it("redeems once for a press that is repeated because nothing came back", async () => {
    let isDown = true;
    const { text, asked } = await page({
      backend: {
        ...backendOf(ACCOUNT),
        redeem: () => {
          if (isDown) throw new TypeError("Failed to fetch");
          return { ok: true, code: "NEW123456789", message: "Your code: NEW123456789" };
        },
      },
    });
    await vi.waitFor(() => expect(text()).toContain("Earned: #1001"));
    click("Redeem");
    await vi.waitFor(() => expect(text()).toContain("That did not work just now."));
    isDown = false;
    click("Redeem");
    await vi.waitFor(() => expect(text()).toContain("Your code: NEW123456789"));
    const keys = asked.filter(({ action }) => action === "redeem").map(({ body }) => body["key"]);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    await vi.waitFor(() => expect(asked.filter(({ action }) => action === "account")).toHaveLength(2));
  });

  it("says why a reward is refused, in the backend's words, and asks with another key afterwards", async () => {
    const { text, asked } = await page({
      backend: {
        ...backendOf(ACCOUNT),
        redeem: () => ({
          ok: false,
          reason: "insufficient-points",
          message: "You do not have enough points.",
        }),
      },
    });
    await vi.waitFor(() => expect(text()).toContain("Earned: #1001"));
    click("Redeem");
    await vi.waitFor(() => expect(text()).toContain("You do not have enough points."));
    click("Redeem");
    await vi.waitFor(() => expect(asked.filter(({ action }) => action === "redeem")).toHaveLength(2));
    const keys = asked.filter(({ action }) => action === "redeem").map(({ body }) => body["key"]);
    expect(new Set(keys).size).toBe(2);
    expect(asked.filter(({ action }) => action === "account")).toHaveLength(1);
  });

  it("gives a code back, and says why not where it cannot", async () => {
    const codes = [REDEEMED];
    const opened = await page({
      backend: {
        ...backendOf(ACCOUNT),
        "give-back": () => ({
          ok: false,
          reason: "over",
          message: "This reward has been used or has ended.",
        }),
      },
    });
    const { text, asked, world } = opened;
    await vi.waitFor(() => expect(text()).toContain("Give back"));
    click("Give back");
    await vi.waitFor(() => expect(text()).toContain("This reward has been used or has ended."));
    world.backend["give-back"] = () => ({ ok: true, message: "The points are back in your account." });
    world.backend["account"] = () => ({
      ...ACCOUNT,
      points: 1300,
      codes: codes.map((each) => ({ ...each, status: "cancelled", code: null, canGiveBack: false })),
    });
    click("Give back");
    await vi.waitFor(() => expect(text()).toContain("1,300 points"));
    expect(text()).toContain("The points are back in your account.");
    expect(asked.find(({ action }) => action === "give-back")?.body["redemption"]).toBe("red-1");
  });

  it("looks again while a reward is being made, ever more seldom, and then when it is asked to", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const made = { ...REDEEMED, status: "reserved", code: null, last4: null, canGiveBack: false };
    const { text, asked, world } = await page({ backend: backendOf({ ...ACCOUNT, codes: [made] }) });
    const looks = () => asked.filter(({ action }) => action === "account").length;
    const pass = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
    };
    await pass(100);
    expect(text()).toContain("Being made");
    await pass(1_500);
    expect(looks()).toBe(1);
    await pass(20_000);
    expect(looks(), "three times in twenty seconds").toBe(4);
    await pass(600_000);
    expect(looks(), "a page that nobody looks at asks nobody").toBe(6);
    Object.assign(world.backend, backendOf(ACCOUNT));
    click("Look again");
    await pass(100);
    expect(text()).toContain("TEATIME23456");
    expect(() => find("s-button", "Look again")).toThrow();
    await pass(600_000);
    expect(looks()).toBe(7);
  });

  it("tells a new code until it is given back", async () => {
    const { text, world } = await page({
      backend: {
        ...backendOf(ACCOUNT),
        redeem: () => ({ ok: true, code: "NEW123456789", message: "Your code: NEW123456789" }),
        "give-back": () => ({ ok: true, message: "The points are back in your account." }),
      },
    });
    await vi.waitFor(() => expect(text()).toContain("Give back"));
    const redeemed = { ...REDEEMED, redemption: "red-2", code: "NEW123456789" };
    world.backend["account"] = () => ({ ...ACCOUNT, codes: [redeemed] });
    click("Redeem");
    await vi.waitFor(() => expect(text()).toContain("Your code: NEW123456789"));
    await vi.waitFor(() => expect(text()).not.toContain("TEATIME23456"));
    expect(text()).toContain("Your code: NEW123456789");
    world.backend["account"] = () => ({ ...ACCOUNT, codes: [] });
    click("Give back");
    await vi.waitFor(() => expect(text()).toContain("The points are back in your account."));
    await vi.waitFor(() => expect(text()).not.toContain("NEW123456789"));
  });

  it("asks for a return, tells Shopify's refusal, and shows the request", async () => {
    const asked: Record<string, unknown>[] = [];
    let refusal: string | null = "The quantity exceeds what is left of the line.";
    const { text, world } = await page({
      mutations: {
        RequestReturn: (variables) => {
          asked.push(variables);
          const userErrors = refusal === null ? [] : [{ message: refusal }];
          return {
            orderRequestReturn: {
              return: refusal === null ? { id: "r", name: "#1001-R1" } : null,
              userErrors,
            },
          };
        },
      },
    });
    await vi.waitFor(() => expect(text()).toContain("Send something back"));
    click("Send something back");
    await vi.waitFor(() => expect(text()).toContain("Tea: how many of 2"));
    submit("Ask for the return");
    await vi.waitFor(() => expect(text()).toContain("Please say what should be sent back."));
    expect(asked).toEqual([]);
    change("s-number-field", "Tea: how many of 2", "9");
    change("s-select", "Reason", "DEFECTIVE");
    await vi.waitFor(() => undefined);
    submit("Ask for the return");
    await vi.waitFor(() => expect(text()).toContain("The quantity exceeds what is left of the line."));
    refusal = null;
    world.orders = [{ ...ORDER, returns: { nodes: [{ id: "r", name: "#1001-R1", status: "REQUESTED" }] } }];
    submit("Ask for the return");
    await vi.waitFor(() => expect(text()).toContain("Return #1001-R1: asked for"));
    expect(text()).toContain("The shop has your request #1001-R1 and will answer it.");
    const line = { lineItemId: "gid://shopify/LineItem/7", quantity: 2, returnReason: "DEFECTIVE" };
    expect(asked.at(-1)).toEqual({ orderId: ORDER.id, lines: [line] });
  });

  it("changes what the shop may send, as Shopify answers", async () => {
    const { text, world } = await page({
      mutations: {
        Subscribe: () => {
          world.marketing = "PENDING";
          return { changed: { emailAddress: { marketingState: "PENDING" }, userErrors: [] } };
        },
      },
    });
    await vi.waitFor(() => expect(text()).toContain("News and offers of the shop by e-mail"));
    change("s-checkbox", "News and offers of the shop by e-mail", "on");
    await vi.waitFor(() => expect(text()).toContain("Please confirm it by the e-mail"));
  });

  it("saves a birthday that exists", async () => {
    const { text, asked } = await page({
      backend: { ...backendOf(ACCOUNT), profile: () => ({ ok: true, message: "Your birthday is saved." }) },
    });
    await vi.waitFor(() => expect(text()).toContain("February"));
    change("s-select", "Day", "30");
    await vi.waitFor(() => undefined);
    submit("Save");
    await vi.waitFor(() => expect(text()).toMatch(/There is no such day|no such day/i));
    change("s-select", "Day", "28");
    await vi.waitFor(() => undefined);
    submit("Save");
    await vi.waitFor(() => expect(text()).toContain("Your birthday is saved."));
    const saved = asked.filter(({ action }) => action === "profile").map(({ body }) => body["birthday"]);
    expect(saved).toEqual(["02-28"]);
  });

  it("deletes the customer's data only when asked twice, and hands out a copy", async () => {
    const { text, asked } = await page({
      backend: {
        ...backendOf(ACCOUNT),
        data: ({ what }) =>
          what === "copy" ? { ok: true, file: FILE } : { ok: true, message: "Your data is being deleted." },
      },
    });
    await vi.waitFor(() => expect(text()).toContain("Get a copy of my data"));
    click("Get a copy of my data");
    await vi.waitFor(() => expect(text()).toContain("The link is good until"));
    expect(read(find("s-link", "Download perennial-2026-12-01.json"), "href")).toBe(FILE.address);
    click("Delete my data");
    await vi.waitFor(() => expect(text()).toContain("Delete for good?"));
    click("Cancel");
    await vi.waitFor(() => expect(text()).not.toContain("Delete for good?"));
    click("Delete my data");
    await vi.waitFor(() => expect(text()).toContain("Your points are lost"));
    click("Delete for good");
    await vi.waitFor(() => expect(text()).toContain("Your data is being deleted."));
    const deletions = asked.filter(({ action, body }) => action === "data" && body["what"] === "delete");
    expect(deletions.map(({ body }) => body["confirm"])).toEqual([true]);
  });

  it("shows what is paused as paused", async () => {
    const { text } = await page({ programme: { ...PROGRAMME, state: "paused" } });
    await vi.waitFor(() => expect(text()).toContain("Rewards cannot be redeemed at the moment."));
    expect(isDisabled("Redeem")).toBe(true);
  });
});

function backendOf(account: object): AccountWorld["backend"] {
  return {
    account: () => ({ ...account }),
    statement: () => ({ ok: true, lines: [LINE], next: null }),
  };
}

function isDisabled(words: string): boolean {
  const disabled = read(find("s-button", words), "disabled");
  return disabled !== null && disabled !== false && disabled !== "false";
}
