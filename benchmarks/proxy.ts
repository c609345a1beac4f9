/**
 * How fast shoppers are answered: redeeming, and saving a birthday, at the real server with a million members, beside what the same server
 * takes to check the signature of a question and say that there is no such action. Latencies at a steady rate of arrivals, the kinds of
 * questions taking turns; requests a second of eight that ask as soon as they are answered. The floor is taken among the others, where it
 * waits as they do, and alone at the same rate. What the disk takes to hold one page is told beside it: no commit that outlives a loss of
 * power is faster, and with TMPDIR in memory the disk is no part of it. A birthday's time includes the local Shopify's. Five of each a second are many times what a
 * million members ask for; at a rate that two cores hardly bear, latencies would tell of waiting and nothing else.
 * `npm run bench -- proxy [--members 1000000] [--rate 5] [--seconds 60] [--asked 400] [--database sqlite]`.
 */
import { createHmac } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { buildApp } from "../scripts/build-app.ts";
import { customerOf } from "./proxy/members.ts";
import { prepareMembers, REWARD, startWeb } from "./proxy/programme.ts";
import { perSecond, quantile, steadily, type Ask } from "./proxy/questions.ts";
import type { Result } from "./result.ts";
import type { ServedShop } from "./sync/messages.ts";
import { withServedShop } from "./with-served-shop.ts";

const { values: options } = parseArgs({
  options: {
    members: { type: "string", default: "1000000" },
    rate: { type: "string", default: "5" },
    seconds: { type: "string", default: "60" },
    asked: { type: "string", default: "400" },
    database: { type: "string", default: "sqlite" },
  },
});
const memberCount = Number(options.members);
const GRANTED = "write_discounts,write_customers";

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

function askerAt(address: string, shop: ServedShop, customers: readonly number[]): Ask<Kind> {
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
  const redeem = { reward: REWARD, key: `bench-key-${count}`, locale: "en" };
  if (kind === "signature") return { action: "nothing", customerId, body: redeem };
  if (kind === "redeem") return { action: "redeem", customerId, body: redeem };
  return {
    action: "profile",
    customerId: customers[count % customers.length] ?? 0,
    body: { birthday: "05-01", key: `bench-key-${count}`, locale: "en" },
  };
}

/** Of one page after another, in the folder in which databases lie. */
async function diskTimes(perSecond: number, seconds: number): Promise<number[]> {
  const name = path.join(tmpdir(), `perennial-bench-page-${process.pid}`);
  const file = await open(name, "w");
  const times: number[] = [];
  try {
    for (let index = 0; index < perSecond * seconds; index++) {
      const startedAt = performance.now();
      await file.write(Buffer.alloc(4096, index), 0, 4096, index * 4096);
      await file.datasync();
      times.push(performance.now() - startedAt);
      await sleep(Math.max(0, 1000 / perSecond - (performance.now() - startedAt)));
    }
    return times;
  } finally {
    await file.close();
    await rm(name);
  }
}

const KINDS = ["signature", "redeem", "profile"] as const;

async function measure(database: string, url: string, shop: ServedShop): Promise<void> {
  const customers = await prepareMembers(url, shop, memberCount, GRANTED);
  const web = await startWeb(shop.env, url);
  try {
    const ask = askerAt(web.address, shop, customers);
    // The first ones compile.
    await steadily(KINDS, ask, Number(options.rate), 3);
    const times = await steadily(KINDS, ask, Number(options.rate), Number(options.seconds));
    const rate = KINDS.length * Number(options.rate);
    const [alone, disk] = await Promise.all([
      steadily(["signature"], ask, rate, Number(options.seconds)),
      diskTimes(rate, Number(options.seconds)),
    ]);
    for (const [name, share] of [
      ["p50", 0.5],
      ["p99", 0.99],
    ] as const) {
      const floor = quantile(times.get("signature") ?? [], share);
      const floorAlone = quantile(alone.get("signature") ?? [], share);
      record(`${database}: signature alone ${name}`, floorAlone, "ms", null);
      record(`${database}: a page onto the disk ${name}`, quantile(disk, share), "ms", null);
      for (const kind of ["redeem", "profile"] as const) {
        const took = quantile(times.get(kind) ?? [], share);
        record(`${database}: ${kind} ${name}`, took, "ms", floor);
        record(`${database}: ${kind} ${name}, against the signature alone`, took, "ms", floorAlone);
      }
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
