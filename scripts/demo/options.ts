/** The demo's command line, checked before anything is touched. */
import { parseArgs } from "node:util";

/** What a person can put right, told in one sentence; everything else is a bug and keeps its stack. */
export class CannotRun extends Error {}

export interface DemoOptions {
  /** csv or csv.gz; without one the shop is generated, or kept as it is. */
  data: string | null;
  columns: string | null;
  dates: "dmy" | "mdy" | null;
  currency: string | null;
  timeZone: string | null;
  /** Of the generated shop; `null` where none was passed. */
  seed: number | null;
  port: number;
  appPort: number;
  reset: boolean;
  /** Ends after the report instead of staying up. */
  once: boolean;
}

export const USAGE = `npm run demo -- [options]
  --data FILE       fill the shop from a csv or csv.gz file: UCI Online Retail, Shopify's order export, or any with --columns
  --columns NAMES   customer=..,date=..,amount=..[,order=..,product=..,quantity=..]
  --dates FORM      dmy or mdy, where the file's dates do not tell
  --currency CODE   of a file with --columns (USD)
  --zone NAME       time zone of a file's times (UTC), such as Europe/London
  --seed N          of the generated shop (1)
  --port N          of the local Shopify (4000)
  --app-port N      of the app (3000)
  --reset           forget the shop of the last demo
  --once            end after the report
  --help`;

const STRINGS = ["data", "columns", "dates", "currency", "zone", "seed", "port", "app-port"] as const;

/** `null` asks for the usage. */
export function parseOptions(args: readonly string[]): DemoOptions | null {
  const { values } = parse(args);
  if (values.help) return null;
  const { data = null, columns = null, dates = null, currency = null, zone = null } = values;
  if (dates !== null && dates !== "dmy" && dates !== "mdy") {
    throw new CannotRun(`--dates is dmy or mdy, not ${dates}.`);
  }
  if (data === null && (columns ?? dates ?? currency ?? zone) !== null) {
    throw new CannotRun("--columns, --dates, --currency and --zone need --data FILE.");
  }
  if (data !== null && values.seed !== undefined)
    throw new CannotRun("--seed and --data exclude each other.");
  const port = whole(values.port ?? "4000", "--port", 1, 65_535);
  const appPort = whole(values["app-port"] ?? "3000", "--app-port", 1, 65_535);
  if (port === appPort) throw new CannotRun("--port and --app-port must differ.");
  return {
    data,
    columns,
    dates,
    currency,
    timeZone: zone,
    seed: values.seed === undefined ? null : whole(values.seed, "--seed", 0, 4_294_967_295),
    port,
    appPort,
    reset: values.reset ?? false,
    once: values.once ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    const strings = Object.fromEntries(STRINGS.map((name) => [name, { type: "string" } as const]));
    const options = {
      ...(strings as Record<(typeof STRINGS)[number], { type: "string" }>),
      reset: { type: "boolean" },
      once: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(/[.'] /)[0] : String(error);
    throw new CannotRun(`${reason}. Ask npm run demo -- --help.`);
  }
}

function whole(text: string, name: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw new CannotRun(`${name} is a whole number from ${least} to ${most}, not ${text}.`);
}
