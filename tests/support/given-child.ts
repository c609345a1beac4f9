/**
 * Rewards that Perennial gives by itself, in a process of its own, for tests that kill it: wishes are told twice each, and every third is
 * taken back. Nobody outside has to be asked. Says `ready` and, when it is through, `done`.
 */
import { openDatabase } from "../../app/db/database.server.ts";
import { requestCancellation } from "../../app/services/loyalty/cancel-redemption.server.ts";
import { redeemReward, type Wish } from "../../app/services/loyalty/redeem-reward.server.ts";

const [url = "", shop = "", list = "[]"] = process.argv.slice(2);
const shopId = Number(shop);
const wishes = JSON.parse(list) as Wish[];
const db = await openDatabase(url);

process.stdout.write("ready\n");
const redeemed = await Promise.all(
  wishes.map((wish) => Promise.all([redeemReward(db, shopId, wish), redeemReward(db, shopId, wish)])),
);
for (const [index, [outcome]] of redeemed.entries()) {
  if (!outcome.ok) throw new Error(outcome.reason);
  if (index % 3 === 0) await requestCancellation(db, shopId, outcome.redemption.id);
}
process.stdout.write("done\n");
await db.close();
