/** Saves how a shop recommends; who saves over somebody else's change is told instead. */
import { z } from "zod";
import {
  HELD_OUT_BASIS_POINTS,
  MARGIN_WEIGHTS,
  MOST_HIDDEN,
  MOST_OF_TYPE,
  MOST_PINNED,
} from "../../core/recommendations/switches.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import {
  beginRecommending,
  saveRecommendationSettings,
} from "../../db/stores/recommendation-settings.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { republishJob } from "../storefront/republish-shop.server.ts";

const ids = (most: number) =>
  z
    .string()
    .transform((text) => (text === "" ? [] : text.split(",")))
    .pipe(
      z
        .array(
          z
            .string()
            .regex(/^\d{1,15}$/)
            .transform(Number),
        )
        .max(most),
    )
    .refine((products) => new Set(products).size === products.length);

const wish = z.object({
  intent: z.literal("save-recommendations"),
  version: z.coerce.number().int().min(0),
  heldOutBasisPoints: z.coerce.number().refine((share) => HELD_OUT_BASIS_POINTS.includes(share)),
  marginWeight: z.coerce.number().refine((weight) => MARGIN_WEIGHTS.some((one) => one === weight)),
  mostOfType: z
    .union([z.literal("any").transform(() => null), z.coerce.number()])
    .refine((most) => MOST_OF_TYPE.some((one) => one === most)),
  pinned: ids(MOST_PINNED),
  hidden: ids(MOST_HIDDEN),
});

interface Saved {
  ok: boolean;
  message: string;
  changedMeanwhile?: boolean;
}

/** `null`: nothing that can be asked. */
export async function changeRecommendations(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
): Promise<Saved | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const { version, heldOutBasisPoints, pinned, hidden, marginWeight, mostOfType } = asked.data;
  const switches = { pinned, hidden, marginWeight, mostOfType };
  const saved = await db.write(async (tx): Promise<Saved> => {
    await lockShop(tx, shopId);
    const now = Date.now();
    const before = await beginRecommending(tx, shopId, now);
    if (before.version !== version) {
      return { ok: false, message: "Somebody else saved first", changedMeanwhile: true };
    }
    const isNewComparison = heldOutBasisPoints !== before.heldOutBasisPoints;
    await saveRecommendationSettings(
      tx,
      shopId,
      { heldOutBasisPoints, switches },
      isNewComparison ? now : null,
    );
    const isOn = (await findStorefront(tx, shopId))?.state === "on";
    if (isOn) await enqueue(tx, republishJob(shopId, now));
    failpoint("change-recommendations:before-commit");
    return {
      ok: true,
      message: isOn
        ? "The recommendations are saved and are being published"
        : "The recommendations are saved",
    };
  });
  failpoint("change-recommendations:after-commit");
  return saved;
}
