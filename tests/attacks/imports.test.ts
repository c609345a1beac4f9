/**
 * The door of other apps' files under attack: the built app as a process of its own, sent files over HTTP with session tokens. What is refused
 * says why and has given nobody anything; what is hostile in a file that can be read runs nowhere and is kept nowhere.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leftOutFile } from "../../app/components/imports/left-out-file.ts";
import { csvReader } from "../../app/core/csv-reader.ts";
import { addsUp } from "../../app/core/loyalty/import-report.ts";
import type { FileReading, ImportOptions } from "../../app/core/loyalty/import-file.ts";
import { addImport, findImport } from "../../app/db/stores/points-imports.server.ts";
import { findShopById } from "../../app/db/stores/shops.server.ts";
import { changeImports } from "../../app/services/imports/change-imports.server.ts";
import { openImports } from "../../app/services/imports/open-imports.server.ts";
import { startAttackedApp, type AttackedApp } from "../support/attacked-app.ts";
import { everyColumn } from "../support/every-column.ts";
import { until } from "../support/local-shopify.ts";
import type { OpenProgramme } from "../support/open-programme.ts";

const POINTS = 1_000;
/** Of a file that can be read to its end. */
const MEGABYTES = Number(process.env["IMPORT_ATTACK_MEGABYTES"] ?? 16);
const MEGABYTE = 1_000_000;
const PIECE = 65_536;
const PAGE = "/app/loyalty/import";
const FILE = `${PAGE}/file`;
const EMAIL = "attacked@example.com";

let attacked: AttackedApp;
let id: string;
beforeAll(async () => {
  attacked = await startAttackedApp({ members: 1, points: POINTS });
  attacked.open.customer.email = EMAIL;
  id = await begin(attacked.open);
}, 180_000);
afterAll(() => attacked.stop());

/** With Shopify's list of customers ready. */
async function begin({ shopId }: OpenProgramme): Promise<string> {
  const { db } = attacked;
  const shop = await findShopById(db, shopId);
  if (!shop) throw new Error("no shop");
  const begun = randomUUID();
  expect(await changeImports(db, shop, { intent: "begin", id: begun })).toMatchObject({ ok: true });
  await until(
    "Shopify's list",
    async () => (await openImports(db, shop, null))?.customers?.state === "ready",
  );
  return begun;
}

const said = (changes: Partial<ImportOptions> = {}): ImportOptions => ({
  ...{ id, separator: ",", decimal: ".", dates: "ymd", tiers: {}, tierUntil: null, again: true },
  columns: { email: 0, points: 1 },
  ...changes,
});

function asMerchant(of: OpenProgramme = attacked.open): Record<string, string> {
  const token = attacked.local.devstore.sessionToken(of.shop.domain);
  return { Authorization: `Bearer ${token}`, "User-Agent": "Mozilla/5.0 Chrome/153.0.0.0" };
}

interface Sending {
  options?: Partial<ImportOptions>;
  headers?: Record<string, string>;
}

