/** Which products of a cart its buyer may not have, from the products' own metafields and the buyer's tier alone. */
import { accessOn, readAccess, readTierOn } from "../../../app/core/loyalty/product-access.ts";
import { refusalIn } from "./messages.ts";

/** What cart_validations_generate_run.graphql asks for. */
export interface RunInput {
  buyerJourney: { step?: "CART_INTERACTION" | "CHECKOUT_INTERACTION" | "CHECKOUT_COMPLETION" | null };
  localization: { language: { isoCode: string } };
  shop: { localTime: { date: string } };
  cart: {
    buyerIdentity?: {
      isAuthenticated: boolean;
      customer?: { metafield?: { jsonValue: unknown } | null } | null;
    } | null;
    lines: readonly { merchandise: Merchandise }[];
  };
}

interface Merchandise {
  __typename: string;
  product?: { id: string; title: string; metafield?: { jsonValue: unknown } | null };
}

export interface RunResult {
  operations: { validationAdd: { errors: { message: string; target: string }[] } }[];
}

export function cartValidationsGenerateRun(input: RunInput): RunResult {
  const { cart, shop, localization, buyerJourney } = input;
  // Whoever types a member's e-mail address is not that member.
  const isGuest = cart.buyerIdentity?.isAuthenticated !== true;
  // They may still log in, and are asked to where it matters.
  if (isGuest && buyerJourney.step === "CART_INTERACTION") return { operations: [] };
  const today = shop.localTime.date;
  const tierId = isGuest ? null : readTierOn(cart.buyerIdentity?.customer?.metafield?.jsonValue, today);
  const products = new Map(
    cart.lines.flatMap(({ merchandise: { product } }) => (product ? [[product.id, product]] : [])),
  );
  const errors = [...products.values()].flatMap(({ title, metafield }) => {
    // What cannot be read shuts nobody out: a shop that sells is worth more than a rule that is broken.
    const access = readAccess(metafield?.jsonValue);
    const verdict = access ? accessOn(access, tierId, today) : ({ ok: true } as const);
    if (verdict.ok) return [];
    const { tierName: tier, from } = verdict;
    const message = refusalIn(localization.language.isoCode, { product: title, tier, isGuest, from });
    return [{ message, target: "$.cart" }];
  });
  return { operations: errors.length > 0 ? [{ validationAdd: { errors } }] : [] };
}
