/** Wall-clock times of a time zone to instants: files and generated shops speak of local days and hours. */

const DAY_MS = 86_400_000;

export interface Zone {
  /**
   * The instant at which clocks of the zone show this time; `wallMs` is that time read as if it were UTC. A time that is
   * skipped in spring is taken as much later, one that comes twice in autumn is the first.
   */
  instantOf(wallMs: number): number;
  /** What clocks of the zone show, as if it were UTC. */
  wallOf(instantMs: number): number;
}

/** Throws a RangeError on an unknown IANA zone. */
export function zoneOf(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const dayOffsets = new Map<number, number>();

  function lookUp(instantMs: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instantMs)) parts[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1000) * 1000;
  }

  function offsetAtStartOf(utcDay: number): number {
    const known = dayOffsets.get(utcDay);
    if (known !== undefined) return known;
    const offset = lookUp(utcDay * DAY_MS);
    dayOffsets.set(utcDay, offset);
    return offset;
  }

  /** Intl is slow: it is asked twice a day, and for each time only on days that begin and end with different offsets. */
  function offsetAt(instantMs: number): number {
    const utcDay = Math.floor(instantMs / DAY_MS);
    const offset = offsetAtStartOf(utcDay);
    return offset === offsetAtStartOf(utcDay + 1) ? offset : lookUp(instantMs);
  }

  function instantOf(wallMs: number): number {
    // The offsets a day before and after are the only two that can hold; the earlier instant that fits is the answer.
    const before = offsetAt(wallMs - DAY_MS);
    const after = offsetAt(wallMs + DAY_MS);
    for (const offset of [Math.max(before, after), Math.min(before, after)]) {
      if (offsetAt(wallMs - offset) === offset) return wallMs - offset;
    }
    return wallMs - before;
  }

  return { instantOf, wallOf: (instantMs) => instantMs + offsetAt(instantMs) };
}