function sent(file: string | Buffer, { options = {}, headers = asMerchant() }: Sending = {}) {
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(said(options))}\n`), Buffer.from(file)]);
  return fetch(new URL(FILE, attacked.app.address), { method: "POST", redirect: "manual", headers, body });
}

async function read(file: string | Buffer, options: Partial<ImportOptions> = {}): Promise<FileReading> {
  return (await (await sent(file, { options })).json()) as FileReading;
}

/** What a merchant has anything of. */
async function given() {
  const { prisma } = attacked.db;
  return {
    members: await prisma.member.count(),
    transactions: await prisma.ledgerTransaction.count(),
    rows: await prisma.pointsImportRow.count(),
    grants: await prisma.tierGrant.count(),
    reports: await prisma.pointsImport.count({ where: { report: { not: null } } }),
  };
}

/** The message; nothing was given, and nothing can be confirmed. */
async function refusal(file: string | Buffer, options: Partial<ImportOptions> = {}): Promise<string> {
  const before = await given();
  const answer = await sent(file, { options });
  const told = (await answer.json()) as FileReading;
  expect(await given()).toEqual({ ...before, rows: 0, reports: 0 });
  expect([answer.status, told.ok]).toEqual([422, false]);
  return told.ok ? "" : told.message;
}

async function act(form: Record<string, string>, headers = asMerchant()): Promise<string> {
  const url = new URL(`${PAGE}.data`, attacked.app.address);
  const body = new URLSearchParams(form);
  return (await fetch(url, { method: "POST", redirect: "manual", headers, body })).text();
}

/** The most that the app's process has held. */
function peakMegabytes(): number {
  const [, kilobytes = "0"] =
    /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${attacked.app.pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1_000;
}

/** As a browser sends what has no known length; answers how many pieces of it were taken. */
async function stream(piece: string, times: number): Promise<{ answer: FileReading; pieces: number }> {
  let pieces = 0;
  async function* body() {
    yield Buffer.from(`${JSON.stringify(said())}\nEmail,Points\n`);
    for (; pieces < times; pieces += 1) yield Buffer.from(piece);
    await Promise.resolve();
  }
  const asked = request(new URL(FILE, attacked.app.address), { method: "POST", headers: asMerchant() });
  const answered = once(asked, "response") as Promise<[IncomingMessage]>;
  // Who is refused is not listened to any longer.
  const sending = pipeline(Readable.from(body()), asked).catch(() => undefined);
  const [answer] = await answered;
  const read = JSON.parse(await text(answer)) as FileReading;
  asked.destroy();
  await sending;
  return { answer: read, pieces };
}

test("who is no merchant of a shop sends no file", async () => {
  const before = attacked.everything();
  const { Authorization: token = "", ...browser } = asMerchant();
  for (const wrong of [null, "Bearer a.b.c", `${token.slice(0, -4)}AAAA`]) {
    const headers = { ...browser, ...(wrong !== null && { Authorization: wrong }) };
    const { status } = await sent("Email,Points\na@b,5\n", { headers });
    expect([302, 400, 401, 410]).toContain(status);
  }
  expect(attacked.everything()).toBe(before);
});

test("a file that says to be too large is refused unread", async () => {
  const before = attacked.everything();
  const headers = { ...asMerchant(), "Content-Length": 300 * MEGABYTE };
  const asked = request(new URL(FILE, attacked.app.address), { method: "POST", headers });
  asked.on("error", () => undefined);
  asked.write("x");
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  asked.destroy();
  expect(answer.statusCode).toBe(413);
  expect(attacked.everything()).toBe(before);
});

test("whatever its length, a file costs the memory of one piece, and what is told of it has an end", async () => {
  const held = peakMegabytes();
  const endless = await stream("x".repeat(PIECE), (200 * MEGABYTE) / PIECE);
  expect(endless.answer).toMatchObject({ message: expect.stringMatching(/too long/) as string });
  expect(endless.pieces).toBeLessThan(1_000);

  const line = 'nobody-of-the-shop@example.com,15,"a, note"\n';
  const lines = Math.floor(PIECE / line.length);
  const times = Math.ceil((MEGABYTES * MEGABYTE) / PIECE);
  const long = (await stream(line.repeat(lines), times)).answer;
  if (!long.ok) throw new Error(long.message);
  expect(long.read.report.notGiven.unmatched.rows).toBe(lines * times);
  expect(addsUp(long.read.report)).toBe(true);
  expect(peakMegabytes() - held).toBeLessThan(150);

  // Of rows of two reasons in turn each is told by itself.
  const many = await stream(",\n-1,1\n".repeat(PIECE / 8), 300);
  expect(many.answer).toMatchObject({ message: expect.stringMatching(/more than 2,000,000 rows/) as string });
  expect(peakMegabytes() - held).toBeLessThan(500);
  expect(await given()).toMatchObject({ rows: 0 });
}, 600_000);

test("what is no table in UTF-8 is refused with what to do", async () => {
  const table = `Email,Points\n${EMAIL},5\n`;
  const sixteen = Buffer.from(table, "utf16le");
  for (const [file, message] of [
    [Buffer.concat([Buffer.from([0xff, 0xfe]), sixteen]), /UTF-8/],
    [sixteen, /UTF-8/],
    [Buffer.from(sixteen).swap16(), /UTF-8/],
    [Buffer.from(`Email,Points\nr\u00e9n\u00e9e@example.com,5\n`, "latin1"), /UTF-8/],
    [`Email,Points\n${EMAIL},5\0\n`, /UTF-8/],
    [`Email,Points\n${EMAIL}\0,5\n`, /UTF-8/],
    [Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), /UTF-8/],
    [Buffer.from("504b030414000600", "hex"), /UTF-8/],
    ["<!doctype html><title>Sign in</title>\n", /1 column. Is the separator right/],
    ['{"members": [1]}', /1 column/],
    ["Email,Points\n", /no rows/],
    ["", /empty/],
    [`Email,Points\n"${EMAIL},5\n`, /quotation mark/],
  ] as const)
    expect(await refusal(file)).toMatch(message);
});

test("points that are none give nothing, and rows that come twice count once", async () => {
  const wrong = [
    ..."-5 -0.5 NaN Infinity 1e309 1e3 0x10 1_000 5; ５ ++5 1.2.3 1000000001 99999999999999999999999999 =1+1 {{5}} <b>5</b>".split(
      " ",
    ),
    ..."1,00 1,0000".split(" ").map((text) => `"${text}"`),
  ];
  const rows = wrong.map((points) => `${EMAIL},${points}`);
  const told = await read(`Email,Points\n${rows.join("\n")}\n${EMAIL},1\n${EMAIL.toUpperCase()},900\n`);
  if (!told.ok) throw new Error(told.message);
  const { report } = told.read;
  expect(report.matched).toEqual({ rows: 1, points: 1 });
  expect(report.in).toEqual({ rows: wrong.length + 2, points: 901 });
  expect(report.notGiven).toMatchObject({
    ...{ duplicate: { rows: 1, points: 900 }, "negative-points": { rows: 2, points: 0 } },
    ...{ "too-many-points": { rows: 2, points: 0 }, "not-points": { rows: wrong.length - 4, points: 0 } },
  });
  expect(addsUp(report)).toBe(true);
  expect(await given()).toMatchObject({ rows: 1, members: 2, transactions: 2 });
});

