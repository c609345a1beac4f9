/** A storefront with a programme and everything that the app publishes, and all blocks of the theme extension in both themes. */
import { compileRuleTable } from "../../app/core/loyalty/rule-table.ts";
import * as actions from "../../devstore/state/actions.ts";
import type { CustomerState, ProductState } from "../../devstore/state/model.ts";
import { setMetafields } from "../../devstore/state/shop-actions.ts";
import { makeRules } from "./loyalty-rules.ts";
import { value } from "./open-shop.ts";
import { openStorefront, type OpenStorefront } from "./open-storefront.ts";

/** As the local Shopify counts its apps. */
const APP_NAMESPACE = "app--1000001";

export const REWARDS = [
  { id: "five-off", kind: "amount-off", cost: 500, name: "£5 off", valueMinor: 500, minimumMinor: 2_000 },
  { id: "free-shipping", kind: "free-shipping", cost: 800, name: "Free shipping", minimumMinor: null },
  { id: "gift-card", kind: "gift-card", cost: 2_000, name: "£25 gift card", valueMinor: 2_500 },
];

export interface DressedStorefront extends OpenStorefront {
  newcomer: CustomerState;
  rich: CustomerState;
  expiring: CustomerState;
  soldOut: ProductState;
  /** Metafields of the app's own, as it publishes them. */
  publish: (ownerId: string, values: Record<string, Published>) => void;
}

type Published = readonly [type: string, value: unknown];

const json = (content: unknown): Published => ["json", content];
const whole = (content: number): Published => ["number_integer", content];
const references = (products: readonly ProductState[]): Published => [
  "list.product_reference",
  products.map(({ id }) => `gid://shopify/Product/${id}`),
];

export async function openDressedStorefront({ blocks = true } = {}): Promise<DressedStorefront> {
  const storefront = await openStorefront();
  const { world, shop, products, customer: rich } = storefront;
  const member = (firstName: string) =>
    value(
      actions.createCustomer(world, shop, {
        firstName,
        email: `${firstName}@shop.example`,
        state: "ENABLED",
      }),
    );
  const [newcomer, expiring] = [member("Nela"), member("Edgars")];
  const soldOut = productNamed(products, "Black tea");
  for (const variantId of soldOut.variantIds)
    value(actions.setSoldOut(world, shop, { variantId, soldOut: true }));
  const publish: DressedStorefront["publish"] = (ownerId, values) => {
    const isAppData = ownerId.includes("AppInstallation");
    const inputs = Object.entries(values).map(([key, [type, content]]) => ({
      ...{ ownerId, key, type, namespace: isAppData ? "perennial" : APP_NAMESPACE },
      value: typeof content === "string" ? content : JSON.stringify(content),
    }));
    value(setMetafields(world, shop, inputs));
  };
  const dressed = { ...storefront, newcomer, rich, expiring, soldOut, publish };
  publishProgramme(dressed);
  publishMembers(dressed);
  if (blocks) for (const theme of ["light", "dark"] as const) placeBlocks(dressed, theme);
  return dressed;
}

export function productNamed(products: readonly ProductState[], title: string): ProductState {
  const product = products.find((each) => each.title === title);
  if (!product) throw new Error(`no product ${title}`);
  return product;
}

function publishProgramme({ shop, products, publish }: DressedStorefront): void {
  const rules = makeRules({
    base: { points: 5, perMinor: 100 },
    includeTax: true,
    firstOrderPoints: 100,
    multipliers: [{ match: { productIds: [productNamed(products, "Teapot").id] }, factorPercent: 250 }],
    bonusProducts: [{ productId: productNamed(products, "Mug").id, points: 40 }],
  });
  const compiled = compileRuleTable(rules, "GBP", Date.now());
  if (!compiled.ok) throw new Error(compiled.reason);
  const programme = {
    ...{ v: 1, active: true, windowDays: 14, expiryMonths: 12, currency: "GBP", rewards: REWARDS },
    referral: { points: 500, friend: 250, reward: null, minimumMinor: 2_000, landing: "/collections/all" },
  };
  publish(`gid://shopify/AppInstallation/${shop.id}`, {
    programme: json(programme),
    rules: json(compiled.table),
    popular: references(products.filter(({ isGiftCard }) => !isGiftCard)),
  });
}

function publishMembers({ products, newcomer, rich, expiring, publish }: DressedStorefront): void {
  const named = (title: string) => productNamed(products, title);
  const membership = {
    v: 1,
    member: true,
    debt: 0,
    next: null,
    expiry: null,
    within: [],
    goal: null,
    codes: [],
  };
  const goal = { reward: "five-off", missing: 500 };
  publish(`gid://shopify/Customer/${newcomer.id}`, {
    points: whole(0),
    membership: json({ ...membership, goal }),
  });
  publish(`gid://shopify/Customer/${expiring.id}`, {
    points: whole(121),
    membership: json({
      ...{ ...membership, goal: { reward: "five-off", missing: 379 } },
      expiry: { points: 121, on: "2026-12-31" },
    }),
  });
  publish(`gid://shopify/Customer/${rich.id}`, {
    points: whole(12_345),
    pending: whole(62),
    membership: json({
      referral: { code: "0A1B2C3D4", came: 2, waiting: 1, points: 1_000 },
      ...{ ...membership, within: ["five-off", "free-shipping", "gift-card"] },
      next: { points: 62, on: "2026-12-24" },
      expiry: { points: 1_200, on: "2027-01-31" },
      codes: [
        { id: "17", reward: "five-off", code: "TEA23456789A", until: "2027-02-28" },
        { id: "18", reward: "gift-card", code: "…89AB", until: "2027-03-31" },
      ],
    }),
    buy_again: references([named("Black tea"), named("Green tea"), named("Mug")]),
    for_you: references([named("Teapot"), named("Black tea"), named("Sencha"), named("Mug")]),
    new_for_you: references([named("Sencha")]),
    because: json({ [named("Teapot").id]: String(named("Green tea").id) }),
    because_products: references([named("Green tea")]),
    birthday: ["single_line_text_field", "04-09"],
  });
  publish(`gid://shopify/Product/${named("Green tea").id}`, {
    goes_with: references([named("Black tea"), named("Teapot"), named("Mug")]),
  });
}

function placeBlocks(open: DressedStorefront, theme: "dark" | "light"): void {
  open.useTheme(theme);
  for (const handle of ["points", "rewards", "how-it-works", "profile", "referral"])
    open.addBlock("index", handle, {}, "newAppsSection");
  for (const list of ["buy-again", "for-you", "new-for-you"])
    open.addBlock("index", "recommendations", { list }, "newAppsSection");
  open.addBlock("product", "earn-badge");
  open.addBlock("product", "tier-only");
  open.addBlock("product", "recommendations", { list: "goes-with", columns: 3 }, "newAppsSection");
  open.addBlock("cart", "cart-points");
  open.addBlock("cart", "rewards", {}, "newAppsSection");
  open.addBlock("cart", "recommendations", { list: "goes-with" }, "newAppsSection");
  for (const template of ["search", "404"])
    open.addBlock(template, "recommendations", { list: "popular" }, "newAppsSection");
  open.addEmbed("launcher", { place: theme === "light" ? "start" : "end" });
}
