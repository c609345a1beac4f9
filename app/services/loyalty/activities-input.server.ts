/** What members earn for beside orders as its form sends it, checked. */
import { z } from "zod";
import {
  ACTIVITY_BOUNDS,
  isSingle,
  SINGLE_ACTIVITIES,
  USUAL_LIMITS,
  type Activity,
} from "../../core/loyalty/activity.ts";

const between = ({ least, most }: { least: number; most: number }) => z.number().int().min(least).max(most);
const { name: NAME, url: URL_LETTERS, named } = ACTIVITY_BOUNDS;

const activity = z
  .object({
    key: z.string().regex(/^[a-z\d-]{1,60}$/),
    kind: z.enum([...SINGLE_ACTIVITIES, "follow", "custom"]),
    name: z.string().trim().max(NAME.most),
    points: between(ACTIVITY_BOUNDS.points),
    url: z
      .url({ protocol: /^https$/ })
      .max(URL_LETTERS.most)
      .nullable(),
    most: between(ACTIVITY_BOUNDS.most),
    per: z.enum(["ever", "year", "month", "day"]),
  })
  .refine(({ key, kind, name }) => (isSingle(kind) ? key === kind : name !== "" && !isReserved(key)))
  .refine(({ kind, url }) => (kind === "follow") === (url !== null));

const activities = z
  .array(activity)
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length)
  .refine((all) =>
    (["follow", "custom"] as const).every(
      (kind) => all.filter((each) => each.kind === kind).length <= named.most,
    ),
  );

function isReserved(key: string): boolean {
  return (SINGLE_ACTIVITIES as readonly string[]).includes(key);
}

/** `null`: none that can be. */
export function parseActivities(text: string): Activity[] | null {
  try {
    const parsed = activities.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.map(plainActivity) : null;
  } catch {
    return null;
  }
}

/** What means nothing for its kind is not kept. */
function plainActivity(given: Activity): Activity {
  if (isSingle(given.kind)) return { ...given, name: "", url: null, ...USUAL_LIMITS[given.kind] };
  return given.kind === "follow" ? { ...given, most: 1, per: "ever" } : given;
}
