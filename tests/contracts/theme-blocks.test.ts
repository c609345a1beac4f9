/** The theme extension's blocks as the local storefront renders them: who sees what, in which language, and in which currency. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerState } from "../../devstore/state/model.ts";
import {
  openDressedStorefront,
  productNamed,
  type DressedStorefront,
} from "../support/dressed-storefront.ts";
import { LANGUAGES } from "../support/open-storefront.ts";

let open: DressedStorefront;
beforeAll(async () => {
  open = await openDressedStorefront();
});
afterAll(() => open.stop());

/** What stands in our own blocks, as lines of text. */
async function ours(address: string, customerId?: number, country = "GB"): Promise<string> {
  const shopper = open.visit(customerId);
  shopper.cookies.set("localization", country);
  return linesOf(await (await shopper.get(address)).text());
}

/** What its attributes say may hold a `>`. */
const TAG = /<(?:"[^"]*"|'[^']*'|[^>"'])+>/g;

function linesOf(html: string): string {
  const blocks = [
    ...html.matchAll(
      /<div class="perennial[ "].*?(?=<div id="shopify-section|<div id="shopify-block|<footer|<\/main|$)/gs,
    ),
  ];
  return blocks
    .map(([block]) => block.replace(/<(script|template)\b.*?<\/\1>/gs, "").replace(TAG, "\n"))
    .join("\n")
    .replace(/&#39;/g, "'")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join("\n");
}

describe("who sees what", () => {
  test("guests: what they would earn, how to join, and what is popular", async () => {
    const page = await ours("/");
    expect(page).toContain("5 points for every £1 you spend");
    expect(page).toContain("100 extra points with your first order");
    expect(page).toContain("Log in or create an account");
    expect(page).toContain("Popular now");
    expect(page).not.toMatch(/Redeem|For you|Your birthday/);
  });

  test("a new member: the way to the first reward", async () => {
    const page = await ours("/", open.newcomer.id);
    expect(page).toContain("Your points\n0\n500 more points until: £5 off");
    expect(page).toContain("£5 off\n500 points\nOn orders from £20\n500 points to go");
    expect(page).not.toContain("Redeem");
  });

  test("one whose points are about to expire", async () => {
    const page = await ours("/", open.expiring.id);
    expect(page).toContain("121\n379 more points until: £5 off\n121 points expire on December 31, 2026");
  });

  test("a rich member: rewards, codes, own lists with reasons, and a birthday", async () => {
    const page = await ours("/", open.rich.id);
    expect(page).toContain(
      "12,345\nYou have enough points for a reward.\n62 points can be spent from December 24, 2026",
    );
    expect(page).toContain(
      "£5 off\nTEA23456789A\nValid until February 28, 2027\nUse in cart\nCopy code\nGive back",
    );
    expect(page).toContain("£25 gift card\n…89AB\nValid until March 31, 2027\nGive back");
    expect(page).toContain("For you\nTeapot\n£45.00\nBecause you bought Green tea");
    expect(page).toContain("Your birthday");
  });

  test("a member's own link and what has come of it; to others what it brings", async () => {
    const page = await ours("/", open.rich.id);
    expect(page).toContain(
      "Bring a friend\nYou get 500 points for each friend who orders.\nYour friend gets 250 points.\nFor a first order from £20",
    );
    expect(page).toContain("Your code:\n0A1B2C3D4\nCopy link\nShare");
    expect(page).toContain("2 friends have come · 1,000 points earned by it\n1 more is on the way");
    const html = await (await open.visit(open.rich.id).get("/")).text();
    expect(html).toMatch(/value="https?:[^"]+\/collections\/all\?ref=0A1B2C3D4"/);
    expect(await ours("/", open.newcomer.id)).toContain("Were you invited? Your friend’s code\nUse code");
    const guest = await ours("/");
    expect(guest).toContain("Log in to get a link of your own.");
    expect(guest).not.toMatch(/0A1B2C3D4|Were you invited/);
  });

  test("nobody, while there is no programme; while it is paused nothing can be redeemed", async () => {
    const { shop, publish } = open;
    const owner = `gid://shopify/AppInstallation/${shop.id}`;
    const before = shop.metafields.get(owner)?.get("perennial.programme")?.value ?? "";
    publish(owner, { programme: ["json", { ...(JSON.parse(before) as object), active: false }] });
    expect(await ours("/cart", open.rich.id)).not.toMatch(/points|Rewards/);
    publish(owner, { programme: ["json", { ...(JSON.parse(before) as object), paused: true }] });
    expect(await ours("/", open.rich.id)).not.toContain("Redeem");
    publish(owner, { programme: ["json", before] });
  });
});

