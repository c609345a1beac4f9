/**
 * A reward held for this checkout: reserved by the backend, applied as a code, and let go of when it is not used. What is on its way is
 * written down before it is asked for, so that a page that is loaded again goes on where this one stopped, and asks with the same key.
 */
import { signal } from "@preact/signals";
import { isSilent, type Answer } from "../../shared/ask.ts";
import { refusalOf, type RefusedCart, type Refusal } from "./refusal.ts";

interface HoldRecord {
  key: string;
  reward: string;
  phase: "asked" | "held" | "applied" | "releasing";
  redemption: string | null;
  code: string | null;
  /** Points. */
  spent: number | null;
  /** When it ends by itself, as an ISO time. */
  until: string | null;
}

export type HoldView =
  /** It is not known yet whether there is one. */
  | { phase: "looking" }
  | { phase: "none" }
  | { phase: "asking" | "making" | "applying" | "releasing"; reward: string }
  /** The backend has not answered: there may be one. */
  | { phase: "unsure"; reward: string }
  | { phase: "applied"; reward: string; spent: number | null; until: string | null }
  /** The backend has not answered to letting it go: it ends by itself. */
  | { phase: "ending"; until: string | null };

export interface Notice {
  kind: "refused" | "said" | "removed" | "forgotten" | "cannot-remove";
  why?: Refusal;
  reward?: string;
  /** The backend's own words. */
  message?: string;
  /** What became of the points. */
  points?: { returned: number | null } | "on-their-way";
}

/** The part of checkout's API that a hold needs. */
export interface HoldSurroundings {
  /** Of this checkout. */
  storageName: string;
  storage: {
    read<T>(key: string): Promise<T | null>;
    write(key: string, value: unknown): Promise<void>;
    delete(key: string): Promise<void>;
  };
  ask<Facts>(action: string, body: Readonly<Record<string, unknown>>): Promise<Answer<Facts>>;
  currency(): string;
  codes(): readonly string[];
  cart(reward: string): RefusedCart;
  change(
    type: "addDiscountCode" | "removeDiscountCode",
    code: string,
  ): Promise<{ type: string; message?: string }>;
  /** One of the customer's own codes that is on the checkout, where nothing is written down here. */
  known(): Pick<HoldRecord, "redemption" | "reward" | "code"> | null;
}

interface HoldFacts {
  redemption: string;
  code: string | null;
  points: number;
  spent: number;
  until: string;
}

