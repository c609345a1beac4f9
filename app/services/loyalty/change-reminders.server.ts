/** How long before points expire their members are reminded: the merchant's choice. */
import { z } from "zod";
import { REMIND_DAYS } from "../../core/loyalty/remind-days.ts";
import { findProgramme, saveRemindDays } from "../../db/stores/programmes.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

const wish = z.object({
  intent: z.literal("remind"),
  days: z.union([
    z.literal("never").transform(() => null),
    z.coerce.number().refine((days) => REMIND_DAYS.includes(days)),
  ]),
});

/** `null`: nothing that can be asked. */
export async function changeReminders(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
): Promise<{ ok: boolean; message: string } | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const saved = await db.write(async (tx) => {
    await lockShop(tx, shopId);
    if (!(await findProgramme(tx, shopId))) return { ok: false, message: "There is no programme yet" };
    await saveRemindDays(tx, shopId, asked.data.days);
    failpoint("change-reminders:before-commit");
    return { ok: true, message: "The reminders are saved" };
  });
  failpoint("change-reminders:after-commit");
  return saved;
}
