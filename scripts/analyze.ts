/** `npm run analyze -- FILE`: who comes back and what they will be worth, from any file of orders, by the app's own models. */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UnusableFile } from "../devstore/history/table.ts";
import { analysisJson } from "./analyze/analysis-json.ts";
import { analysisText } from "./analyze/analysis-text.ts";
import { analyzePurchases } from "./analyze/analyze-purchases.ts";
import { customerLines } from "./analyze/customer-lines.ts";
import { parseOptions, UNIT_DAYS, USAGE } from "./analyze/options.ts";
import { readPurchases } from "./analyze/read-purchases.ts";
import { count, say } from "./demo/display.ts";
import { CannotRun } from "./demo/options.ts";

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) return say(USAGE);
  const news = progress();
  const file = await readPurchases({
    ...options,
    onRecords: (records) => news(`${count(records)} records read`),
  });
  const outcome = analyzePurchases(file.purchases, {
    ...options,
    unitDays: UNIT_DAYS[options.unit],
    onStep: (step) => news(step),
  });
  if (!outcome.ok) throw new CannotRun(outcome.reason);
  const { analysis } = outcome;
  if (options.customers !== null) {
    news(`a line per customer into ${options.customers}`);
    await pipeline(
      Readable.from(customerLines(file.purchases, analysis)),
      createWriteStream(options.customers),
    ).catch((error: unknown) => {
      throw new CannotRun(`${options.customers} cannot be written: ${(error as Error).message}.`);
    });
  }
  news("");
  say(
    options.json
      ? JSON.stringify(analysisJson(analysis, file, options))
      : analysisText(analysis, file, options),
  );
}

/** On a terminal one line that is written over; beside the output, which may go to a program. */
function progress(): (text: string) => void {
  return (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text === "" ? "" : `  ${text} ...`}`);
    else if (text !== "") process.stderr.write(`${text}\n`);
  };
}

main().catch((error: unknown) => {
  const isTold = error instanceof CannotRun || error instanceof UnusableFile;
  console.error(isTold ? error.message : error);
  process.exitCode = 1;
});
