/** What a merchant does with the set-up guide: puts it away, brings it back, or says that the settings are right. */
import { changeShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

export const GUIDE_DEEDS = ["dismiss-guide", "show-guide", "confirm-settings"] as const;
export type GuideDeed = (typeof GUIDE_DEEDS)[number];

export async function changeGuide(db: Database, shopId: number, deed: GuideDeed): Promise<void> {
  await db.write(async (tx) => {
    await changeShop(tx, shopId, changeOf(deed, Date.now()));
    failpoint("change-guide:before-commit");
  });
  failpoint("change-guide:after-commit");
}

function changeOf(deed: GuideDeed, now: number) {
  switch (deed) {
    case "dismiss-guide":
      return { guideDismissedAt: now };
    case "show-guide":
      return { guideDismissedAt: null };
    case "confirm-settings":
      return { settingsSavedAt: now };
  }
}
