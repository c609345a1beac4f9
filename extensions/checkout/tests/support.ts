/** A shopper's checkout and the backend behind it, for component tests. */
import { render } from "preact";
import { afterEach, beforeEach, expect, onTestFinished, vi } from "vitest";
import { compileRuleTable } from "../../../app/core/loyalty/rule-table.ts";
import type { EarningRules } from "../../../app/core/loyalty/programme.ts";
import { openExtension, type Shopper } from "../../testing/open-extension.ts";
import type { AnyExtensionTarget } from "@shopify/ui-extensions-tester";

const FOLDER = "extensions/checkout";
const API = "https://app.example/ui";

const RULES: EarningRules = {
  base: { points: 1, perMinor: 100 },
  basis: "after-discounts",
  includeTax: false,
  includeShipping: false,
  rounding: "down",
  isAccruing: true,
  multipliers: [],
  events: [],
  bonusProducts: [],
  firstOrderPoints: 0,
  returnSpent: "in-proportion",
  windowDays: 14,
  expiryMonths: null,
};

export function tableOf(more: Partial<EarningRules> = {}, currency = "EUR") {
  const compiled = compileRuleTable({ ...RULES, ...more }, currency, 0);
  if (!compiled.ok) throw new Error(compiled.reason);
  return compiled.table;
}

const five = { id: "five", kind: "amount-off", cost: 100, name: "Five off", valueMinor: 500, percent: null };
const tenth = { id: "tenth", kind: "percentage", cost: 300, name: "A tenth", valueMinor: null, percent: 10 };
const card = { id: "card", kind: "gift-card", cost: 50, name: "Gift card", valueMinor: 200, percent: null };

const programme = (more: object = {}) => ({
  ...{ v: 1, api: API, name: null, state: "on", currency: "EUR", rules: tableOf() },
  rewards: [
    { ...five, minimumMinor: 2_000 },
    { ...tenth, minimumMinor: null },
    { ...card, minimumMinor: null },
  ],
  ...{ holdMinutes: 60, survey: { points: 20 }, texts: {} },
  ...more,
});

type Metafields = NonNullable<Shopper["metafields"]>;

export const shopField = (more: object = {}): Metafields[number] => ({
  ...{ owner: "shop", key: "ui", type: "json" },
  value: JSON.stringify(programme(more)),
});

/** A member with so many points; `undefined`: a guest, or no member. */
export function fields(points: number | undefined, more: object = {}, membership: object = {}): Metafields {
  if (points === undefined) return [shopField(more)];
  return [
    shopField(more),
    { owner: "customer", key: "points", type: "number_integer", value: String(points) },
    { owner: "customer", key: "pending", type: "number_integer", value: "0" },
    {
      ...{ owner: "customer", key: "membership", type: "json" },
      value: JSON.stringify({ v: 1, member: true, debt: 0, codes: [], ...membership }),
    },
  ];
}

/** Time passes when a test says so. What Preact still has to draw is drawn before the next test, or it would wait for ever. */
export function madeUpTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse("2027-01-01T11:00:00Z") });
  });
  afterEach(async () => {
    render(null, document.body);
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
  });
}

/** The harness takes the network away when it sets an extension up; the backend comes after it. */
let network: typeof fetch | null = null;

export function open<T extends AnyExtensionTarget>(target: T, shopper: Shopper) {
  render(null, document.body);
  const extension = openExtension(target, FOLDER, { currency: "EUR", country: "DE", ...shopper });
  if (network) vi.stubGlobal("fetch", network);
  return extension;
}

export interface Question {
  action: string;
  body: Record<string, unknown>;
}

/** What the backend answers to each question; a number is a status, "silence" never comes. */
export type Answers = (question: Question, count: number) => object | number | "silence" | "down";

/** Takes the place of the network; tells what was asked. */
export function backend(answers: Answers): Question[] {
  const asked: Question[] = [];
  network = (async (url: string, init: RequestInit) => {
    const question = {
      action: url.slice(API.length + 1),
      body: JSON.parse(init.body as string) as Record<string, unknown>,
    };
    asked.push(question);
    const count = asked.filter(({ action }) => action === question.action).length;
    const answer = answers(question, count);
    if (answer === "down") throw new TypeError("Failed to fetch");
    if (answer === "silence")
      return new Promise((_, reject) =>
        init.signal?.addEventListener("abort", () => reject(new DOMException("gone", "AbortError"))),
      );
    if (typeof answer === "number") return Response.json({}, { status: answer });
    return Response.json(answer);
  }) as typeof fetch;
  vi.stubGlobal("fetch", network);
  onTestFinished(() => {
    network = null;
    vi.unstubAllGlobals();
  });
  return asked;
}

/** Lets made-up time pass until the shopper is told so. */
export async function says(extension: { text(): string }, text: string): Promise<void> {
  for (let waited = 0; waited < 60_000 && !extension.text().includes(text); waited += 100)
    await vi.advanceTimersByTimeAsync(100);
  expect(extension.text()).toContain(text);
}

/** Presses the button that says so. */
export function press(label: string): void {
  const buttons = [...document.body.querySelectorAll("s-button")];
  const found = buttons.find((each) => each.textContent === label);
  if (!found)
    throw new Error(`no button “${label}” among ${buttons.map((each) => each.textContent).join(", ")}`);
  found.dispatchEvent(new Event("click"));
}
