/** Gift cards with codes, as merchants and apps give them. Completely or not at all. */
import { randomBytes } from "node:crypto";
import { isAmount } from "./checks.ts";
import { emit } from "./events.ts";
import { touch } from "./journal.ts";
import type { GiftCardState, ShopState, World } from "./model.ts";
import { fail, succeed, type Result } from "./result.ts";
import { newId, now, wholeSecond } from "./world.ts";

export interface NewGiftCard {
  code?: string;
  amountMinor: number;
  customerId?: number;
  /** 2027-05-31. */
  expiresOn?: string;
  note?: string;
}

export function createGiftCard(world: World, shop: ShopState, input: NewGiftCard): Result<GiftCardState> {
  const at = now(world);
  const code = (input.code ?? randomBytes(8).toString("hex")).toLowerCase();
  if (!/^[a-z0-9]*$/.test(code))
    return fail("invalid", "Code can only contain letters and numbers", ["code"]);
  if (code.length < 8) return fail("invalid", "Code is too short (minimum is 8 characters)", ["code"]);
  if (code.length > 20) return fail("exceeds", "Code is too long (maximum is 20 characters)", ["code"]);
  if (giftCardByCode(shop, code)) return fail("taken", "Code has already been taken", ["code"]);
  if (!isAmount(input.amountMinor) || input.amountMinor === 0)
    return fail("exceeds", "Initial value must be greater than 0", ["initialAmount"]);
  if (input.customerId !== undefined && !shop.customers.has(input.customerId))
    return fail("not-found", "Customer could not be found", ["customerId"]);
  if (input.expiresOn !== undefined && input.expiresOn < dayOf(at, shop.timeZone))
    return fail("invalid", "Expires on must be in the future", ["expiresOn"]);
  const card: GiftCardState = {
    id: newId(world, "giftCard"),
    code,
    customerId: input.customerId ?? null,
    initialMinor: input.amountMinor,
    balanceMinor: input.amountMinor,
    note: input.note ?? null,
    expiresOn: input.expiresOn ?? null,
    createdAt: wholeSecond(at),
    updatedAt: wholeSecond(at),
    deactivatedAt: null,
  };
  shop.giftCards.set(card.id, card);
  emit(world, shop, at, []);
  return succeed(card);
}

/** For good. */
export function deactivateGiftCard(
  world: World,
  shop: ShopState,
  input: { giftCardId: number },
): Result<GiftCardState> {
  const at = now(world);
  const card = shop.giftCards.get(input.giftCardId);
  if (!card) return fail("not-found", "The gift card could not be found", ["id"]);
  if (card.deactivatedAt === null) {
    card.deactivatedAt = wholeSecond(at);
    touch(card, at);
    emit(world, shop, at, []);
  }
  return succeed(card);
}

export function isExpired({ expiresOn }: GiftCardState, at: number, timeZone: string): boolean {
  return expiresOn !== null && expiresOn < dayOf(at, timeZone);
}

function giftCardByCode(shop: ShopState, code: string): GiftCardState | undefined {
  for (const card of shop.giftCards.values()) if (card.code === code.toLowerCase()) return card;
  return undefined;
}

/** The shop's day, as 2027-05-31. */
function dayOf(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);
}
