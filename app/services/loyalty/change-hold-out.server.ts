/** A merchant begins to keep a drawn share of customers out of the programme, and ends it. A share is never changed: who is on which side would be. */
import { z } from "zod";
import { HELD_OUT_SHARES } from "../../core/loyalty/hold-out.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { beginHoldOut, endHoldOut, findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { republishJob } from "../storefront/republish-shop.server.ts";

const wish = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("keep-out"),
    basisPoints: z
      .string()
      .regex(/^\d+$/)
      .transform(Number)
      .refine((share) => HELD_OUT_SHARES.includes(share)),
  }),
  z.object({ intent: z.literal("let-in") }),
]);

interface Told {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changeHoldOut(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
  now = Date.now(),
): Promise<Told | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const done = await db.write(async (tx): Promise<Told> => {
    await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    if (!programme) return { ok: false, message: "There is no programme yet" };
    const isRunning = programme.holdOut !== null && programme.holdOut.until === null;
    if (asked.data.intent === "keep-out") {
      // The answer to the first time was lost.
      if (isRunning && programme.holdOut?.basisPoints === asked.data.basisPoints) return BEGUN;
      if (isRunning) return { ok: false, message: "A comparison runs already: end it first" };
      await beginHoldOut(tx, shopId, asked.data.basisPoints, now);
    } else {
      if (!isRunning) return ENDED;
      await endHoldOut(tx, shopId, now);
    }
    // Whoever was drawn stops seeing the programme, or sees it again.
    if ((await findStorefront(tx, shopId))?.state === "on") await enqueue(tx, republishJob(shopId, now));
    failpoint("change-hold-out:before-commit");
    return asked.data.intent === "keep-out" ? BEGUN : ENDED;
  });
  failpoint("change-hold-out:after-commit");
  return done;
}

const BEGUN: Told = { ok: true, message: "From now on the drawn share is kept out" };
const ENDED: Told = { ok: true, message: "Everybody can join again" };
