/** What a merchant can do about products that are for tiers only: say which, and have carts checked for them. */
import { z } from "zod";
import { ACCESS_BOUNDS, type AccessRule } from "../../core/loyalty/product-access.ts";
import { rankOf } from "../../core/loyalty/tiers.ts";
import { accessRules, removeAccess, saveAccess } from "../../db/stores/product-access.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { publishProductsLater } from "../../db/stores/publications.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { ShopifyError } from "../../shopify/shopify-error.ts";
import { enforce } from "../../shopify/tier-access.server.ts";
import { adminFor } from "../access/admin-access.server.ts";
import { learnScopes } from "../sync/learn-scopes.server.ts";
import { parseAccess, parseProductIds } from "./access-input.server.ts";

const text = z.string().max(50_000);
const wish = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("save-access"), products: text, access: text }),
  z.object({ intent: z.literal("remove-access"), id: z.coerce.number().int().positive() }),
  z.object({ intent: z.literal("enforce-access") }),
  z.object({ intent: z.literal("stop-enforcing") }),
  z.object({ intent: z.literal("scopes-granted") }),
]);

interface Told {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changeAccess(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  form: Record<string, unknown>,
): Promise<Told | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  switch (asked.data.intent) {
    case "save-access": {
      const products = parseProductIds(asked.data.products);
      const access = parseAccess(asked.data.access);
      if (!products || !access) return { ok: false, message: "This makes no sense" };
      return save(db, shopId, products, access);
    }
    case "remove-access":
      return remove(db, shopId, asked.data.id);
    case "enforce-access":
    case "stop-enforcing":
      return switchEnforcing(db, shopId, asked.data.intent === "enforce-access");
    case "scopes-granted":
      return learnScopes(db, shopId);
  }
}

async function save(
  db: Database,
  shopId: number,
  products: readonly number[],
  access: AccessRule,
): Promise<Told> {
  const saved = await db.write(async (tx): Promise<Told> => {
    await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    const tiers = programme?.versions.at(-1)?.rules.tiers;
    if (!tiers || access.steps.some(({ tierId }) => rankOf(tiers, tierId) < 0))
      return { ok: false, message: "One of these tiers is not there any more" };
    const known = new Set((await accessRules(tx, shopId)).map(({ productId }) => productId));
    for (const id of products) known.add(id);
    const { most } = ACCESS_BOUNDS.products;
    if (known.size > most) return { ok: false, message: `At most ${most} products can be for tiers only` };
    for (const productId of products) await saveAccess(tx, shopId, { productId, ...access });
    await publishProductsLater(tx, shopId, products);
    failpoint("change-access:before-commit");
    return { ok: true, message: "It is saved, and will hold in a moment" };
  });
  failpoint("change-access:after-commit");
  return saved;
}

async function remove(db: Database, shopId: number, productId: number): Promise<Told> {
  const isRemoved = await db.write(async (tx) => {
    await lockShop(tx, shopId);
    const removed = await removeAccess(tx, shopId, productId);
    await publishProductsLater(tx, shopId, [productId]);
    failpoint("change-access:before-remove-commit");
    return removed;
  });
  failpoint("change-access:after-remove-commit");
  return isRemoved
    ? { ok: true, message: "Everybody may buy it" }
    : { ok: false, message: "It is not there any more" };
}

const REFUSALS: Readonly<Record<string, string>> = {
  FUNCTION_NOT_FOUND: "The app was installed without the function that checks carts",
  CUSTOM_APP_FUNCTION_NOT_ELIGIBLE: "Shopify checks carts for custom apps on Shopify Plus only",
  MAX_VALIDATIONS_ACTIVATED: "Shopify checks carts by 25 rules at most: switch another one off first",
};

async function switchEnforcing(db: Database, shopId: number, enable: boolean): Promise<Told> {
  try {
    const enforced = await enforce(await adminFor(db, shopId, { priority: "interactive" }), enable);
    if (!enforced.ok) {
      const said = enforced.codes.map((code) => REFUSALS[code]).find((each) => each !== undefined);
      return { ok: false, message: said ?? `Shopify refused it: ${enforced.codes.join(", ")}` };
    }
    return { ok: true, message: enable ? "Carts are checked from now on" : "Carts are not checked any more" };
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    const isRefused = error.codes.includes("ACCESS_DENIED");
    return {
      ok: false,
      message: isRefused ? "Shopify has to allow it first" : "Shopify could not be asked. Try again.",
    };
  }
}
