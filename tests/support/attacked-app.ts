/** The built app as a process of its own beside a local Shopify, with two shops' programmes, for whoever attacks one of its doors. */
import { openDatabase } from "../../app/db/database.server.ts";
import type { Database } from "../../app/db/types.ts";
import { createTestDatabase } from "./database.ts";
import { everyRow } from "./every-row.ts";
import { startLocalShopify, type LocalShopify } from "./local-shopify.ts";
import { openProgramme, type OpenProgramme } from "./open-programme.ts";
import { startWebProcess, type WebProcess } from "./web-process.ts";

export interface AttackedApp {
  local: LocalShopify;
  db: Database;
  app: WebProcess;
  open: OpenProgramme;
  other: OpenProgramme;
  memberAt(index: number): OpenProgramme["members"][number];
  /** All that is written down, to see that nothing has changed. */
  everything(): string;
  stop(): Promise<void>;
}

/** One member for each test that changes what its member has. */
export async function startAttackedApp(facts: { members: number; points?: number }): Promise<AttackedApp> {
  const local = await startLocalShopify();
  const { url, remove } = await createTestDatabase("sqlite");
  const db = await openDatabase(url, { subjectKeys: [new Uint8Array(32)] });
  const open = await openProgramme(local, db, facts);
  const other = await openProgramme(local, db);
  // What Shopify tells of changes would be written down, too.
  for (const { shop } of [open, other]) local.listen(shop.domain, null);
  const app = await startWebProcess(url);
  return {
    ...{ local, db, app, open, other },
    memberAt(index) {
      const member = open.members[index];
      if (!member) throw new Error(`no member ${index}`);
      return member;
    },
    everything: () => everyRow(url),
    async stop() {
      await app.stop();
      await db.close();
      await local.stop();
      remove();
    },
  };
}
