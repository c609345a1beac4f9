/** The command that analyses a file, as somebody runs it: the published figures of CDNOW, the lines per customer, and its refusals. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CDNOW = path.resolve(process.env.DATA_DIR ?? "data", "cdnow_sample.csv");
const hasCdnow = existsSync(CDNOW);
if (!hasCdnow) console.log(`skipped: ${CDNOW} is missing (DATA_DIR names the folder; see the README)`);

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "analyze-"))));
afterAll(() => rmSync(folder, { recursive: true }));

async function analyze(...args: string[]): Promise<string> {
  const program = [path.join(ROOT, "scripts/run.mjs"), path.join(ROOT, "scripts/analyze.ts"), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, program, { maxBuffer: 64 << 20 });
  return stdout;
}

interface Scores {
  mae: number;
  rmse: number;
  bias: number;
}

interface AnalysisJson {
  summary: { customers: number; purchases: number; netMinor: number };
  models: { model: string; parameters: Record<string, number>; logLikelihood: number; customers: number }[];
  chosen: string;
  chosenSpend: string;
  holdout: { model: string; purchases: Scores; spend: Scores }[];
}

const COLUMNS = ["--columns", "customer=customer_id,date=date,amount=dollar_value"];

describe.skipIf(!hasCdnow)("of CDNOW's sample", () => {
  const lines = () => path.join(folder, "customers.csv");
  let told: AnalysisJson;

  beforeAll(async () => {
    const options = ["--calibration-end", "1997-09-30", "--horizon", "39w", "--customers", lines(), "--json"];
    told = JSON.parse(await analyze(CDNOW, ...COLUMNS, ...options)) as AnalysisJson;
  });

  it("fits the published models", () => {
    const model = (name: string) => told.models.find(({ model }) => model === name);
    expect(model("bg-nbd")?.logLikelihood).toBeCloseTo(-9582.429, 2);
    expect(model("pareto-nbd")?.parameters["r"]).toBeCloseTo(0.5533, 3);
    expect(model("gamma-gamma")?.customers).toBe(946);
  });

  it("chooses without the holdout what is nearly the best in it", () => {
    for (const [what, chosen] of [
      ["purchases", told.chosen],
      ["spend", told.chosenSpend],
    ] as const) {
      const models = told.holdout.filter(({ model }) => model.endsWith("nbd") || model === "mbg-cnbd-k");
      const own = told.holdout.find(({ model }) => model === chosen)?.[what];
      const best = (figure: "mae" | "rmse") => Math.min(...models.map((row) => row[what][figure]));
      expect(own?.mae).toBeLessThanOrEqual(1.05 * best("mae"));
      expect(own?.rmse).toBeLessThanOrEqual(1.05 * best("rmse"));
      expect(Math.abs(own?.bias ?? NaN)).toBeLessThanOrEqual(0.2);
    }
  });

  it("writes a line for each customer of the calibration", () => {
    const [heading = "", ...rows] = readFileSync(lines(), "utf8").trim().split("\r\n");
    expect(rows).toHaveLength(2357);
    const names = heading.split(",");
    const cells = (rows[0] ?? "").split(",");
    const cell = (name: string) => cells[names.indexOf(name)];
    expect([cell("customer"), cell("repeat_purchases")]).toEqual(["00004", "2"]);
    expect(cell("last_purchase")).toBe("1997-08-02");
    expect(Number(cell("expected_purchases"))).toBeGreaterThan(1.2);
  });
});

it("says what is missing of a file with few customers, and still gives its figures", async () => {
  const file = path.join(folder, "few.csv");
  writeFileSync(file, "customer_id,date,dollar_value\n1,2026-01-01,5\n1,2026-02-01,7\n2,2026-01-05,1\n");
  const told = JSON.parse(await analyze(file, ...COLUMNS, "--json")) as AnalysisJson & {
    notFitted: { model: string; reason: string }[];
  };
  expect(told.summary).toMatchObject({ customers: 2, purchases: 3, netMinor: 1300 });
  expect(told.models).toEqual([]);
  expect(new Set(told.notFitted.map(({ reason }) => reason))).toEqual(new Set(["too-few-customers"]));
  expect(await analyze(file, ...COLUMNS)).toContain("too few customers");
});

it.each([
  [["nowhere.csv", ...COLUMNS], /There is no file/],
  [[], /Name one file/],
  [["x.csv", "--unit", "year"], /--unit is day, week or month/],
  [["x.csv", "--calibration-end", "2026-02-30"], /--calibration-end is a day/],
  [["x.csv", "--horizon", "soon"], /--horizon is a length/],
])("refuses %j in one sentence", async (args, reason) => {
  const refused = analyze(...args).catch(({ code, stderr }: { code: number; stderr: string }) => {
    expect(code).toBe(1);
    return stderr.trim();
  });
  const told = await refused;
  expect(told).toMatch(reason);
  expect(told.split("\n")).toHaveLength(1);
});