test("sold out, in the cart, or on the page already: no recommendation", async () => {
  expect(await ours("/", open.rich.id)).not.toContain("Black tea");
  const green = productNamed(open.products, "Green tea");
  expect(await ours(`/products/${green.handle}`, open.rich.id)).toContain(
    "Goes well with it\nTeapot\n£45.00\nMug",
  );
  const shopper = open.visit(open.rich.id);
  for (const title of ["Green tea", "Teapot"]) {
    await shopper.send("/cart/add.js", { id: productNamed(open.products, title).variantIds[0], quantity: 2 });
  }
  const cart = linesOf(await (await shopper.get("/cart")).text());
  expect(cart).toContain("Goes well with it\nMug\n£12.50");
  // 39.98 by 5, 90.00 by two and a half times as many, and 100 for the first order; prices are without the tax that earns.
  expect(cart).toContain("You earn at least 1,424 points with this order");
});

test("the badge is the variant's, with bonus and multiplier", async () => {
  expect(await ours("/products/mug")).toContain(
    "Earn at least 102 points\n40 bonus points\nLog in to collect them.",
  );
  expect(await ours("/products/teapot", open.rich.id)).toContain("Earn at least 562 points\n2.5× points");
  const [, larger] = productNamed(open.products, "Sencha").variantIds;
  const again = await open.visit().get(`/products/sencha?variant=${larger}&section_id=template--1__main`);
  expect(linesOf(await again.text())).toContain("Earn at least 80 points");
});

test("prices in another currency: the rate in the shop's own, and no number that would be wrong", async () => {
  const page = await ours("/products/green-tea", open.rich.id, "PL");
  expect(page).toContain("5 points for every 1 GBP you spend, counted at the day's exchange rate");
  expect(page).not.toMatch(/Earn (at least )?\d/);
});

