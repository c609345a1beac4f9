/** The command line of `npm run analyze`, checked before the file is touched. */
import { parseArgs } from "node:util";
import { dayFromIso, isoDate } from "../../app/core/calendar.ts";
import { CannotRun } from "../demo/options.ts";

export interface AnalyzeOptions {
  file: string;
  columns: string | undefined;
  dates: "dmy" | "mdy" | undefined;
  currency: string;
  timeZone: string;
  /** Of all times in models and forecasts. */
  unit: keyof typeof UNIT_DAYS;
  /** The last day that the models may know; `null`: all. */
  calibrationEnd: number | null;
  /** Days to forecast; `null`: a third of the history, or up to the file's end after a calibration. */
  horizonDays: number | null;
  /** A file for a line per customer. */
  customers: string | null;
  json: boolean;
}

/** A month as a twelfth of 365 days. */
export const UNIT_DAYS = { day: 1, week: 7, month: 365 / 12 } as const;
const HORIZON_DAYS = { d: 1, w: 7, m: 365 / 12, y: 365 } as const;

export const USAGE = `npm run analyze -- FILE [options]
  FILE                    csv or csv.gz: Shopify's order export, UCI Online Retail, or any with --columns
  --columns NAMES         customer=..,date=..,amount=..
  --dates FORM            dmy or mdy, where the file's dates do not tell
  --currency CODE         of the amounts (USD)
  --zone NAME             time zone whose days count (UTC), such as Europe/London
  --unit UNIT             day, week or month: the models' unit of time (week)
  --calibration-end DATE  fit on what was known on that day, and hold the forecasts against what came after it
  --horizon LENGTH        how far to forecast, such as 39w, 12m or 270d
  --customers OUT.csv     a line per customer
  --json                  everything as one JSON object
  --help`;

/** `null` asks for the usage. */
export function parseOptions(args: readonly string[]): AnalyzeOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new CannotRun("Name one file: npm run analyze -- FILE. More by npm run analyze -- --help.");
  }
  const { dates, unit = "week", currency = "USD", zone = "UTC" } = values;
  if (dates !== undefined && dates !== "dmy" && dates !== "mdy") {
    throw new CannotRun(`--dates is dmy or mdy, not ${dates}.`);
  }
  if (!isUnit(unit)) throw new CannotRun(`--unit is day, week or month, not ${unit}.`);
  return {
    file,
    columns: values.columns,
    dates,
    currency,
    timeZone: zone,
    unit,
    calibrationEnd: dayOf(values["calibration-end"]),
    horizonDays: daysOf(values.horizon),
    customers: values.customers ?? null,
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        columns: text,
        dates: text,
        currency: text,
        zone: text,
        unit: text,
        "calibration-end": text,
        horizon: text,
        customers: text,
        json: flag,
        help: { ...flag, short: "h" },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(/[.'] /)[0] : String(error);
    throw new CannotRun(`${reason}. Ask npm run analyze -- --help.`);
  }
}

const isUnit = (unit: string): unit is keyof typeof UNIT_DAYS => Object.hasOwn(UNIT_DAYS, unit);

function dayOf(date: string | undefined): number | null {
  if (date === undefined) return null;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(date) ? dayFromIso(date) : NaN;
  if (!Number.isFinite(day) || isoDate(day) !== date) {
    throw new CannotRun(`--calibration-end is a day such as 2011-06-08, not ${date}.`);
  }
  return day;
}

function daysOf(length: string | undefined): number | null {
  if (length === undefined) return null;
  const [, count = "", unit = ""] = /^(\d{1,5})([dwmy])$/.exec(length) ?? [];
  const days = Math.round(Number(count) * HORIZON_DAYS[unit as keyof typeof HORIZON_DAYS]);
  if (!(days > 0)) throw new CannotRun(`--horizon is a length such as 39w, 12m or 270d, not ${length}.`);
  return days;
}
