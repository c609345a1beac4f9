/**
 * Answers what a shopper does: in the storefront through the shop's app proxy, in checkout and account through extensions. Each wish is
 * parsed strictly, counted against the limits of its customer and its address, and can be asked twice: a lost answer is asked for again
 * with the same key and changes nothing more.
 */
import { z } from "zod";
import { shopperMessage } from "../../core/storefront/shopper-messages.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { offerOwnData } from "../account/copy-own-data.server.ts";
import { deleteOwnData } from "../account/delete-own-data.server.ts";
import { tellStatement } from "../account/tell-statement.server.ts";
import { tellAccount } from "../account/tell-account.server.ts";
import { answerSurvey } from "../checkout/answer-survey.server.ts";
import { holdReward } from "../checkout/hold-reward.server.ts";
import { releaseHold } from "../checkout/release-hold.server.ts";
import { tellOrder } from "../checkout/tell-order.server.ts";
import { touchHold } from "../checkout/touch-hold.server.ts";
import { joinProgramme } from "../loyalty/join-programme.server.ts";
import { followForShopper } from "./follow-for-shopper.server.ts";
import { countAsked, type Asked } from "./rate-limits.server.ts";
import { giveBack } from "./give-back.server.ts";
import { redeemForShopper } from "./redeem-for-shopper.server.ts";
import { takeInvitation } from "./take-invitation.server.ts";
import { saveBirthday } from "./save-birthday.server.ts";
import type { ShopperOutcome } from "./shopper-outcome.ts";

/** Somebody in a shop; `null` where a guest asks. */
interface Shopper {
  db: Database;
  shop: Shop;
  customerId: number | null;
  address: string | null;
  body: unknown;
}

/** Somebody who is logged in. */
interface Customer extends Shopper {
  customerId: number;
}

interface Answered {
  answer: object;
  status: number;
  headers: Record<string, string>;
}

const MOST_LINES = 50;

export interface ShopperAction {
  /** Against which limits it counts. */
  asked: Asked;
  /** `null`: not understood. */
  read: (body: unknown) => ((customer: Customer) => Promise<ShopperOutcome>) | null;
}

function action<Schema extends z.ZodType>(
  schema: Schema,
  answer: (customer: Customer, wish: z.infer<Schema>) => Promise<ShopperOutcome> | ShopperOutcome,
): ShopperAction {
  return {
    asked: "act",
    read: (body) => {
      const { success, data } = schema.safeParse(body);
      return success ? async (customer) => answer(customer, data) : null;
    },
  };
}

/** Changes nothing, whoever asks how often. */
const reading: typeof action = (schema, answer) => ({ ...action(schema, answer), asked: "read" });

const locale = z
  .string()
  .regex(/^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$/)
  .default("en");
const key = z.string().regex(/^[\w-]{8,64}$/);
const id = z.string().regex(/^[\w-]{1,64}$/);
const order = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number)
  .or(z.int().positive());
const mark = (least: number, most: number) => z.int().min(least).max(most).nullable().default(null);
/** Where asking twice changes nothing by itself, a key is not needed. */
const asked = { key: key.optional(), locale };

/** At the shop's app proxy. */
export const PROXY_ACTIONS: Readonly<Record<string, ShopperAction>> = {
  redeem: action(z.strictObject({ reward: id, key, locale }), ({ db, shop, customerId }, wish) =>
    redeemForShopper(db, shop, customerId, wish),
  ),
  "give-back": action(z.strictObject({ redemption: id, ...asked }), ({ db, shop, customerId }, wish) =>
    giveBack(db, shop.id, customerId, wish.redemption),
  ),
  join: action(z.strictObject(asked), join),
  follow: action(z.strictObject({ activity: id, ...asked }), ({ db, shop, customerId }, wish) =>
    followForShopper(db, shop.id, customerId, wish.activity),
  ),
  refer: action(
    z.strictObject({ code: z.string().min(1).max(40), ...asked }),
    ({ db, shop, customerId }, wish) => takeInvitation(db, shop.id, customerId, wish.code),
  ),
  profile: action(
    z.strictObject({ birthday: z.string().refine(isDayOfYear), ...asked }),
    ({ db, shop, customerId }, wish) => saveBirthday(db, shop.id, customerId, wish.birthday),
  ),
};

