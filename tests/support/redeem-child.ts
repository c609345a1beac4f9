/** Redeems one balance many times at once in a process of its own, and says how often it could. */
import { openDatabase } from "../../app/db/database.server.ts";
import { redeemOnce } from "./redeem-once.ts";

const [url = "", shopId = "", memberId = "", prefix = "", times = "0"] = process.argv.slice(2);
const db = await openDatabase(url, { subjectKeys: [] });
const wishes = Array.from({ length: Number(times) }, (_, index) =>
  redeemOnce(db, Number(shopId), Number(memberId), { redemptionId: `${prefix}${index}`, points: 10 }),
);
const done = await Promise.all(wishes);
process.stdout.write(String(done.filter(Boolean).length));
await db.close();
