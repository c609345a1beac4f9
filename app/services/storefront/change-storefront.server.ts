/** What a merchant asks on the page of the storefront: to show it or not, and to have read anew what Shopify allows. */
import { z } from "zod";
import { enqueue } from "../../db/stores/jobs.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { refreshShop } from "../sync/refresh-shop.server.ts";
import { republishJob } from "./republish-shop.server.ts";
import { switchStorefront } from "./switch-storefront.server.ts";

const wish = z.object({ intent: z.enum(["show", "hide", "republish", "scopes-granted"]) });

interface Told {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changeStorefront(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  form: Record<string, unknown>,
): Promise<Told | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const { intent } = asked.data;
  if (intent === "scopes-granted") return learnScopes(db, shopId);
  if (intent === "republish") return republish(db, shopId);
  const switched = await switchStorefront(db, shopId, intent === "show");
  if (!switched.ok) return { ok: false, message: "Shopify has to allow it first. Nothing has changed." };
  return {
    ok: true,
    message: switched.state === "on" ? "Shoppers will see it in a moment" : "Nothing is shown any more",
  };
}

async function republish(db: Database, shopId: number): Promise<Told> {
  await db.write(async (tx) => {
    await enqueue(tx, republishJob(shopId, Date.now()));
    failpoint("change-storefront:before-commit");
  });
  failpoint("change-storefront:after-commit");
  return { ok: true, message: "All of it is looked through" };
}

async function learnScopes(db: Database, shopId: number): Promise<Told> {
  try {
    await refreshShop(db, shopId);
    return { ok: true, message: "Shopify was asked" };
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    return { ok: false, message: "Shopify could not be asked. Try again." };
  }
}
