/**
 * Answers what a shopper does in the storefront. Each wish is parsed strictly, counted against the limits of its customer and its
 * address, and can be asked twice: a lost answer is asked for again with the same key and changes nothing more.
 */
import { z } from "zod";
import { shopperMessage } from "../../core/storefront/shopper-messages.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { joinProgramme } from "../loyalty/join-programme.server.ts";
import { countAsked } from "./rate-limits.server.ts";
import { giveBack } from "./give-back.server.ts";
import { redeemForShopper } from "./redeem-for-shopper.server.ts";
import { saveBirthday } from "./save-birthday.server.ts";
import type { ShopperOutcome } from "./shopper-outcome.ts";

/** Somebody in a shop's storefront; `null` where a guest asks. */
interface Shopper {
  db: Database;
  shop: Shop;
  customerId: number | null;
  address: string | null;
  body: unknown;
}

interface Answered {
  answer: { ok: boolean; message: string } & Record<string, unknown>;
  status: number;
  headers: Record<string, string>;
}

const locale = z
  .string()
  .regex(/^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$/)
  .default("en");
const key = z.string().regex(/^[\w-]{8,64}$/);
const id = z.string().regex(/^[\w-]{1,64}$/);

const WISHES = {
  redeem: z.strictObject({ reward: id, key, locale }),
  "give-back": z.strictObject({ redemption: id, key, locale }),
  join: z.strictObject({ key, locale }),
  profile: z.strictObject({ birthday: z.string().refine(isDayOfYear), key, locale }),
};

export type ShopperAction = keyof typeof WISHES;

export function isShopperAction(name: string | undefined): name is ShopperAction {
  return name !== undefined && Object.hasOwn(WISHES, name);
}

/** MM-DD, of a leap year, too. */
function isDayOfYear(text: string): boolean {
  if (!/^\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`2000-${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(5, 10) === text;
}

export async function answerShopper(action: ShopperAction, shopper: Shopper): Promise<Answered> {
  const { db, shop, customerId, address } = shopper;
  const language = localeOf(shopper.body);
  const waitMs = await countAsked(db, shop.id, { customerId, address });
  if (waitMs > 0) {
    const seconds = String(Math.ceil(waitMs / 1_000));
    return told(language, { ok: false, reason: "too-often" }, 429, { "Retry-After": seconds });
  }
  if (!WISHES[action].safeParse(shopper.body).success)
    return told(language, { ok: false, reason: "not-understood" }, 400);
  if (customerId === null) return told(language, { ok: false, reason: "log-in" });
  return told(language, await outcomeOf(action, shopper, customerId));
}

async function outcomeOf(
  action: ShopperAction,
  { db, shop, body }: Shopper,
  customerId: number,
): Promise<ShopperOutcome> {
  switch (action) {
    case "redeem":
      return redeemForShopper(db, shop, customerId, WISHES.redeem.parse(body));
    case "give-back":
      return giveBack(db, shop.id, customerId, WISHES["give-back"].parse(body).redemption);
    case "profile":
      return saveBirthday(db, shop.id, customerId, WISHES.profile.parse(body).birthday);
    case "join": {
      const joined = await joinProgramme(db, shop.id, customerId);
      return joined.ok ? { ok: true, message: "joined" } : { ok: false, reason: "no-programme" };
    }
  }
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
  if (!outcome.ok) {
    return {
      answer: { ...outcome, message: shopperMessage(language, outcome.reason) },
      ...{ status, headers },
    };
  }
  const message = shopperMessage(language, outcome.message, outcome.code);
  return { answer: { ...outcome, message }, status, headers };
}
