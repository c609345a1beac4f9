/** Saves what a merchant counts and leaves out; who saves over somebody else's change is told instead. */
import { enqueue } from "../../db/stores/jobs.server.ts";
import { changeShop, lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { excludedTagsOf } from "../sync/customer-mapper.ts";
import { enqueueRetag } from "../sync/retag-customers.server.ts";
import { fitValueJob } from "../value/fit-value.server.ts";
import type { SettingsInput } from "./settings-input.server.ts";

export type SavedSettings = { ok: true; version: number } | { ok: false; reason: "changed-meanwhile" };

export async function saveSettings(
  db: Database,
  shopId: number,
  { settings, version }: SettingsInput,
): Promise<SavedSettings> {
  const saved = await db.write(async (tx): Promise<SavedSettings> => {
    const shop = await lockShop(tx, shopId);
    if (shop.settingsVersion !== version) return { ok: false, reason: "changed-meanwhile" };
    const retag = !sameTags(excludedTagsOf(shop), settings.excludedTags);
    const settingsVersion = version + 1;
    const tagsVersion = shop.tagsVersion + (retag ? 1 : 0);
    await changeShop(tx, shopId, {
      countsTax: settings.included.tax,
      countsShipping: settings.included.shipping,
      countsGiftCards: settings.included.giftCards,
      refundBasis: settings.basis,
      flatMarginBasisPoints: settings.flatMarginBasisPoints,
      excludedTags: JSON.stringify(settings.excludedTags),
      settingsVersion,
      settingsSavedAt: Date.now(),
      tagsVersion,
    });
    if (retag) {
      await changeShop(tx, shopId, { taggedExpected: 0, taggedFound: 0 });
      await enqueueRetag(tx, shopId, tagsVersion);
    }
    await enqueue(tx, fitValueJob(shopId));
    failpoint("save-settings:before-commit");
    return { ok: true, version: settingsVersion };
  });
  failpoint("save-settings:after-commit");
  return saved;
}

function sameTags(before: readonly string[], after: readonly string[]): boolean {
  const folded = (tags: readonly string[]) => JSON.stringify(tags.map((tag) => tag.toLowerCase()).toSorted());
  return folded(before) === folded(after);
}
