/**
 * How fast shoppers are answered: redeeming, and saving a birthday, at the real server with a million members, beside what the same server
 * takes to check the signature of a question and say that there is no such action. Latencies at a steady rate of arrivals, the kinds of
 * questions taking turns; requests a second of eight that ask as soon as they are answered. A birthday's time includes the local Shopify's.
 * `npm run bench -- proxy [--members 1000000] [--rate 20] [--seconds 20] [--asked 400] [--database sqlite]`.
 */
import { fork, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { adjust } from "../app/core/loyalty/adjust.ts";
import { openDatabase } from "../app/db/database.server.ts";
import { migrateDatabase } from "../app/db/migrate.server.ts";
import { lockAccounts, saveChanges } from "../app/db/stores/ledger.server.ts";
import { addMembers } from "../app/db/stores/members.server.ts";
import { addProgrammeVersion, saveProgramme } from "../app/db/stores/programmes.server.ts";
import { saveReward } from "../app/db/stores/rewards.server.ts";
import { changeShop, findShop } from "../app/db/stores/shops.server.ts";
import { templateRules } from "../app/core/loyalty/programme-templates.ts";
import { buildApp } from "../scripts/build-app.ts";
import { copyMembers, customerOf, FIRST_MEMBER } from "./proxy/members.ts";
import type { Result } from "./result.ts";
import type { ServedShop } from "./sync/messages.ts";
import { withServedShop } from "./with-served-shop.ts";

const { values: options } = parseArgs({
  options: {
    members: { type: "string", default: "1000000" },
    rate: { type: "string", default: "20" },
    seconds: { type: "string", default: "20" },
    asked: { type: "string", default: "400" },
    database: { type: "string", default: "sqlite" },
  },
});
const memberCount = Number(options.members);
const ROOT = path.resolve(import.meta.dirname, "..");
const GRANTED = "write_discounts,write_customers";
const AT_ONCE = 8;

const results: Result[] = [];

function record(name: string, value: number, unit: "ms" | "/s", floor: number | null): void {
  const rounded = (number: number) => Number(number.toFixed(unit === "ms" ? 2 : 0));
  const ratio = floor === null ? null : Number((unit === "ms" ? value / floor : floor / value).toFixed(2));
  results.push({
    ...{ case: name, value: rounded(value), unit, ratio },
    floor: floor === null ? null : rounded(floor),
  });
  console.log(
    `${name}: ${rounded(value)} ${unit}${floor === null ? "" : `, floor ${rounded(floor)}, ratio ${ratio}`}`,
  );
}

interface Question {
  action: string;
  customerId: number;
  body: object;
}

type Kind = "signature" | "redeem" | "profile";

/** Asks one question, signed now, and answers how long that took; anything but what should come of it is an error. */
type Ask = (kind: Kind) => Promise<number>;

function askerAt(address: string, shop: ServedShop, customers: readonly number[]): Ask {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const secret = shop.env["SHOPIFY_API_SECRET"] ?? "";
  const { port } = new URL(address);
  let count = 0;
  return (kind) => {
    count += 1;
    const question = questionOf(kind, count, customers);
    const query = {
      logged_in_customer_id: String(question.customerId),
      path_prefix: "/apps/perennial",
      shop: shop.domain,
      timestamp: String(Math.floor(Date.now() / 1000)),
    };
    const text = Object.entries(query)
      .map(([name, value]) => `${name}=${value}`)
      .join("");
    const signature = createHmac("sha256", secret).update(text).digest("hex");
    const headers = {
      "Content-Type": "application/json",
      "X-Forwarded-For": `2001:db8::${(count % 0xffff).toString(16)}`,
    };
    const where = `/proxy/${question.action}?${new URLSearchParams({ ...query, signature })}`;
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request(
        { port, host: "127.0.0.1", path: where, method: "POST", agent, headers },
        (answer) => {
          let body = "";
          answer.on("data", (part: Buffer) => (body += part.toString()));
          answer.on("end", () => {
            const took = performance.now() - startedAt;
            const isGood = kind === "signature" ? answer.statusCode === 404 : body.startsWith('{"ok":true');
            if (isGood) resolve(took);
            else reject(new Error(`${kind}: ${answer.statusCode} ${body}`));
          });
        },
      );
      asked.on("error", reject);
      asked.end(JSON.stringify(question.body));
    });
  };
}

