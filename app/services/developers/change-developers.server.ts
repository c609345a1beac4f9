/** What a merchant can do on the page for whoever connects other programs. */
import type { Database } from "../../db/types.ts";
import { changeApiKey } from "../api/change-api-key.server.ts";
import { changeReceiver } from "../events/change-receiver.server.ts";

/** `null`: nothing that can be asked. */
export async function changeDevelopers(db: Database, shopId: number, form: Record<string, unknown>) {
  return (await changeReceiver(db, shopId, form)) ?? changeApiKey(db, shopId, form);
}
