import { expect, test } from "vitest";
import { createLog } from "./log.server.ts";

function lines() {
  const written: string[] = [];
  const log = createLog({ write: (line: string) => void written.push(line) }, "debug");
  return { log, written, all: () => written.join("") };
}

const TOKENS = [
  "shpat_0123456789abcdef0123456789abcdef",
  "shprt_abcdef0123456789",
  "shpss_77aa",
  "eyJhbGciOiJIUzI1NiJ9.eyJkZXN0IjoiaHR0cHM6Ly94In0.c2lnbmF0dXJl",
];
const MAILS = [
  "jane.doe@example.com",
  "o'brien+shop@sub.example.co.uk",
  "jane%40example.com",
  "JANE@EXAMPLE.ORG",
];

test("no token or e-mail address reaches the log, wherever it hides", () => {
  const { log, all } = lines();
  for (const secret of [...TOKENS, ...MAILS]) {
    log.info({ note: secret, nested: { deep: [{ value: `x ${secret} y` }] } }, `message with ${secret}`);
    log.child({ [secret]: secret }).warn("as a key");
    const error = Object.assign(new Error(`refused: ${secret}`, { cause: new Error(secret) }), {
      body: secret,
    });
    log.error({ error }, "failed");
    log.error({ error: `thrown text ${secret}` }, "failed");
    log.info({ path: `/app?id_token=${secret}&shop=x`, header: `Bearer ${secret}` }, "request");
  }
  const text = all();
  for (const secret of [...TOKENS, ...MAILS]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/@example|%40example|shp[a-z]{2}_|eyJ/i);
});

test("values under secret names are removed whatever they are", () => {
  const { log, all } = lines();
  log.info(
    { accessToken: "opaque", customer: { firstName: "Jane", lastName: "Doe", phone: "+1 555 0100" } },
    "x",
  );
  log.info({ request: { headers: { authorization: "opaque" } } }, "x");
  expect(all()).not.toMatch(/opaque|Jane|Doe|555/);
});

test("a hostile value cannot forge a line or break the JSON", () => {
  const { log, written } = lines();
  log.info({ note: 'a"\n{"level":60,"msg":"forged"}' }, 'quote " and \u2028 newline \n end id_token=a"b');
  expect(written).toHaveLength(1);
  expect(written[0]?.trimEnd().split("\n")).toHaveLength(1);
  expect(() => JSON.parse(written[0] ?? "") as unknown).not.toThrow();
});

test("ids, counts, durations and an error's place stay readable", () => {
  const { log, written } = lines();
  log
    .child({ shopId: 3, kind: "sync-orders" })
    .error({ error: new TypeError("x is not a function"), orderId: 450789469, durationMs: 12 }, "job failed");
  expect(JSON.parse(written[0] ?? "")).toMatchObject({
    shopId: 3,
    kind: "sync-orders",
    orderId: 450789469,
    durationMs: 12,
    msg: "job failed",
    error: {
      type: "TypeError",
      message: "x is not a function",
      stack: expect.arrayContaining([expect.stringContaining("log.test.ts")]) as unknown,
    },
  });
});
