/** Times as Shopify writes and reads them: whole seconds, and days of the shop's own zone. */

const DAY_SECONDS = 86_400;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));
let lastDay = 0;
let lastDayText = "1970-01-01";

/** The DateTime scalar. Shopify keeps seconds. Times of a result cluster by day, so the last day's text is kept. */
export function dateTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const day = Math.floor(seconds / DAY_SECONDS);
  if (day !== lastDay) {
    lastDay = day;
    lastDayText = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);
  }
  const rest = seconds - day * DAY_SECONDS;
  const hours = TWO_DIGITS[Math.floor(rest / 3600)];
  const minutes = TWO_DIGITS[Math.floor(rest / 60) % 60];
  return `${lastDayText}T${hours}:${minutes}:${TWO_DIGITS[rest % 60]}Z`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's wall clock is ahead of UTC at an instant. */
function offsetAt(ms: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

/** The instant at which a zone's wall clock shows a time given as if it were UTC. */
function fromWallClock(wall: number, timeZone: string): number {
  const guess = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(guess, timeZone);
}

/**
 * Reads a time of a search query: a date, or a date and time with or without an offset; without one it is the shop's own
 * wall clock. `null` for anything else.
 */
export function parseSearchTime(text: string, timeZone: string): { from: number; until: number } | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const wall = Date.parse(`${text}T00:00:00Z`);
    if (Number.isNaN(wall)) return null;
    return { from: fromWallClock(wall, timeZone), until: fromWallClock(wall + 86_400_000, timeZone) };
  }
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (!match) return null;
  const [, local = "", zone] = match;
  const at = zone ? Date.parse(local + zone) : fromWallClock(Date.parse(`${local}Z`), timeZone);
  if (Number.isNaN(at)) return null;
  return { from: at, until: at + 1000 };
}