function questionOf(kind: Kind, count: number, customers: readonly number[]): Question {
  const customerId = customerOf(1 + ((count * 7_919) % memberCount));
  const redeem = { reward: "five-off", key: `bench-key-${count}`, locale: "en" };
  if (kind === "signature") return { action: "nothing", customerId, body: redeem };
  if (kind === "redeem") return { action: "redeem", customerId, body: redeem };
  return {
    action: "profile",
    customerId: customers[count % customers.length] ?? 0,
    body: { birthday: "05-01", key: `bench-key-${count}`, locale: "en" },
  };
}

const KINDS: readonly Kind[] = ["signature", "redeem", "profile"];

/** Arrivals of every kind, evenly and by turns, whether or not the last is answered. */
async function steadily(ask: Ask, perSecond: number, seconds: number): Promise<Map<Kind, number[]>> {
  const times = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]));
  const asked: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < perSecond * seconds * KINDS.length; index++) {
    const kind = KINDS[index % KINDS.length] ?? "signature";
    const due = startedAt + (index * 1000) / (perSecond * KINDS.length);
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    asked.push(ask(kind).then((took) => void times.get(kind)?.push(took)));
  }
  await Promise.all(asked);
  return times;
}

async function perSecond(ask: Ask, kind: Kind, count: number): Promise<number> {
  let left = count;
  const startedAt = performance.now();
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await ask(kind);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return (count * 1000) / (performance.now() - startedAt);
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
}

async function prepare(url: string, shop: ServedShop): Promise<number[]> {
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
      await changeShop(tx, shopId, { scopes: `${stored.scopes},${GRANTED}` });
      await saveProgramme(tx, shopId, { state: "running", membership: "joining", startedAt: 0 });
      await addProgrammeVersion(tx, shopId, 0, templateRules("steady", stored.currency));
      const terms = { minimumMinor: null, combinesWith: { order: false, product: false, shipping: false } };
      const life = { validDays: 60, returnsUnused: true, isActive: true };
      const gives = { kind: "amount-off", valueMinor: 500 } as const;
      await saveReward(
        tx,
        shopId,
        { id: "five-off", name: "5 off", costPoints: 100, gives, ...terms, ...life },
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

async function startWeb(
  env: Record<string, string>,
): Promise<{ address: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [path.join(ROOT, "server.ts")], {
    cwd: ROOT,
    env: { ...process.env, ...env, PERENNIAL_ROLES: "web", PORT: "0", LOG_LEVEL: "error" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"ready":')) continue;
    const { address } = JSON.parse(line) as { address: string };
    const stop = async () => {
      child.kill("SIGTERM");
      await ended;
    };
    return { address, stop };
  }
  throw new Error("the server has ended");
}

async function measure(database: string, url: string, shop: ServedShop): Promise<void> {
  const customers = await prepare(url, shop);
  const web = await startWeb({ ...shop.env, DATABASE_URL: url });
  try {
    const ask = askerAt(web.address, shop, customers);
    // The first ones compile.
    await steadily(ask, Number(options.rate), 3);
    const times = await steadily(ask, Number(options.rate), Number(options.seconds));
    const floor = times.get("signature") ?? [];
    for (const kind of ["redeem", "profile"] as const) {
      for (const [name, share] of [
        ["p50", 0.5],
        ["p99", 0.99],
      ] as const)
        // prettier-ignore
        record(`${database}: ${kind} ${name}`, quantile(times.get(kind) ?? [], share), "ms", quantile(floor, share));
    }
    const most = await perSecond(ask, "signature", 5 * Number(options.asked));
    for (const kind of ["redeem", "profile"] as const)
      record(`${database}: ${kind}s a second`, await perSecond(ask, kind, Number(options.asked)), "/s", most);
  } finally {
    await web.stop();
  }
}

await buildApp();
await withServedShop(
  { name: "proxy", databases: options.database.split(","), env: { ORDERS: "1500", GRANTED } },
  measure,
);
console.log(JSON.stringify({ name: "proxy", results }));