test("what is hostile in a field is kept nowhere, and runs in no spreadsheet that it is handed back to", async () => {
  const hostile = [
    ...[
      "<script>alert(1)</script>",
      "{{ shop.metafields | json }}",
      "{% include 'x' %}",
      '=HYPERLINK("http://x")',
    ],
    ...[
      "+1+cmd|' /C calc'!A0",
      "-2+3",
      "@SUM(1)",
      "\t=1+1",
      '\'; DROP TABLE "Lot"; --',
      "\u202e${process.env}",
    ],
  ];
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const wide = Array.from({ length: 1_000 }, (_, index) => `Column ${index}`).join(",");
  const rowsOf = (text: string) => [
    ...[
      [text, "5", "", "", "", ""],
      [EMAIL, text, "", "", "", ""],
      [EMAIL, "5", text, "", "", ""],
    ],
    ...[
      [EMAIL, "5", "", text, "", ""],
      [EMAIL, "5", "", "", text, ""],
      [EMAIL, "5", "", "", "", text],
    ],
  ];
  const rows = hostile.flatMap(rowsOf);
  const file = [
    wide,
    ...rows.map((cells) => [...cells.map(quoted), ...Array<string>(994).fill("")].join(",")),
  ].join("\n");
  const columns = { email: 0, points: 1, tier: 2, birthday: 3, expiry: 4, referrals: 5 };
  const told = await read(file, { columns });
  if (!told.ok) throw new Error(told.message);
  const { report, leftOut } = told.read;
  expect(addsUp(report)).toBe(true);
  expect(report.in.rows).toBe(rows.length);
  expect(report.matched.rows).toBe(1);
  expect(report.unknownTiers).toBe(1);
  const parts = Object.entries(leftOut).map(([because, spans]) => ({ because, spans }));
  const back = await (await leftOutFile(new Blob([file]), ",", parts)).text();
  const handed = [...csvReader(",").push(back)].slice(1).map(({ cells }) => cells.slice(2, 8));
  expect(handed).toHaveLength(rows.length - 1);
  for (const cell of handed.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  for (const text of hostile) expect(back).toContain(quoted(text).slice(2, -2));
  for await (const { table, column, value: text } of everyColumn(attacked.db))
    for (const mark of ["alert(1)", "shop.metafields", "HYPERLINK", "cmd|", "DROP TABLE", EMAIL])
      expect(text.includes(mark), `${mark} in ${table}.${column}`).toBe(false);
  expect(attacked.app.output()).not.toMatch(/alert\(1\)|HYPERLINK|attacked@/);

  const before = attacked.everything();
  for (const [wrong, message] of [
    [{ ...columns, referrals: 1_000 }, /not what the page sends/],
    [{ points: 1 }, /e-mail/],
  ] as const)
    expect(await read(file, { columns: wrong })).toMatchObject({
      message: expect.stringMatching(message) as string,
    });
  // What was counted before is still there to be confirmed.
  expect(attacked.everything()).toBe(before);
});

test("another shop's import is nobody's, by whichever way", async () => {
  const { db, other, open } = attacked;
  const theirs = randomUUID();
  await db.write((tx) =>
    addImport(tx, other.shopId, { id: theirs, operation: "gid://shopify/BulkOperation/1", startedAt: 1 }),
  );
  for (const state of ["counted", "applied"]) {
    await db.write((tx) =>
      tx.prisma.pointsImport.updateMany({ where: { id: theirs }, data: { state, rows: 1 } }),
    );
    const before = attacked.everything();
    expect(await act({ intent: "apply", id: theirs })).toContain("nothing to confirm");
    expect(await act({ intent: "cancel", id: theirs })).toContain("nothing to confirm");
    expect(await act({ intent: "undo", id: theirs, spent: "owed" })).toContain("nothing to undo");
    const shown = await fetch(new URL(`${PAGE}.data?undo=${theirs}`, attacked.app.address), {
      headers: asMerchant(),
    });
    expect(await shown.text()).not.toContain(theirs);
    const answer = await sent(`Email,Points\n${EMAIL},5\n`, { options: { id: theirs } });
    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
      ...[422, "This import has ended. Begin a new one."],
    ]);
    for (const form of [
      { intent: "apply" },
      { intent: "apply", id: "../1" },
      { intent: "undo", id: theirs, spent: "all" },
    ])
      expect(await act(form as Record<string, string>)).not.toContain('"ok":true');
    expect(attacked.everything()).toBe(before);
  }
  expect(await findImport(db, open.shopId, theirs)).toBeNull();
});
