/**
 * A copy of all that is kept about the customer who asks: what the merchant's file for a data request holds. An extension runs in a worker
 * and can hand no file to anybody, but it can show a link: the answer is an address that is good for some minutes and names nobody.
 */
import { z } from "zod";
import { config } from "../../config.server.ts";
import { isoDate } from "../../core/calendar.ts";
import { seal, unseal } from "../../db/seal.server.ts";
import { sealingKeys } from "../../db/sealing-keys.server.ts";
import { presentCustomers } from "../../db/stores/customers.server.ts";
import { findShopById, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { customerDataFile } from "../privacy/customer-data-file.server.ts";
import { countAsked } from "../storefront/rate-limits.server.ts";

const DAY_MS = 86_400_000;
const GOOD_FOR_MS = 10 * 60_000;
const PURPOSE = "copy of own data";

const ticketSchema = z.strictObject({
  shopId: z.int(),
  customerId: z.int(),
  locale: z.string(),
  until: z.int(),
});

/** Sealed, so that neither logs nor a browser's history learn who it is for, and nobody can make one up. */
export function offerOwnData(
  { id: shopId }: Pick<Shop, "id">,
  customerId: number,
  locale: string,
  now = Date.now(),
) {
  const until = now + GOOD_FOR_MS;
  const ticket: z.infer<typeof ticketSchema> = { shopId, customerId, locale, until };
  const sealed = seal(sealingKeys(), JSON.stringify(ticket), PURPOSE);
  return {
    ok: true as const,
    file: {
      name: nameAt(now),
      address: new URL(`/ui/file?ticket=${sealed}`, config().SHOPIFY_APP_URL).href,
      until: new Date(until).toISOString(),
    },
  };
}

export type OwnData =
  | { ok: true; name: string; json: string }
  /** `not-found`: it was never offered. */
  | { ok: false; reason: "not-found" | "link-over" | "too-often"; locale: string };

export async function copyOwnData(
  db: Database,
  ticketText: string,
  address: string | null,
  now = Date.now(),
): Promise<OwnData> {
  const ticket = ticketFrom(ticketText);
  if (!ticket) return { ok: false, reason: "not-found", locale: "en" };
  const { shopId, customerId, locale, until } = ticket;
  const refused = (reason: "link-over" | "too-often") => ({ ok: false as const, reason, locale });
  if (until < now) return refused("link-over");
  if ((await countAsked(db, shopId, { customerId, address }, "read")) > 0) return refused("too-often");
  const shop = await findShopById(db, shopId);
  if (!shop || shop.uninstalledAt !== null) return refused("link-over");
  const present = await db.write((tx) => presentCustomers(tx, shopId, new Set([customerId])));
  // Erased or merged away since: what there is belongs to nobody, or to another account.
  if (present.has(customerId)) return refused("link-over");
  const json = await customerDataFile(db, shop, { customerId, orderIds: [], requestedAt: now });
  return { ok: true, name: nameAt(now), json };
}

function ticketFrom(text: string): z.infer<typeof ticketSchema> | null {
  try {
    return ticketSchema.parse(JSON.parse(unseal(sealingKeys(), text, PURPOSE)));
  } catch {
    return null;
  }
}

function nameAt(now: number): string {
  return `perennial-${isoDate(Math.floor(now / DAY_MS))}.json`;
}
