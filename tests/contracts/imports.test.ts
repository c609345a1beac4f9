/** What another app kept of members is taken over once, as it was told before, adds up, names nobody at rest, and can be undone. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { adjust, undoAdjustment, type Adjusting } from "../../app/core/loyalty/adjust.ts";
import { guessColumns } from "../../app/core/loyalty/import-columns.ts";
import { addsUp, type ImportReport } from "../../app/core/loyalty/import-report.ts";
import type { LedgerTransaction } from "../../app/core/loyalty/ledger.ts";
import type { Change, MemberAccount } from "../../app/core/loyalty/member-account.ts";
import { differences } from "../../app/db/queries/ledger-proof.server.ts";
import { forgetCustomer } from "../../app/db/stores/customers.server.ts";
import { lockAccounts, saveChanges } from "../../app/db/stores/ledger.server.ts";
import { addMembers, membersOf } from "../../app/db/stores/members.server.ts";
import { findImport } from "../../app/db/stores/points-imports.server.ts";
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import { changeShop, findShopById } from "../../app/db/stores/shops.server.ts";
import { memberTiers } from "../../app/db/stores/tiers.server.ts";
import { exportEverything } from "../../app/services/exports/export-everything.server.ts";
import { applyImport } from "../../app/services/imports/apply-import.server.ts";
import { importBirthdays } from "../../app/services/imports/birthdays.server.ts";
import { changeImports } from "../../app/services/imports/change-imports.server.ts";
import type { ImportOptions } from "../../app/core/loyalty/import-file.ts";
import { openImportMembers } from "../../app/services/imports/open-import-members.server.ts";
import { openImports } from "../../app/services/imports/open-imports.server.ts";
import { readImportFile } from "../../app/services/imports/read-import-file.server.ts";
import { undoImportRows } from "../../app/services/imports/undo-import.server.ts";
import * as actions from "../../devstore/state/actions.ts";
import { describeOnBothDatabases } from "../support/database.ts";
import { everyColumn } from "../support/every-column.ts";
import { startLocalShopify, type LocalShopify } from "../support/local-shopify.ts";
import { makeRules } from "../support/loyalty-rules.ts";
import { unzipped } from "../support/unzipped.ts";
import { openShop, value, workEvents } from "../support/open-shop.ts";
import { START } from "../support/orders.ts";

let local: LocalShopify;
beforeAll(async () => {
  local = await startLocalShopify();
});
afterAll(() => local.stop());

const signal = () => AbortSignal.timeout(60_000);
const tier = { perks: [], sold: [], factorPercent: 100, entryPoints: 500, entryRewardId: null };
const LADDER = [
  { ...tier, id: "silver", name: "Silver", threshold: null },
  { ...tier, id: "gold", name: "Gold", threshold: null },
];
const TIERS = { by: "spend", period: "lifetime", graceDays: 0, ladder: LADDER } as const;

describeOnBothDatabases("imports from other apps", (open) => {
  async function openImport(customers: number) {
    const at = await openShop(local, await open());
    const { db, shopId } = at;
    at.shop.installation?.scopes.push("write_customers");
    const others = Array.from({ length: customers }, (_, index) =>
      value(actions.createCustomer(local.world, at.shop, { email: `Person${index}@example.com` })),
    );
    await db.write(async (tx) => {
      await changeShop(tx, shopId, { scopes: at.shop.installation?.scopes.join(",") ?? "" });
      await saveProgramme(tx, shopId, { state: "running", membership: "joining", startedAt: START });
      await addProgrammeVersion(tx, shopId, START, makeRules({ expiryMonths: 12, tiers: TIERS }));
    });
    const shop = await findShopById(db, shopId);
    if (!shop) throw new Error("no shop");
    const begin = async () => {
      const id = randomUUID();
      expect(await changeImports(db, shop, { intent: "begin", id })).toMatchObject({ ok: true });
      await expect
        .poll(async () => (await openImports(db, shop, null))?.customers?.state, { timeout: 20_000 })
        .toBe("ready");
      return id;
    };
    const said = (id: string): ImportOptions => ({
      ...{ id, separator: ",", decimal: ".", dates: "ymd", tiers: {}, tierUntil: null, again: false },
      columns: { email: 0, points: 1 },
    });
    const send = (id: string, text: string, options: Partial<ImportOptions> = {}, piece = 60_000) => {
      const head = JSON.stringify({ ...said(id), ...options });
      return readImportFile(db, shop, inPieces(`${head}\n${text}`, piece), signal());
    };
    const read = async (...args: Parameters<typeof send>) => {
      const sent = await send(...args);
      if (!sent.ok) throw new Error(sent.message);
      expect(addsUp(sent.read.report)).toBe(true);
      return sent.read;
    };
    const apply = async (id: string) => {
      expect(await changeImports(db, shop, { intent: "apply", id })).toMatchObject({ ok: true });
      await applyImport(db, shopId, id, signal());
    };
    const undo = async (id: string, spent: "left" | "owed") => {
      expect(await changeImports(db, shop, { intent: "undo", id, spent })).toMatchObject({ ok: true });
      await undoImportRows(db, shopId, id, signal());
    };
    const balances = async () => {
      const { _sum } = await db.prisma.memberBalance.aggregate({ _sum: { available: true, debt: true } });
      return { available: Number(_sum.available ?? 0), debt: Number(_sum.debt ?? 0) };
    };
    const expectProof = async () =>
      expect(await db.write((tx) => differences(tx, shopId))).toEqual({ balances: 0, lots: 0 });
    return {
      ...at,
      shop,
      world: at.shop,
      others,
      begin,
      said,
      send,
      read,
      apply,
      undo,
      balances,
      expectProof,
    };
  }

  it("counts every row and point once, gives them once, and names nobody at rest", async () => {
    const at = await openImport(6);
    const { db, shopId, others } = at;
    const [first, second, third] = others.map(({ id }) => id);
    const id = await at.begin();
    const rows = [
      "Email,Points Balance,VIP Tier,Birthdate,Expiry,Referrals",
      ' PERSON0@example.com ,"1,250",gold,1990-05-27,,3',
      "person1@example.com,300.5,Silver,,2020-01-01,",
      "person2@example.com,70,Platinum,,2090-01-01,",
      "person0@example.com,9,,,,",
      "nobody@example.com,1000,,,,",
      "person3@example.com,-5,,,,",
      "person4@example.com,1e309,,,,",
      "person5@example.com,8,,27.05.1990,,",
      '=HYPERLINK("x"),5,<script>,,,',
    ];
    const columns = { email: 0, points: 1, tier: 2, birthday: 3, expiry: 4, referrals: 5 };
    const told = await at.read(id, rows.join("\r\n"), { columns }, 7);
    const none = { rows: 0, points: 0 };
    expect(told.report).toEqual({
      ...{ in: { rows: 9, points: 1250 + 300 + 70 + 9 + 1000 + 8 + 5 }, matched: { rows: 3, points: 1320 } },
      ...{ expired: { rows: 1, points: 300 }, newMembers: 3, rounded: 1, otherOrder: 1, largest: 1250 },
      ...{ tiers: { gold: 1, silver: 1 }, unknownTiers: 1, endedTiers: 0, referrals: 3 },
      ...{ birthdays: 1, birthdaysLeft: 0 },
      notGiven: {
        ...{ unmatched: { rows: 1, points: 1000 }, duplicate: { rows: 1, points: 9 }, already: none },
        ...{ "no-customer": { rows: 1, points: 5 }, "not-points": { rows: 1, points: 0 } },
        ...{ "negative-points": { rows: 1, points: 0 }, "too-many-points": none, "not-a-count": none },
        ...{ "not-a-date": { rows: 1, points: 8 }, "too-few-columns": none },
      },
    } satisfies ImportReport);
    expect(told.leftOut).toMatchObject({ unmatched: [[5, 5]], duplicate: [[4, 4]], "no-customer": [[9, 9]] });
    expect(told.faults.map(({ line }) => line)).toEqual([7, 8, 9, 10]);
    expect(told.unknownTiers).toEqual([{ name: "Platinum", rows: 1 }]);
    expect(await at.balances()).toEqual({ available: 0, debt: 0 });
    expect(await db.prisma.member.count()).toBe(0);

    await at.apply(id);
    expect(await changeImports(db, at.shop, { intent: "apply", id })).toMatchObject({ ok: false });
    await applyImport(db, shopId, id, signal());
    expect(await at.balances()).toEqual({ available: 1320, debt: 0 });
    await at.expectProof();
    const members = await membersOf(db, shopId, [first ?? 0, second ?? 0, third ?? 0]);
    const tiers = await memberTiers(db, shopId, [...members.values()]);
    expect([...members.values()].map((member) => tiers.get(member)?.tierId ?? null)).toEqual([
      ...["gold", "silver", null],
    ]);
    // Taking a tier over is no entering: nobody is promised its 500 points.
    expect(await db.prisma.tierEntry.count({ where: { rewardAt: { not: null } } })).toBe(0);
    const lots = await db.prisma.lot.findMany({ where: { kind: "import" }, orderBy: { points: "desc" } });
    expect(lots.map(({ points }) => Number(points))).toEqual([1250, 70]);
    expect(Number(lots[1]?.expiresAt)).toBe(Date.parse("2090-01-02T05:00:00Z"));

    await expect
      .poll(
        async () => {
          await importBirthdays(db, shopId, id, signal());
          return (await findImport(db, shopId, id))?.birthdaysOutcome;
        },
        { timeout: 20_000 },
      ) // prettier-ignore
      .toEqual({ written: 1, kept: 0, refused: 0 });
    const fields = at.world.metafields.get(`gid://shopify/Customer/${first}`);
    expect([...(fields?.values() ?? [])].map(({ key, value: text }) => [key, text])).toContainEqual([
      ...["birthday", "05-27"],
    ]);

    const marks = ["person0", "person1", "nobody@", "05-27", "platinum", "<script"];
    for await (const { table, column, value: text } of everyColumn(db))
      for (const mark of marks)
        expect(text.toLowerCase().includes(mark), `${mark} in ${table}.${column}`).toBe(false);
    expect(await db.prisma.pointsImportRow.count({ where: { customerId: { not: null } } })).toBe(0);
  });

  it("lists its members page by page in the order of the file, narrowed to a tier or a customer, before and after", async () => {
    const at = await openImport(120);
    const { db, others } = at;
    const id = await at.begin();
    const rows = others.map(
      (_, index) => `person${index}@example.com,${index},${index % 40 === 7 ? "Gold" : ""}`,
    );
    // Between others' rows are some of nobody's: places stay the file's.
    rows.splice(60, 0, ...Array.from({ length: 5 }, () => "nobody@example.com,9,"));
    await at.read(id, ["email,points,tier", ...rows].join("\n"), {
      columns: { email: 0, points: 1, tier: 2 },
    });
    const look = async (query: string) => {
      const page = await openImportMembers(db, at.shop, new URLSearchParams(query));
      if (!page) throw new Error("no programme");
      await page.customerNames;
      return page;
    };
    const all = async () => {
      const found = [];
      for (let after: number | null = 0; after !== null;) {
        const page: Awaited<ReturnType<typeof look>> = await look(`import=${id}&after=${after}`);
        expect(page.members.length).toBeLessThanOrEqual(50);
        found.push(...page.members);
        after = page.next;
      }
      return found;
    };
    const ids = others.map((customer) => customer.id);
    const places = ids.map((_, index) => (index < 60 ? index + 1 : index + 6));
    for (const isGiven of [false, true]) {
      const members = await all();
      expect(members.map(({ customerId }) => customerId)).toEqual(ids);
      expect(members.map(({ row }) => row)).toEqual(places);
      const left = ids.map((_, index) => (isGiven && index > 0 ? index : null));
      expect(members.map((member) => member.left)).toEqual(left);
      const gold = (await look("tier=gold&after=0")).members;
      expect(gold.map(({ points, tierId }) => [points, tierId])).toEqual([7, 47, 87].map((n) => [n, "gold"]));
      expect((await look(`customer=${ids[99]}`)).members).toMatchObject([{ row: 105, points: 99 }]);
      for (const nobodys of ["customer=5", "customer=x", `customer=${ids[1]}&tier=gold`])
        expect((await look(nobodys)).members).toEqual([]);
      if (!isGiven) await at.apply(id);
    }
    const [from = 0, to = 0] = ids.slice(20, 22);
    value(actions.mergeCustomers(local.world, at.world, { customerOneId: from, customerTwoId: to }));
    await workEvents(local, at);
    const left = at.world.customers.has(to) ? to : from;
    expect((await look(`customer=${left}`)).members.map(({ row, customerId }) => [row, customerId])).toEqual([
      [21, left],
      [22, left],
    ]);
  });

  it("counts birthdays as left where Shopify does not allow to write them, and brings them once it does", async () => {
    const at = await openImport(2);
    const scopes = at.shop.scopes;
    at.shop.scopes = scopes.replaceAll("write_customers", "read_themes");
    const id = await at.begin();
    const text = "email,points,birthday\nperson0@example.com,5,1990-05-27\nperson1@example.com,5,";
    const columns = { email: 0, points: 1, birthday: 2 };
    expect((await at.read(id, text, { columns })).report).toMatchObject({ birthdays: 0, birthdaysLeft: 1 });
    expect((await findImport(at.db, at.shopId, id))?.birthdaysPath).toBeNull();
    at.shop.scopes = scopes;
    expect((await at.read(id, text, { columns })).report).toMatchObject({ birthdays: 1, birthdaysLeft: 0 });
    expect((await findImport(at.db, at.shopId, id))?.birthdaysPath).not.toBeNull();
  });

  it("knows what was imported before, and takes it back with what was spent left or owed", async () => {
    const at = await openImport(4);
    const { db, shopId, others } = at;
    const ids = others.map(({ id }) => id);
    const file = "email;points\nperson0@example.com;100\nperson1@example.com;100\nperson2@example.com;100\n";
    const semicolon = { separator: ";" } as const;
    const adjustBy = async (customerId: number, points: number) => {
      await db.write(async (tx) => {
        const memberId = (await membersOf(tx, shopId, [customerId])).get(customerId) ?? 0;
        const account = (await lockAccounts(tx, shopId, [memberId])).get(memberId);
        const made =
          account && adjust(account, { id: randomUUID(), points, reason: "", expiresAt: null }, Date.now());
        if (!made?.ok) throw new Error("not adjusted");
        await saveChanges(tx, shopId, [made]);
      });
    };
    const first = await at.begin();
    await at.read(first, file, semicolon);
    await at.apply(first);
    // One spends a part, another all and earns other points since.
    await adjustBy(ids[0] ?? 0, -60);
    await adjustBy(ids[1] ?? 0, -100);
    await adjustBy(ids[1] ?? 0, 30);

    const second = await at.begin();
    const known = await at.read(second, `${file}person3@example.com;5\n`, semicolon);
    expect(known.report).toMatchObject({
      matched: { rows: 1, points: 5 },
      notGiven: { already: { rows: 3, points: 300 } },
    });
    expect(known.sameFileAt).toBeNull();
    expect((await at.read(second, file, semicolon)).sameFileAt).not.toBeNull();
    expect((await at.read(second, file, { ...semicolon, again: true })).report.matched.points).toBe(300);
    expect(await changeImports(db, at.shop, { intent: "cancel", id: second })).toMatchObject({ ok: true });
    await applyImport(db, shopId, second, signal());
    expect(await db.prisma.pointsImportRow.count({ where: { importId: second } })).toBe(0);

    expect((await openImports(db, at.shop, first))?.undo).toMatchObject({
      given: 300,
      available: 140,
      expired: 0,
    });
    await at.undo(first, "left");
    expect(await at.balances()).toEqual({ available: 30, debt: 0 });
    await at.expectProof();
    await undoImportRows(db, shopId, first, signal());
    expect(await findImport(db, shopId, first)).toMatchObject({ state: "undone", takenPoints: 140 });

    // What was undone can come again.
    const third = await at.begin();
    expect((await at.read(third, file, semicolon)).report.matched.points).toBe(300);
    await at.apply(third);
    await adjustBy(ids[2] ?? 0, -100);
    await at.undo(third, "owed");
    expect(await at.balances()).toEqual({ available: 30, debt: 100 });
    await at.expectProof();
  });

  it("owes again what an import had paid, and gives nothing to who was erased meanwhile", async () => {
    const at = await openImport(2);
    const { db, shopId, others } = at;
    const [owing, leaving] = others.map(({ id }) => id);
    await db.write(async (tx) => {
      const members = await addMembers(tx, shopId, [owing ?? 0], START);
      const account = (await lockAccounts(tx, shopId, members.values())).get(members.get(owing ?? 0) ?? 0);
      if (!account) throw new Error("no account");
      const given = adjust(account, { id: "a", points: 40, reason: "", expiresAt: null }, START);
      if (!given.ok) throw new Error("not given");
      const spent = adjust(given.account, { id: "b", points: -40, reason: "", expiresAt: null }, START);
      if (!spent.ok) throw new Error("not spent");
      await saveChanges(tx, shopId, [given, spent, undoAdjustment(spent.account, lastOf(given), "", START)]);
    });
    expect(await at.balances()).toEqual({ available: 0, debt: 40 });
    const id = await at.begin();
    await at.read(id, "Email,Points\nperson0@example.com,100\nperson1@example.com,7\n");
    await db.write((tx) => forgetCustomer(tx, shopId, leaving ?? 0, Date.now()));
    await at.apply(id);
    expect(await at.balances()).toEqual({ available: 60, debt: 0 });
    await at.undo(id, "left");
    expect(await at.balances()).toEqual({ available: 0, debt: 40 });
    await at.expectProof();
  });

  it("owes again what an import paid later, when its points came back from a reward to a member who owed", async () => {
    const at = await openImport(1);
    const { db, shopId, others } = at;
    const id = await at.begin();
    await at.read(id, "Email,Points\nperson0@example.com,50\n");
    await at.apply(id);
    const memberId = (await membersOf(db, shopId, [others[0]?.id ?? 0])).get(others[0]?.id ?? 0) ?? 0;
    const account = (lots: string[]) => db.write(async (tx) => (await lockAccounts(tx, shopId, [memberId], lots)).get(memberId)); // prettier-ignore
    const save = async (decide: (from: MemberAccount) => Adjusting, lots: string[] = []) => {
      const from = await account(lots);
      const change = from && decide(from);
      if (!change?.ok) throw new Error("not decided");
      await db.write((tx) => saveChanges(tx, shopId, [change]));
      return lastOf(change);
    };
    const giving = (name: string, points: number) => (from: MemberAccount) =>
      adjust(from, { id: name, points, reason: "", expiresAt: null }, Date.now());
    const undoing = (done: LedgerTransaction) => (from: MemberAccount) => ({
      ...{ ok: true as const, ...undoAdjustment(from, done, "", Date.now()) },
    });
    // All 50 and 30 others are spent; the 30 are taken back, which is owed; then the first spending is undone, which pays it.
    const spent = await save(giving("spent", -50));
    const given = await save(giving("given", 30));
    await save(giving("gone", -30));
    await save(undoing(given), ["adjust/given/0"]);
    expect(await at.balances()).toEqual({ available: 0, debt: 30 });
    const lot = await db.prisma.lot.findFirst({ where: { shopId, kind: "import" } });
    await save(undoing(spent), [lot?.id ?? ""]);
    expect(await at.balances()).toEqual({ available: 20, debt: 0 });
    await at.undo(id, "left");
    expect(await at.balances()).toEqual({ available: 0, debt: 30 });
    await at.expectProof();
  });

  it("stops anywhere and goes on where it was, and counts the later of two files sent at once", async () => {
    const at = await openImport(2_000);
    const { db, shopId } = at;
    const lines = at.others.map(({ email }, index) => `${email},${index}`);
    const id = await at.begin();
    const file = `Email,Points\n${lines.join("\n")}`;
    const both = await Promise.all([at.send(id, file), at.send(id, file)]);
    expect(both.map(({ ok }) => ok)).toContain(true);
    expect(await db.prisma.pointsImportRow.count({ where: { importId: id } })).toBe(2_000);
    expect(await changeImports(db, at.shop, { intent: "apply", id })).toMatchObject({ ok: true });
    const stopping = new AbortController();
    const write = db.write.bind(db);
    let steps = 0;
    const dying = {
      ...db,
      write: ((work) => write(work).finally(() => (steps += 1) === 2 && stopping.abort())) as typeof write,
    };
    await expect(applyImport(dying, shopId, id, stopping.signal)).rejects.toThrow();
    const half = await at.balances();
    expect(half.available).toBeGreaterThan(0);
    await at.expectProof();
    await Promise.all([applyImport(db, shopId, id, signal()), applyImport(db, shopId, id, signal())]);
    expect(await at.balances()).toEqual({ available: (1_999 * 2_000) / 2, debt: 0 });
    expect(await db.prisma.lot.count({ where: { kind: "import" } })).toBe(1_999);
    expect(await changeImports(db, at.shop, { intent: "undo", id, spent: "left" })).toMatchObject({
      ok: true,
    });
    await Promise.all([undoImportRows(db, shopId, id, signal()), undoImportRows(db, shopId, id, signal())]);
    expect(await at.balances()).toEqual({ available: 0, debt: 0 });
    await at.expectProof();
  });

  it("says what is wrong with a file, and changes nothing", async () => {
    const at = await openImport(1);
    const id = await at.begin();
    const refusal = async (text: string, options: Partial<ImportOptions> = {}) => {
      const sent = await at.send(id, text, options);
      return sent.ok ? null : sent.message;
    };
    expect(await refusal("Email;Points\nperson0@example.com;5\n")).toMatch(
      /1 column. Is the separator right/,
    );
    expect(await refusal("")).toMatch(/empty/);
    expect(await refusal("Email,Points\n")).toMatch(/no rows/);
    expect(await refusal("Email,Points\nperson0@example.com,5\n", { columns: { points: 1 } })).toMatch(
      /e-mail/,
    );
    expect(await refusal('Email,Points\n"person0@example.com,5\n')).toMatch(/Line 2: .*quotation mark/);
    expect(await refusal(`Email,Points\n${"x".repeat(300_000)}`)).toMatch(/too long/);
    const latin = [
      Buffer.from(`${JSON.stringify(at.said(id))}\nEmail,Points\n`),
      Buffer.from([0xe9, 0x2c, 0x35]),
    ];
    expect(await readImportFile(at.db, at.shop, pieces(latin), signal())).toMatchObject({
      message: expect.stringMatching(/UTF-8/) as string,
    });
    for (const wrong of [
      "",
      "{}",
      "null",
      `${JSON.stringify({ ...at.said(id), more: 1 })}`,
      "{".repeat(9_000),
    ])
      expect(
        await readImportFile(at.db, at.shop, pieces([Buffer.from(`${wrong}\nEmail`)]), signal()),
      ).toMatchObject({
        ok: false,
      });
    expect(await refusal("Email,Points\na@b,5", { id: randomUUID() })).toMatch(/ended/);
    expect(await findImport(at.db, at.shopId, id)).toMatchObject({ report: null, rows: 0 });
    expect(await changeImports(at.db, at.shop, { intent: "apply", id })).toMatchObject({ ok: false });
    expect(await changeImports(at.db, at.shop, { intent: "begin", id: "x" })).toBeNull();
    // The import goes on with a file that can be read.
    expect((await at.read(id, "\uFEFFEmail,Points\r\nperson0@example.com,5\r\n")).report.matched.points).toBe(
      5,
    );
  });

  it("reads the members of an archive of everything again, which names nobody and runs nothing in a spreadsheet", async () => {
    const at = await openImport(3);
    const { db, shopId } = at;
    const id = await at.begin();
    await at.read(id, "Email,Points\nperson0@example.com,100\nperson1@example.com,20\n");
    await at.apply(id);
    const segment = { shopId, name: "=cmd|x", rule: "[]", updatedAt: 1 };
    await db.write((tx) => tx.prisma.segment.create({ data: segment }));
    const packed: Uint8Array[] = [];
    for await (const piece of exportEverything(db, at.shop)) packed.push(piece);
    const files = unzipped(Buffer.concat(packed));
    for (const name of [
      "README.txt",
      "settings.json",
      "rules.json",
      "activities.json",
      "tiers.json",
      "tables/Lot.csv",
    ])
      expect(files.get(name), name).toBeTruthy();
    expect(files.get("points-programme.ndjson")?.trim().split("\n").at(-1)).toMatch(/sha256/);
    expect(files.get("tables/Segment.csv")).toContain(`'=cmd|x,`);
    const members = files.get("members.csv") ?? "";
    const [heading = ""] = members.split("\r\n");
    const columns = guessColumns(heading.split(","));
    expect(columns).toEqual({ customerId: 0, points: 1, tier: 4 });
    const again = await at.begin();
    const known = await at.read(again, members, { columns });
    expect(known.report.notGiven.already).toEqual({ rows: 2, points: 120 });
    const twice = await at.read(again, members, { columns, again: true });
    expect(twice.report.matched).toEqual({ rows: 2, points: 120 });
    for (const contents of files.values()) expect(contents.toLowerCase()).not.toContain("person0");
  });
});

async function* pieces(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list;
  await Promise.resolve();
}

function lastOf({ transactions }: Change): LedgerTransaction {
  const last = transactions.at(-1);
  if (!last) throw new Error("nothing was written");
  return last;
}

async function* inPieces(text: string, piece: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += piece) yield bytes.subarray(from, from + piece);
  await Promise.resolve();
}
