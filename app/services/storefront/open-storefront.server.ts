/** What the page of the storefront says: whether there is a programme to show, and the way to each block's place in the theme. */
import { config } from "../../config.server.ts";
import { editorAddress, STOREFRONT_BLOCKS } from "../../core/storefront/blocks.ts";
import { findBulkPublication } from "../../db/stores/bulk-publications.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { countPublications } from "../../db/stores/publications.server.ts";
import { changedTexts } from "../../db/stores/storefront-texts.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { compiledRules } from "./compiled-rules.server.ts";
import { missingPublishingScopes } from "./publishing-scopes.ts";
import { canReadThemes, placedBlocks } from "./placed-blocks.server.ts";

/** What of the shop waits to be published, and how far the bulk operations are that write many customers. */
interface Publishing {
  customers: number;
  products: number;
  bulk: {
    isRunning: boolean;
    done: number;
    total: number;
    written: number;
    leftOver: number;
    finishedAt: number | null;
    /** Shopify's operations failed again and again: until then customers are written a few at a time. */
    pausedUntil: number | null;
  } | null;
}

export async function openStorefrontPage(db: Database, shop: Pick<Shop, "currency" | "id" | "scopes">) {
  const { id: shopId } = shop;
  const programme = await findProgramme(db, shopId);
  const rules = compiledRules(programme, shop.currency);
  const { SHOPIFY_API_KEY } = config();
  const mayRead = canReadThemes(shop);
  const changed = await changedTexts(db, shopId);
  return {
    programme: programme?.state ?? null,
    tooLargeRules: rules && !rules.ok ? { bytes: rules.bytes, mostBytes: rules.mostBytes } : null,
    publishing: await publishingOf(db, shopId),
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

async function publishingOf(db: Database, shopId: number): Promise<Publishing> {
  const waiting = await countPublications(db, shopId);
  const bulk = await findBulkPublication(db, shopId);
  if (!bulk) return { ...waiting, bulk: null };
  const { written, stale, refused, finishedAt, notBefore, operationDone } = bulk;
  const isRunning = bulk.state !== "idle";
  const total = Math.max(bulk.total, waiting.customers);
  return {
    ...waiting,
    bulk: {
      ...{ isRunning, total, written, leftOver: stale + refused, finishedAt },
      // Lines that Shopify has gone through are noted when the whole operation has ended.
      done: Math.min(total, total - waiting.customers + (isRunning ? operationDone : 0)),
      pausedUntil: notBefore !== null && notBefore > Date.now() ? notBefore : null,
    },
  };
}
