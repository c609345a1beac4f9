/** What the page of the storefront says: whether there is a programme to show, and the way to each block's place in the theme. */
import { config } from "../../config.server.ts";
import { editorAddress, STOREFRONT_BLOCKS } from "../../core/storefront/blocks.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { changedTexts } from "../../db/stores/storefront-texts.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { missingPublishingScopes } from "./publishing-scopes.ts";
import { canReadThemes, placedBlocks } from "./placed-blocks.server.ts";

export async function openStorefrontPage(db: Database, shop: Pick<Shop, "id" | "scopes">) {
  const { id: shopId } = shop;
  const { SHOPIFY_API_KEY } = config();
  const mayRead = canReadThemes(shop);
  const changed = await changedTexts(db, shopId);
  return {
    programme: (await findProgramme(db, shopId))?.state ?? null,
    changedTexts: changed.filter(({ forms }) => forms !== null).length,
    isOn: (await findStorefront(db, shopId))?.state === "on",
    missingScopes: missingPublishingScopes(shop),
    mayRead,
    placed: mayRead ? placedBlocks(db, shop) : Promise.resolve([]),
    blocks: STOREFRONT_BLOCKS.map((block) => ({
      ...{ handle: block.handle, template: block.place?.template ?? null },
      address: editorAddress(SHOPIFY_API_KEY, block),
    })),
  };
}