const RETRY_MS = 1_500;
/** Shopify takes seconds to make a code. */
const MAKING_MS = 2_000;
const MOST_QUESTIONS = 8;
/** A change of Shopify's own field takes the code out and in again. */
const SETTLE_MS = 2_000;
const RELEASE_WAITS_MS = [0, 2_000, 5_000];
const TOUCH_GAP_MS = 60_000;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function createHold(around: HoldSurroundings) {
  const view = signal<HoldView>({ phase: "looking" });
  const notice = signal<Notice | null>(null);
  /** What can be spent, as the backend said last; `null`: the metafield is all that is known. */
  const points = signal<number | null>(null);
  let record: HoldRecord | null = null;
  let touchedAt = 0;

  async function save(next: HoldRecord): Promise<HoldRecord> {
    record = next;
    await around.storage.write(around.storageName, next).catch(() => undefined);
    return next;
  }

  async function forget(): Promise<void> {
    record = null;
    view.value = { phase: "none" };
    await around.storage.delete(around.storageName).catch(() => undefined);
  }

  const isOn = (code: string) => around.codes().some((one) => one.toLowerCase() === code.toLowerCase());

  /** What an earlier page left. */
  async function resume(): Promise<void> {
    const stored = await around.storage.read<HoldRecord>(around.storageName).catch(() => null);
    const known = stored ? null : around.known();
    if (known) record = { ...known, key: "", phase: "applied", spent: null, until: null };
    else record = stored;
    if (!record) {
      view.value = { phase: "none" };
      return;
    }
    await goOn(record);
  }

  async function goOn(from: HoldRecord): Promise<void> {
    if (from.phase === "asked") return reserve(from);
    if (from.phase === "held") return put(from);
    if (from.phase === "releasing") return release(from, { kind: "removed" });
    if (from.code !== null && !isOn(from.code)) return release(from, { kind: "removed" });
    shown(from);
    await touch();
  }

  async function apply(reward: string): Promise<void> {
    if (view.value.phase !== "none") return;
    notice.value = null;
    view.value = { phase: "asking", reward };
    const key = crypto.randomUUID();
    await reserve(
      await save({ key, reward, phase: "asked", redemption: null, code: null, spent: null, until: null }),
    );
  }

  async function reserve(asked: HoldRecord): Promise<void> {
    const { reward, key } = asked;
    view.value = { phase: "asking", reward };
    for (let question = 1; question <= MOST_QUESTIONS; question += 1) {
      const answer = await around.ask<HoldFacts>("hold", { reward, key, currency: around.currency() });
      if (isSilent(answer) && question < 2) {
        await wait(RETRY_MS);
        continue;
      }
      if (isSilent(answer)) break;
      if (!answer.ok) {
        await forget();
        notice.value = { kind: "said", ...(answer.message !== undefined && { message: answer.message }) };
        return;
      }
      const { redemption, code, spent, until } = answer as HoldFacts;
      points.value = (answer as HoldFacts).points;
      if (code !== null) return put(await save({ ...asked, phase: "held", redemption, code, spent, until }));
      await save({ ...asked, redemption, spent, until });
      view.value = { phase: "making", reward };
      await wait(MAKING_MS);
    }
    view.value = { phase: "unsure", reward };
  }

  async function put(held: HoldRecord): Promise<void> {
    const { reward, code } = held;
    if (code === null) return;
    view.value = { phase: "applying", reward };
    const cart = around.cart(reward);
    const result = isOn(code) ? { type: "success" } : await changed("addDiscountCode", code);
    if (result.type === "success" && isOn(code)) {
      shown(await save({ ...held, phase: "applied" }));
      return;
    }
    const why = refusalOf(result.message ?? "", cart);
    await release(held, { kind: "refused", why, reward });
  }

  async function changed(type: "addDiscountCode" | "removeDiscountCode", code: string) {
    try {
      return await around.change(type, code);
    } catch {
      return { type: "error", message: "" };
    }
  }

  function shown({ reward, spent, until }: HoldRecord): void {
    view.value = { phase: "applied", reward, spent, until };
  }

  /** The points go back: at once, or in a moment, or by themselves when the hold ends. */
  async function release(held: HoldRecord, told: Notice): Promise<void> {
    const { reward, redemption, until, spent } = held;
    view.value = { phase: "releasing", reward };
    await save({ ...held, phase: "releasing" });
    notice.value = told;
    for (const waitMs of RELEASE_WAITS_MS) {
      await wait(waitMs);
      const answer = await around.ask<{ points: number; pending?: boolean }>("release", { redemption });
      if (isSilent(answer)) continue;
      await forget();
      if (!answer.ok || !("points" in answer)) return;
      points.value = answer.points;
      notice.value = {
        ...told,
        points: answer.pending === true ? "on-their-way" : { returned: spent },
      };
      return;
    }
    view.value = { phase: "ending", until };
  }

  async function remove(): Promise<void> {
    const held = record;
    if (view.value.phase !== "applied" || !held?.code) return;
    notice.value = null;
    view.value = { phase: "releasing", reward: held.reward };
    const result = isOn(held.code) ? await changed("removeDiscountCode", held.code) : { type: "success" };
    if (result.type === "success") return release(held, { kind: "removed" });
    shown(held);
    notice.value = { kind: "cannot-remove" };
  }

  /** After silence. */
  async function retry(): Promise<void> {
    if (record) await goOn(record);
  }

  /** Whether there is a hold is not known: what may be there ends by itself. */
  async function giveUp(): Promise<void> {
    if (!record || view.value.phase !== "unsure") return;
    if (record.redemption !== null) return release(record, { kind: "removed" });
    await forget();
    notice.value = { kind: "forgotten" };
  }

  /** The checkout's codes have changed, maybe in Shopify's own field. */
  async function noticeCodes(): Promise<void> {
    const isGone = () => view.value.phase === "applied" && record?.code && !isOn(record.code);
    if (!isGone()) return;
    await wait(SETTLE_MS);
    if (isGone() && record) await release(record, { kind: "removed" });
  }

  /** The checkout is still open. */
  async function touch(): Promise<void> {
    const held = record;
    const now = Date.now();
    if (view.value.phase !== "applied" || !held?.redemption || now - touchedAt < TOUCH_GAP_MS) return;
    touchedAt = now;
    const answer = await around.ask<{ until: string }>("touch", { redemption: held.redemption });
    if (isSilent(answer) || record !== held || view.value.phase !== "applied") return;
    if (answer.ok) {
      shown(await save({ ...held, until: (answer as { until: string }).until }));
      return;
    }
    // A code of the customer's own, which no checkout holds, stays as good as it was.
    if (held.key === "" || held.code === null) return;
    await changed("removeDiscountCode", held.code);
    await release(held, { kind: "removed" });
  }

  return { view, notice, points, resume, apply, remove, retry, giveUp, noticeCodes, touch };
}

export type Hold = ReturnType<typeof createHold>;
