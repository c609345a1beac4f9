/** A served shop whose customers have points, and the real server in front of it. */
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { adjust } from "../../app/core/loyalty/adjust.ts";
import { templateRules } from "../../app/core/loyalty/programme-templates.ts";
import { openDatabase } from "../../app/db/database.server.ts";
import { migrateDatabase } from "../../app/db/migrate.server.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import { addMembers } from "../../app/db/stores/members.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { saveReward } from "../../app/db/stores/rewards.server.ts";
import { changeShop, findShop } from "../../app/db/stores/shops.server.ts";
import { isPostgresql, sqliteFile } from "../../app/db/url.ts";
import type { ServedShop } from "../sync/messages.ts";
import { copyMembers, FIRST_MEMBER } from "./members.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** What everybody can afford. */
export const REWARD = "five-off";

/** Migrated, synced, with a programme, one reward and so many members; answers the shop's own customers. */
export async function prepareMembers(
  url: string,
  shop: ServedShop,
  memberCount: number,
  granted: string,
): Promise<number[]> {
  await migrateDatabase(url);
  const env = { ...shop.env, DATABASE_URL: url, SHOP_DOMAIN: shop.domain, SHOP_TOKEN: shop.token };
  const sync = fork(path.join(ROOT, "benchmarks/sync/sync-shop.ts"), { env: { ...process.env, ...env } });
  await once(sync, "exit");
  const db = await openDatabase(url, { subjectKeys: [] });
  try {
    const stored = await findShop(db, shop.domain);
    if (!stored) throw new Error("the shop was not synced");
    const shopId = stored.id;
    await db.write(async (tx) => {
      await changeShop(tx, shopId, { scopes: `${stored.scopes},${granted}` });
      await saveProgramme(tx, shopId, { state: "running", membership: "joining", startedAt: 0 });
      await addProgrammeVersion(tx, shopId, 0, templateRules("steady", stored.currency));
      const terms = { minimumMinor: null, combinesWith: { order: false, product: false, shipping: false } };
      const life = { validDays: 60, returnsUnused: true, isActive: true };
      const gives = { kind: "amount-off", valueMinor: 500 } as const;
      await saveReward(
        tx,
        shopId,
        { id: REWARD, name: "5 off", costPoints: 100, gives, ...terms, ...life },
        0,
      );
      const members = await addMembers(tx, shopId, [FIRST_MEMBER.customer], 0);
      if (members.get(FIRST_MEMBER.customer) !== FIRST_MEMBER.member) throw new Error("not the first member");
      const account = (await lockAccounts(tx, shopId, [FIRST_MEMBER.member])).get(FIRST_MEMBER.member);
      if (!account) throw new Error("no account");
      const gift = { id: FIRST_MEMBER.gift, points: 1000, reason: "a gift", expiresAt: null };
      const given = adjust(account, gift, Date.now());
      if (!given.ok) throw new Error(given.reason);
      await saveChanges(tx, shopId, [given]);
    });
    const startedAt = performance.now();
    await copyMembers(url, shopId, memberCount);
    console.log(`${memberCount} members in ${Math.round((performance.now() - startedAt) / 1000)} s`);
    const customers = await db.prisma.customer.findMany({ where: { shopId }, select: { id: true } });
    return customers.map(({ id }) => Number(id));
  } finally {
    await db.close();
  }
}

/** A process that only answers: on one machine its jobs would be worked beside it, and here nobody waits for them. */
export async function startWeb(
  env: Record<string, string>,
  url: string,
): Promise<{ address: string; stop: () => Promise<void> }> {
  const mover = isPostgresql(url)
    ? null
    : new Worker(new URL("move-log.ts", import.meta.url), { workerData: sqliteFile(url) });
  const child = spawn(process.execPath, [path.join(ROOT, "server.ts")], {
    cwd: ROOT,
    env: { ...process.env, ...env, DATABASE_URL: url, PERENNIAL_ROLES: "web", PORT: "0", LOG_LEVEL: "error" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"ready":')) continue;
    const { address } = JSON.parse(line) as { address: string };
    const stop = async () => {
      child.kill("SIGTERM");
      await ended;
      await mover?.terminate();
    };
    return { address, stop };
  }
  throw new Error("the server has ended");
}
