/** What answering the survey after an order earns: the merchant's choice. */
import { z } from "zod";
import { SURVEY_POINTS } from "../../core/survey/survey-points.ts";
import { findProgramme, saveSurveyPoints } from "../../db/stores/programmes.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

const wish = z.object({
  intent: z.literal("survey"),
  points: z.union([
    z.literal("off").transform(() => null),
    z
      .string()
      .regex(/^\d+$/)
      .transform(Number)
      .refine((points) => SURVEY_POINTS.includes(points)),
  ]),
});

/** `null`: nothing that can be asked. */
export async function changeSurvey(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
): Promise<{ ok: boolean; message: string } | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const { points } = asked.data;
  const saved = await db.write(async (tx) => {
    await lockShop(tx, shopId);
    if (!(await findProgramme(tx, shopId))) return { ok: false, message: "There is no programme yet" };
    await saveSurveyPoints(tx, shopId, points);
    failpoint("change-survey:before-commit");
    return { ok: true, message: points === null ? "Nobody is asked any more" : "The survey is saved" };
  });
  failpoint("change-survey:after-commit");
  return saved;
}
