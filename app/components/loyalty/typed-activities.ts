/** What is earned for beside orders as it is being typed: words in fields until they make sense. */
import {
  ACTIVITY_BOUNDS,
  isSingle,
  SINGLE_ACTIVITIES,
  USUAL_LIMITS,
  type Activity,
} from "../../core/loyalty/activity.ts";
import { wholeNumberSaid } from "./typed-rules.ts";

export interface TypedActivities {
  single: readonly TypedSingle[];
  named: readonly TypedNamed[];
}

export interface TypedSingle {
  kind: (typeof SINGLE_ACTIVITIES)[number];
  isOn: boolean;
  points: string;
}

export interface TypedNamed {
  /** Of the row in the form. */
  id: string;
  kind: "follow" | "custom";
  key: string;
  name: string;
  points: string;
  url: string;
  most: string;
  per: Activity["per"];
}

export type NamedField = "key" | "name" | "points" | "url" | "most";
/** By activity and field, such as `birthday/points`. */
export type ActivityFaults = Readonly<Record<string, string>>;
export const activityFault = (id: string, field: NamedField) => `${id}/${field}`;

export function typedActivities(activities: readonly Activity[]): TypedActivities {
  return {
    single: SINGLE_ACTIVITIES.map((kind) => {
      const saved = activities.find((each) => each.kind === kind);
      return { kind, isOn: saved !== undefined, points: String(saved?.points ?? 100) };
    }),
    named: activities.flatMap(({ key, kind, name, points, url, most, per }) =>
      isSingle(kind)
        ? []
        : [{ id: key, kind, key, name, points: String(points), url: url ?? "", most: String(most), per }],
    ),
  };
}

export function newNamed(id: string, kind: TypedNamed["kind"]): TypedNamed {
  return { id, kind, key: "", name: "", points: "50", url: "", most: "1", per: "ever" };
}

export type ReadActivities = { ok: true; activities: Activity[] } | { ok: false; faults: ActivityFaults };

export function readActivities({ single, named }: TypedActivities): ReadActivities {
  const faults: Record<string, string> = {};
  const whole = (id: string, field: "points" | "most", text: string) => {
    const { least, most } = ACTIVITY_BOUNDS[field];
    const typed = text.trim();
    const value = /^\d{1,7}$/.test(typed) ? Number(typed) : NaN;
    if (value >= least && value <= most) return value;
    faults[activityFault(id, field)] = wholeNumberSaid(ACTIVITY_BOUNDS[field]);
    return least;
  };
  const activities: Activity[] = single.flatMap(({ kind, isOn, points }) => {
    if (!isOn) return [];
    return [
      { key: kind, kind, name: "", points: whole(kind, "points", points), url: null, ...USUAL_LIMITS[kind] },
    ];
  });
  for (const { id, kind, per, ...typed } of named) {
    const fault = (field: NamedField, said: string) => (faults[activityFault(id, field)] = said);
    const [key, name, url] = [typed.key.trim(), typed.name.trim(), typed.url.trim()];
    if (!/^[a-z\d-]{1,60}$/.test(key)) fault("key", "Small letters, digits and hyphens, such as app-review");
    else if (activities.some((each) => each.key === key) || isKnown(key))
      fault("key", "Another way to earn has this key");
    if (name === "" || name.length > ACTIVITY_BOUNDS.name.most)
      fault("name", `A name of up to ${ACTIVITY_BOUNDS.name.most} letters`);
    if (kind === "follow" && !isHttps(url)) fault("url", "An address that begins with https://");
    activities.push({
      ...{ key, kind, name, points: whole(id, "points", typed.points), url: kind === "follow" ? url : null },
      ...(kind === "follow" ? { most: 1, per: "ever" } : { most: whole(id, "most", typed.most), per }),
    });
  }
  return Object.keys(faults).length > 0 ? { ok: false, faults } : { ok: true, activities };
}

function isKnown(key: string): boolean {
  return (SINGLE_ACTIVITIES as readonly string[]).includes(key);
}

function isHttps(text: string): boolean {
  return text.length <= ACTIVITY_BOUNDS.url.most && URL.canParse(text) && new URL(text).protocol === "https:";
}
