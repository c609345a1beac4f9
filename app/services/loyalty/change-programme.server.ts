/** What a merchant can do with the programme as a whole: start it, change its rules for what is ordered from then on, pause it and go on. */
import { z } from "zod";
import type { ProgrammeVersion } from "../../core/loyalty/programme.ts";
import { TEMPLATE_NAMES, templateRules } from "../../core/loyalty/programme-templates.ts";
import {
  addProgrammeVersion,
  findProgramme,
  markAccrued,
  saveProgramme,
  type Programme,
} from "../../db/stores/programmes.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { learnScopes } from "../sync/learn-scopes.server.ts";
import { parseRules } from "./rules-input.server.ts";

const wish = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("start"),
    template: z.enum(TEMPLATE_NAMES),
    membership: z.enum(["automatic", "joining"]),
  }),
  z.object({
    intent: z.literal("save-rules"),
    rules: z.string().max(100_000),
    version: z.coerce.number().int().min(1),
  }),
  z.object({ intent: z.literal("pause"), accrues: z.enum(["yes", "no"]) }),
  z.object({ intent: z.literal("go-on") }),
  z.object({ intent: z.literal("scopes-granted") }),
]);

type Wish = Exclude<z.infer<typeof wish>, { intent: "scopes-granted" }>;

interface ProgrammeChange {
  ok: boolean;
  message: string;
  /** Somebody else saved rules first. */
  changedMeanwhile?: boolean;
}

/** `null`: nothing that can be asked. */
export async function changeProgramme(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
): Promise<ProgrammeChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const { data } = asked;
  if (data.intent === "scopes-granted") return learnScopes(db, shopId);
  const changed = await db.write(async (tx) => {
    const shop = await lockShop(tx, shopId);
    const programme = await findProgramme(tx, shopId);
    const done = await change(tx, shop, programme, data);
    failpoint("change-programme:before-commit");
    return done;
  });
  failpoint("change-programme:after-commit");
  return changed;
}

async function change(
  tx: Transaction,
  shop: Shop,
  programme: Programme | null,
  asked: Wish,
): Promise<ProgrammeChange> {
  const now = Date.now();
  const latest = programme?.versions.at(-1);
  if (asked.intent === "start") return start(tx, shop, latest !== undefined, asked, now);
  if (!programme || !latest) return { ok: false, message: "There is no programme yet" };
  const { membership, startedAt } = programme;
  // A clock that was set back must not keep a merchant from saving.
  const from = Math.max(now, latest.validFrom);
  switch (asked.intent) {
    case "save-rules":
      return saveRules(tx, shop.id, latest, asked, from);
    case "pause":
      await saveProgramme(tx, shop.id, { membership, startedAt, state: "paused" });
      await setAccruing(tx, shop.id, latest, asked.accrues === "yes", from);
      return { ok: true, message: "The programme is paused" };
    case "go-on":
      await saveProgramme(tx, shop.id, { membership, startedAt, state: "running" });
      await setAccruing(tx, shop.id, latest, true, from);
      return { ok: true, message: "The programme goes on" };
  }
}

async function start(
  tx: Transaction,
  shop: Shop,
  hasStarted: boolean,
  { template, membership }: Extract<Wish, { intent: "start" }>,
  now: number,
): Promise<ProgrammeChange> {
  if (hasStarted) return { ok: false, message: "The programme has been started already" };
  await saveProgramme(tx, shop.id, { state: "running", membership, startedAt: now });
  await addProgrammeVersion(tx, shop.id, now, templateRules(template, shop.currency));
  // Nothing that is stored yet was placed in its time.
  await markAccrued(tx, shop.id, shop.dataVersion);
  return { ok: true, message: "The programme has started" };
}

async function saveRules(
  tx: Transaction,
  shopId: number,
  latest: ProgrammeVersion,
  asked: Extract<Wish, { intent: "save-rules" }>,
  from: number,
): Promise<ProgrammeChange> {
  const edited = parseRules(asked.rules);
  if (!edited) return { ok: false, message: "These rules make no sense" };
  if (latest.version !== asked.version) {
    return { ok: false, message: "Somebody else changed the rules meanwhile", changedMeanwhile: true };
  }
  await addProgrammeVersion(tx, shopId, from, { ...latest.rules, ...edited });
  return { ok: true, message: "The rules are saved" };
}

async function setAccruing(
  tx: Transaction,
  shopId: number,
  { rules }: ProgrammeVersion,
  isAccruing: boolean,
  from: number,
): Promise<void> {
  if (rules.isAccruing !== isAccruing) await addProgrammeVersion(tx, shopId, from, { ...rules, isAccruing });
}
