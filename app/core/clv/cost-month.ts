/** Months as people and their tools write them: `2026-03`, `03/2026`, `March 2026`, `Mar-26`, `2026年3月`, and any day in them. */

/** Month numbers of calendar.ts that a text can mean: several where day and month could be either. */
export function monthsMeant(text: string): number[] {
  const plain = text.trim().toLowerCase();
  const written = /^(\d{4})[-/.\s]?(\d{2})$/.exec(plain) ?? /^(\d{4})[-/.年](\d{1,2})月?$/.exec(plain);
  if (written) return monthOf(written[1], written[2]);
  const turned = /^(\d{1,2})[-/.](\d{4})$/.exec(plain);
  if (turned) return monthOf(turned[2], turned[1]);
  const day = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t\s].*)?$/.exec(plain);
  if (day) return dayIn(day[1], day[2], day[3]);
  const turnedDay = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:\s.*)?$/.exec(plain);
  if (turnedDay) {
    const [, first, second, year] = turnedDay;
    return [...new Set([...dayIn(year, second, first), ...dayIn(year, first, second)])];
  }
  const named = /^(\p{L}+)\.?[-/\s,']*(?:de\s+)?(\d{4}|\d{2})$/u.exec(plain);
  const place = named && monthNames().get(named[1] ?? "");
  return place ? monthOf(named[2], String(place)) : [];
}

function monthOf(year = "", month = ""): number[] {
  const [inYear, place] = [year.length === 2 ? 2_000 + Number(year) : Number(year), Number(month)];
  return place >= 1 && place <= 12 ? [(inYear - 1970) * 12 + place - 1] : [];
}

function dayIn(year = "", month = "", day = ""): number[] {
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) >= 1 && Number(day) <= last ? monthOf(year, month) : [];
}

/** Languages of Shopify's admin whose names of months are no other month's in another of them. */
const LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb"];

let names: Map<string, number> | null = null;

function monthNames(): Map<string, number> {
  if (names) return names;
  names = new Map();
  for (const language of LANGUAGES) {
    for (const month of ["long", "short"] as const) {
      const format = new Intl.DateTimeFormat(language, { month, timeZone: "UTC" });
      for (let place = 0; place < 12; place++) {
        const name = format
          .format(Date.UTC(2026, place, 15))
          .toLowerCase()
          .replace(/\.$/, "");
        if (/^\p{L}+$/u.test(name)) names.set(name, place + 1);
      }
    }
  }
  return names;
}
