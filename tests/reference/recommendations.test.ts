/** The lists on TaFeng, each customer's last order held out, as somebody's file is evaluated; and what the command says of bad input. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { holdOutLastOrder } from "../../app/core/recommendations/hold-out-last-order.ts";
import { readBaskets } from "../../scripts/evaluate/read-baskets.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const TAFENG = path.resolve(process.env.DATA_DIR ?? "data", "tafeng.csv.gz");
const hasTafeng = existsSync(TAFENG);
if (!hasTafeng) console.log(`skipped: ${TAFENG} is missing (DATA_DIR names the folder; see the README)`);

const COLUMNS = "customer=customer,order=order,product=product,date=date";

it.skipIf(!hasTafeng)(
  "on TaFeng buying again and discovering are better than the best published row",
  async () => {
    const options = { file: TAFENG, columns: COLUMNS, dates: undefined, timeZone: "UTC", json: false };
    const { history, account } = await readBaskets(options);
    expect([history.customerCount, history.productCount, account.skipped]).toEqual([13_858, 11_997, []]);
    const lists = holdOutLastOrder(history, ["buy-again", "for-you", "popular"]);

    const popular = lists.get("popular");
    expect(popular).toMatchObject({ customers: 13_858 });
    expect(popular?.recall).toBeCloseTo(0.0803, 4);
    expect(popular?.ndcg).toBeCloseTo(0.0842, 4);
    expect(popular?.hitRate).toBeCloseTo(0.2489, 4);
    expect(popular?.newRecall).toBeCloseTo(0.0573, 4);

    expect(lists.get("buy-again")?.recall).toBeGreaterThan(0.1351);
    expect(lists.get("buy-again")?.ndcg).toBeGreaterThan(0.1163);
    expect(lists.get("for-you")?.newRecall).toBeGreaterThan(0.0722);
  },
);

describe("npm run evaluate", () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "evaluate-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function evaluate(...args: string[]) {
    const program = [path.join(ROOT, "scripts/run.mjs"), path.join(ROOT, "scripts/evaluate.ts"), ...args];
    return promisify(execFile)(process.execPath, program).then(
      ({ stdout }) => ({ ok: true, said: stdout }),
      (error: { stderr: string }) => ({ ok: false, said: error.stderr }),
    );
  }

  it("tells every list as JSON, and in one sentence what it cannot do", async () => {
    const file = path.join(folder, "orders.csv");
    const rows = ["a,1,tea,2024-01-01", "a,2,tea,2024-01-02", "b,3,tea,2024-01-03", "b,1,milk,2024-01-04"];
    writeFileSync(file, ["customer,order,product,date", ...rows, ",9,tea,2024-01-01", ""].join("\n"));
    const told = await evaluate("recommendations", file, "--columns", COLUMNS, "--json");
    const { customers, lists } = JSON.parse(told.said) as { customers: number; lists: { list: string }[] };
    expect(customers).toBe(1);
    expect(lists.map(({ list }) => list)).toEqual([
      "buy-again",
      "for-you",
      "popular",
      "personal-frequency",
      "item-knn",
    ]);
    expect(lists[0]).toMatchObject({ recall10: 1, ndcg10: 1, hitRate10: 1, newRecall10: 0 });
    expect((await evaluate("recommendations", file, "--columns", COLUMNS)).said).toContain(
      "1 skipped: the order is another customer's",
    );

    expect(await evaluate("recommendations", file, "--columns", "customer=customer,date=date")).toEqual({
      ok: false,
      said: "--columns names no order column.\n",
    });
    writeFileSync(file, ["customer,order,product,date", ...rows.slice(0, 1), ""].join("\n"));
    expect((await evaluate("recommendations", file, "--columns", COLUMNS)).said).toBe(
      "No customer of this file has a second order, so there is nothing to hold a list against.\n",
    );
    expect((await evaluate("segments", file)).ok).toBe(false);
  });
});
