/** Delivers once what waits for one receiver in a process of its own, for tests that kill it on the way. Says `done` when it came to the end. */
import { openDatabase } from "../../app/db/database.server.ts";
import { deliverEvents } from "../../app/services/events/deliver-events.server.ts";

const [url = "", shopId = "", receiverId = ""] = process.argv.slice(2);
const db = await openDatabase(url, { subjectKeys: [] });
await deliverEvents(db, Number(shopId), receiverId, AbortSignal.timeout(60_000));
process.stdout.write("done\n");
await db.close();
