/** `npm run evaluate -- recommendations FILE`: how good the lists of recommendations would have been for the customers of any file of orders. */
import { UnusableFile } from "../devstore/history/table.ts";
import { holdOutLastOrder } from "../app/core/recommendations/hold-out-last-order.ts";
import { say } from "./demo/display.ts";
import { CannotRun } from "./demo/options.ts";
import { parseOptions, USAGE } from "./evaluate/options.ts";
import { qualityJson, qualityText } from "./evaluate/quality.ts";
import { readBaskets } from "./evaluate/read-baskets.ts";

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) return say(USAGE);
  const file = await readBaskets(options);
  const lists = holdOutLastOrder(file.history);
  if ([...lists.values()].every(({ customers }) => customers === 0)) {
    throw new CannotRun(
      "No customer of this file has a second order, so there is nothing to hold a list against.",
    );
  }
  say(options.json ? JSON.stringify(qualityJson(lists)) : qualityText(lists, file));
}

main().catch((error: unknown) => {
  const isTold = error instanceof CannotRun || error instanceof UnusableFile;
  console.error(isTold ? error.message : error);
  process.exitCode = 1;
});
