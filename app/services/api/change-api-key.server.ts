/** Keys for programs, as the merchant makes, changes and ends them; what a key is, is told once. */
import { z } from "zod";
import {
  addApiKey,
  apiKeys,
  changeApiKey as change,
  findApiKey,
  removeApiKey,
} from "../../db/stores/api-keys.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { newKey } from "./key-text.ts";
import { API_SCOPES } from "./scopes.ts";

const MOST_KEYS = 20;
const OVERLAP_MS = 24 * 3_600_000;

const id = z.string().regex(/^[0-9a-z]{8}$/);
const wish = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("add-key"),
    name: z.string().trim().max(60),
    scopes: z
      .string()
      .transform((text) => text.split(",").filter(Boolean))
      .pipe(z.array(z.enum(API_SCOPES)).max(API_SCOPES.length)),
  }),
  z.object({ intent: z.literal("rotate-key"), id }),
  z.object({ intent: z.literal("remove-key"), id }),
]);
type Wish = z.infer<typeof wish>;

interface KeyChange {
  ok: boolean;
  message: string;
  /** To be shown this once. */
  secret?: string;
  field?: "name" | "scopes";
}

/** `null`: nothing that can be asked. */
export async function changeApiKey(
  db: Database,
  shopId: number,
  form: Record<string, unknown>,
  now = Date.now(),
): Promise<KeyChange | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const changed = await db.write(async (tx) => {
    await lockShop(tx, shopId);
    const done = await apply(tx, shopId, asked.data, now);
    failpoint("change-api-key:before-commit");
    return done;
  });
  failpoint("change-api-key:after-commit");
  return changed;
}

const GONE = { ok: false, message: "It is not there any more" } as const;

async function apply(tx: Transaction, shopId: number, asked: Wish, now: number): Promise<KeyChange> {
  switch (asked.intent) {
    case "add-key": {
      const { name, scopes } = asked;
      if (name === "") return { ok: false, message: "Name the program that is to use it", field: "name" };
      if (scopes.length === 0) return { ok: false, message: "Choose what it may do", field: "scopes" };
      if ((await apiKeys(tx, shopId)).length >= MOST_KEYS)
        return { ok: false, message: `There can be ${MOST_KEYS} keys: remove one first`, field: "name" };
      const { id, hash, text } = newKey(shopId);
      await addApiKey(tx, shopId, { id, name, hash, scopes: [...new Set(scopes)], createdAt: now });
      return { ok: true, message: "The key is made", secret: text };
    }
    case "rotate-key": {
      const key = await findApiKey(tx, shopId, asked.id);
      if (!key) return GONE;
      const { hash, text } = newKey(shopId, asked.id);
      await change(tx, shopId, asked.id, { hash, previousHash: key.hash, previousUntil: now + OVERLAP_MS });
      return {
        ok: true,
        message: "There is a new key; the former one counts as well for a day",
        secret: text,
      };
    }
    case "remove-key":
      return (await removeApiKey(tx, shopId, asked.id)) ? { ok: true, message: "The key is ended" } : GONE;
  }
}