/** Of extensions in checkout, on the pages after it, and in the customer's account. */
export const UI_ACTIONS: Readonly<Record<string, ShopperAction>> = {
  ...PROXY_ACTIONS,
  hold: action(
    z.strictObject({ reward: id, currency: z.string().regex(/^[A-Z]{3}$/), key, locale }),
    ({ db, shop, customerId }, wish) => holdReward(db, shop, customerId, wish),
  ),
  touch: action(z.strictObject({ redemption: id, ...asked }), ({ db, shop, customerId }, wish) =>
    touchHold(db, shop.id, customerId, wish.redemption),
  ),
  release: action(z.strictObject({ redemption: id, ...asked }), ({ db, shop, customerId }, wish) =>
    releaseHold(db, shop.id, customerId, wish.redemption),
  ),
  survey: action(
    z
      .strictObject({ order, quality: mark(1, 5), delivery: mark(1, 5), recommend: mark(0, 10), ...asked })
      .refine(({ quality, delivery, recommend }) => (quality ?? delivery ?? recommend) !== null),
    ({ db, shop, customerId }, wish) => answerSurvey(db, shop, customerId, wish),
  ),
  order: reading(z.strictObject({ order, ...asked }), ({ db, shop, customerId }, wish) =>
    tellOrder(db, shop.id, customerId, wish.order),
  ),
  account: reading(z.strictObject(asked), ({ db, shop, customerId }) => tellAccount(db, shop, customerId)),
  statement: reading(
    z.strictObject({
      before: z.string().max(120).optional(),
      most: z.int().min(1).max(MOST_LINES).optional(),
      ...asked,
    }),
    ({ db, shop, customerId }, wish) => tellStatement(db, shop, customerId, wish),
  ),
  data: action(
    z.strictObject({ what: z.enum(["copy", "delete"]), confirm: z.boolean().optional(), ...asked }),
    ({ db, shop, customerId }, { what, confirm = false, locale: language }) =>
      what === "copy"
        ? offerOwnData(shop, customerId, language)
        : deleteOwnData(db, shop, customerId, { isConfirmed: confirm }),
  ),
};

async function join({ db, shop, customerId }: Customer): Promise<ShopperOutcome> {
  const joined = await joinProgramme(db, shop.id, customerId, { isOwnWish: true });
  return joined.ok ? { ok: true, message: "joined" } : { ok: false, reason: "no-programme" };
}

/** MM-DD, of a leap year, too. */
function isDayOfYear(text: string): boolean {
  if (!/^\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`2000-${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(5, 10) === text;
}

export function actionNamed(
  actions: Readonly<Record<string, ShopperAction>>,
  name: string | undefined,
): ShopperAction | null {
  return name !== undefined && Object.hasOwn(actions, name) ? (actions[name] ?? null) : null;
}

export async function answerShopper(doAction: ShopperAction, shopper: Shopper): Promise<Answered> {
  const { db, shop, customerId, address, body } = shopper;
  const language = localeOf(body);
  const waitMs = await countAsked(db, shop.id, { customerId, address }, doAction.asked);
  if (waitMs > 0) {
    const seconds = String(Math.ceil(waitMs / 1_000));
    return told(language, { ok: false, reason: "too-often" }, 429, { "Retry-After": seconds });
  }
  const answer = doAction.read(body);
  if (!answer) return told(language, { ok: false, reason: "not-understood" }, 400);
  if (customerId === null) return told(language, { ok: false, reason: "log-in" });
  return told(language, await answer({ ...shopper, customerId }));
}

/** Of what may be wrong in all else. */
function localeOf(body: unknown): string {
  return z.object({ locale }).safeParse(body).data?.locale ?? "en";
}

function told(
  language: string,
  outcome: ShopperOutcome,
  status = 200,
  headers: Record<string, string> = {},
): Answered {
  const spoken = outcome.ok ? outcome.message : outcome.reason;
  if (spoken === undefined) return { answer: outcome, status, headers };
  const code = outcome.ok ? (outcome.code ?? "") : "";
  return { answer: { ...outcome, message: shopperMessage(language, spoken, code) }, status, headers };
}
