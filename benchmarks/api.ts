/**
 * How fast programs are answered at the HTTP API: reading a balance, reading transactions, giving points and redeeming, at the real server with
 * many members, beside the authenticated empty route of the same server in the same run (`/api/v1/ping`). Latencies at a steady rate of arrivals, one
 * kind of question at a time, so that none waits for a dearer one, in rounds; requests a second of eight that ask as soon as they are answered.
 * `npm run bench -- api [--members 100000] [--rate 20] [--seconds 8] [--asked 400] [--database sqlite]`.
 */
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { parseArgs } from "node:util";
import { openDatabase } from "../app/db/database.server.ts";
import { addApiKey } from "../app/db/stores/api-keys.server.ts";
import { newKey } from "../app/services/api/key-text.ts";
import { API_SCOPES } from "../app/services/api/scopes.ts";
import { buildApp } from "../scripts/build-app.ts";
import { customerOf } from "./proxy/members.ts";
import { prepareMembers, REWARD, startWeb } from "./proxy/programme.ts";
import { perSecond, quantile, steadily, type Ask } from "./proxy/questions.ts";
import type { Result } from "./result.ts";
import type { ServedShop } from "./sync/messages.ts";
import { withServedShop } from "./with-served-shop.ts";

const { values: options } = parseArgs({
  options: {
    members: { type: "string", default: "100000" },
    rate: { type: "string", default: "20" },
    seconds: { type: "string", default: "8" },
    asked: { type: "string", default: "400" },
    database: { type: "string", default: "sqlite" },
  },
});
const memberCount = Number(options.members);
const GRANTED = "write_discounts";
/** Each may ask 600 times a minute, and this asks oftener. */
const KEYS = 200;
const ROUNDS = 2;

const results: Result[] = [];

function record(name: string, value: number, unit: "ms" | "/s", floor: number): void {
  const rounded = (number: number) => Number(number.toFixed(unit === "ms" ? 2 : 0));
  const ratio = Number((unit === "ms" ? value / floor : floor / value).toFixed(2));
  results.push({ case: name, value: rounded(value), unit, ratio, floor: rounded(floor) });
  console.log(`${name}: ${rounded(value)} ${unit}, floor ${rounded(floor)}, ratio ${ratio}`);
}

const KINDS = ["ping", "balance", "transactions", "earn", "redeem"] as const;
type Kind = (typeof KINDS)[number];

interface Question {
  path: string;
  status: number;
  body?: object;
}

function questionOf(kind: Kind, count: number): Question {
  const customer = `/customers/${customerOf(1 + ((count * 7_919) % memberCount))}`;
  switch (kind) {
    case "ping":
      return { path: "/ping", status: 204 };
    case "balance":
      return { path: customer, status: 200 };
    case "transactions":
      return { path: `${customer}/transactions`, status: 200 };
    case "earn":
      return { path: `${customer}/earn`, status: 201, body: { points: 1, reason: "A visit" } };
    case "redeem":
      return { path: `${customer}/redeem`, status: 201, body: { reward: REWARD } };
  }
}

function askerAt(address: string, keys: readonly string[]): Ask<Kind> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const { port } = new URL(address);
  let count = 0;
  return (kind) => {
    count += 1;
    const { path, status, body } = questionOf(kind, count);
    const headers: Record<string, string> = { Authorization: `Bearer ${keys[count % keys.length] ?? ""}` };
    if (body) Object.assign(headers, { "Content-Type": "application/json", "Idempotency-Key": randomUUID() });
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request(
        { port, host: "127.0.0.1", path: `/api/v1${path}`, method: body ? "POST" : "GET", agent, headers },
        (answer) => {
          let text = "";
          answer.on("data", (part: Buffer) => (text += part.toString()));
          answer.on("end", () => {
            if (answer.statusCode === status) resolve(performance.now() - startedAt);
            else reject(new Error(`${kind}: ${answer.statusCode} ${text}`));
          });
        },
      );
      asked.on("error", reject);
      asked.end(body && JSON.stringify(body));
    });
  };
}

async function makeKeys(url: string): Promise<string[]> {
  const db = await openDatabase(url, { subjectKeys: [] });
  try {
    const { id: shopId } = await db.prisma.shop.findFirstOrThrow();
    const made = Array.from({ length: KEYS }, () => newKey(shopId));
    await db.write(async (tx) => {
      for (const { id, hash } of made)
        await addApiKey(tx, shopId, {
          id,
          hash,
          name: "Bench",
          scopes: [...API_SCOPES],
          createdAt: Date.now(),
        });
    });
    return made.map(({ text }) => text);
  } finally {
    await db.close();
  }
}

async function measure(database: string, url: string, shop: ServedShop): Promise<void> {
  await prepareMembers(url, shop, memberCount, GRANTED);
  const keys = await makeKeys(url);
  const web = await startWeb(shop.env, url);
  try {
    const ask = askerAt(web.address, keys);
    // The first ones compile, and each key is noted as used.
    await perSecond(ask, "ping", 2 * KEYS);
    await steadily(KINDS, ask, Number(options.rate), 3);
    const times = new Map<Kind, number[]>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const kind of KINDS) {
        const took = await steadily([kind], ask, Number(options.rate), Number(options.seconds));
        times.set(kind, [...(times.get(kind) ?? []), ...(took.get(kind) ?? [])]);
      }
    }
    const floor = times.get("ping") ?? [];
    const most = await perSecond(ask, "ping", 3 * Number(options.asked));
    for (const kind of KINDS) {
      if (kind === "ping") continue;
      for (const [name, share] of [
        ["p50", 0.5],
        ["p99", 0.99],
      ] as const)
        // prettier-ignore
        record(`${database}: ${kind} ${name}`, quantile(times.get(kind) ?? [], share), "ms", quantile(floor, share));
      record(`${database}: ${kind} a second`, await perSecond(ask, kind, Number(options.asked)), "/s", most);
    }
  } finally {
    await web.stop();
  }
}

await buildApp();
await withServedShop(
  { name: "api", databases: options.database.split(","), env: { ORDERS: "1500", GRANTED } },
  measure,
);
console.log(JSON.stringify({ name: "api", results }));