describe("languages", () => {
  const said: Record<string, string[]> = {
    en: [
      "2 friends have come",
      "12,345",
      "1,200 points expire on January 31, 2027",
      "Because you bought Green tea",
    ],
    pl: [
      "Przyszło 2 znajomych",
      "12 345",
      "62 punkty do wykorzystania od: 24 grudnia 2026",
      "Bo kupujesz: Green tea",
    ],
    ru: [
      "Пришли 2 друга",
      "12 345",
      "62 балла можно потратить с этой даты: 24 декабря 2026 г.",
      "1 200 баллов сгорят",
    ],
    th: ["มีเพื่อนมาแล้ว 2 คน", "12,345", "1,200 คะแนนจะหมดอายุ"],
    ja: ["お友だち2人が来ました", "12,345", "62ポイントは2026年12月24日から使えます"],
    lv: [
      "Atnākuši 2 draugi",
      "12 345",
      "62 punktus varēs izmantot no: 2026. gada 24. decembris",
      "Jo pirkāt: Green tea",
    ],
  };
  test.each(LANGUAGES)("%s", async (language) => {
    const page = (await ours(language === "en" ? "/" : `/${language}`, open.rich.id)).replaceAll(
      "\u00a0",
      " ",
    );
    for (const text of said[language] ?? []) expect(page).toContain(text);
    expect(page).not.toMatch(/\{\{|\[points\]|\[date\]|\[reward\]/);
    if (language !== "en") expect(page).not.toMatch(/Your points|Redeem|Buy again|How it works/);
  });
});

test("merchants' own texts, with their forms, and nothing of them or of names is taken for HTML", async () => {
  const { shop, publish } = open;
  const owner = `gid://shopify/AppInstallation/${shop.id}`;
  publish(owner, {
    texts: [
      "json",
      {
        en: {
          "points.title": "<b>Leaves</b> & more",
          "points.goal.other": "{{ points }} leaves to {{ reward }}",
        },
        pl: {
          "points.next.few": "{{ points }} listki od {{ date }}",
          "points.expiry.other": "{{ points }} listków",
        },
      },
    ],
  });
  const html = await (await open.visit(open.newcomer.id).get("/")).text();
  expect(html).toContain("&lt;b&gt;Leaves&lt;/b&gt; &amp; more");
  expect(linesOf(html)).toContain("500 leaves to £5 off");
  const polish = await ours("/pl", open.rich.id);
  expect(polish).toContain("62 listki od 24 grudnia 2026");
  expect(polish).toContain("1200 listków");
  publish(owner, { texts: ["json", {}] });
});

test("pages hold nothing of anybody but who looks at them", async () => {
  const people = [open.rich, open.newcomer, open.expiring];
  const marksOf = ({ id, firstName, email }: CustomerState) =>
    [String(id), firstName, email].flatMap((mark) => mark || []);
  for (const visitor of [...people, null]) {
    const others = people.filter((each) => each !== visitor).flatMap(marksOf);
    const shopper = open.visit(visitor?.id);
    await shopper.send("/cart/add.js", { id: open.products[0]?.variantIds[0], quantity: 1 });
    for (const address of ["/", "/products/mug", "/cart", "/search?q=tea", "/nope"]) {
      const html = await (await shopper.get(address)).text();
      expect(
        others.filter((mark) => html.split(/[^\w.@-]+/).includes(mark)),
        `${address} as ${visitor?.firstName ?? "a guest"}`,
      ).toEqual([]);
    }
  }
  // Their own points and codes are there.
  expect(await ours("/", open.rich.id)).toContain("TEA23456789A");
});

test("a page brings one stylesheet and no script of ours", async () => {
  for (const address of ["/", "/products/sencha", "/cart", "/search?q=tea", "/nope"]) {
    const html = await (await open.visit(open.rich.id).get(address)).text();
    expect(html.match(/<link[^>]+extensions[^>]+>/g), address).toHaveLength(1);
    expect(html, address).not.toMatch(/<script[^>]+extensions/);
    const listeners = [...html.matchAll(/<script>([^<]*getElementById[^<]*)<\/script>/g)];
    for (const [, script = ""] of listeners) expect(script.replace(/^\s+/gm, "").length).toBeLessThan(1_024);
  }
});

test("a product that is for tiers only says for whom, from when, and how to log in", async () => {
  const tiers = ["silver", "gold"].map((id) => ({ id, name: id === "gold" ? "Gold & Co" : "Silver" }));
  const days = { past: "2020-02-29", soon: "2099-01-05", later: "2099-03-31" };
  const show = (steps: object[], openDay: string | null) =>
    open.publish(`gid://shopify/Product/${productNamed(open.products, "Mug").id}`, {
      access: ["json", JSON.stringify({ v: 1, steps, open: openDay })],
    });
  const member = (tier: object) =>
    open.publish(`gid://shopify/Customer/${open.newcomer.id}`, {
      tier: [
        "json",
        JSON.stringify({ v: 1, until: null, then: null, lastDay: null, amount: 1, goal: null, ...tier }),
      ],
    });
  const gold = tiers.slice(1);
  const page = (customerId?: number) => ours("/products/mug", customerId);
  member({ id: "gold" });
  show([{ from: null, tiers: gold }], null);
  expect(await page()).toContain("Only for members in Gold &amp; Co and above\nLog in to buy it");
  expect(await page(open.rich.id)).toContain("Only for members in Gold &amp; Co and above");
  expect(await page(open.rich.id)).not.toContain("Log in to buy it");
  expect(await page(open.newcomer.id)).toContain("Members only: you can buy it");
  member({ id: "gold", lastDay: days.past, then: "silver" });
  expect(await page(open.newcomer.id)).toContain("Only for members in Gold");

  show(
    [
      { from: days.past, tiers: gold },
      { from: days.soon, tiers },
    ],
    days.later,
  );
  expect(await page(open.newcomer.id)).toContain("You can buy it from January 5, 2099 on.");
  expect(await page()).toContain("You can buy it from March 31, 2099 on.\nLog in to buy it");
  expect(await ours("/pl/products/mug")).toContain("Możesz go kupić od");
  show([{ from: days.soon, tiers }], null);
  expect(await page(open.rich.id)).toContain("Only for members in Silver and above");
  expect(await page(open.rich.id)).not.toContain("You can buy it");
  show([{ from: null, tiers: gold }], days.past);
  expect(await page()).not.toContain("members");
  open.shop.metafields.get(`gid://shopify/Product/${productNamed(open.products, "Mug").id}`)?.clear();
  expect(await page()).not.toContain("members");
});
