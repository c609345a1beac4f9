/** The command line of `npm run evaluate`, checked before the file is touched. */
import { parseArgs } from "node:util";
import { CannotRun } from "../demo/options.ts";

export interface EvaluateOptions {
  file: string;
  columns: string | undefined;
  dates: "dmy" | "mdy" | undefined;
  timeZone: string;
  json: boolean;
}

export const USAGE = `npm run evaluate -- recommendations FILE [options]
  FILE               csv or csv.gz: Shopify's order export, UCI Online Retail, or any with --columns
  --columns NAMES    customer=..,order=..,product=..,date=..
  --dates FORM       dmy or mdy, where the file's dates do not tell
  --zone NAME        time zone of times that name none (UTC), such as Europe/London
  --json             the figures as one JSON object
  --help`;

/** `null` asks for the usage. */
export function parseOptions(args: readonly string[]): EvaluateOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [what, file, ...more] = positionals;
  if (what !== "recommendations" || file === undefined || more.length > 0) {
    throw new CannotRun(
      "Say what to evaluate and on which file: npm run evaluate -- recommendations FILE. More by npm run evaluate -- --help.",
    );
  }
  const { dates, zone = "UTC" } = values;
  if (dates !== undefined && dates !== "dmy" && dates !== "mdy") {
    throw new CannotRun(`--dates is dmy or mdy, not ${dates}.`);
  }
  return { file, columns: values.columns, dates, timeZone: zone, json: values.json ?? false };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { columns: text, dates: text, zone: text, json: flag, help: { ...flag, short: "h" } },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(/[.'] /)[0] : String(error);
    throw new CannotRun(`${reason}. Ask npm run evaluate -- --help.`);
  }
}
