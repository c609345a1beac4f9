/**
 * The app's pages, read from the folder of its routes: whatever is done for every page (journeys, pictures, benchmarks) is done for
 * a new one without being told.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const ROUTES = path.resolve(import.meta.dirname, "../../app/routes");

export interface AppPage {
  /** What Remix calls the route. */
  routeId: string;
  /** For people and file names: `overview`, `retention`, `customer`. */
  name: string;
  /** The names of what stands for `:name` in its address, but for what every shop has. */
  params: string[];
  /** Its address within the app; throws where a parameter is missing. */
  address: (params?: Readonly<Record<string, string | number>>) => string;
}

/** Every route below /app that shows something, the one at /app first. */
export function appPages(): AppPage[] {
  return globSync("app.*/route.tsx", { cwd: ROUTES })
    .filter((file) => /^export default /m.test(readFileSync(path.join(ROUTES, file), "utf8")))
    .map((file) => pageOf(path.dirname(file)))
    .toSorted((a, b) => order(a).localeCompare(order(b)));
}

/** Stands for `:name` at every shop. */
const AT_EVERY_SHOP: Readonly<Record<string, string>> = { segmentId: "repeat", rewardId: "new" };

const order = ({ params, name }: AppPage) => `${name === "overview" ? 0 : 1} ${params.length} ${name}`;

/** Remix's own reading of a route's folder: dots part segments, `_index` is none, a last underscore only leaves the layout. */
function pageOf(folder: string): AppPage {
  const segments = folder
    .split(".")
    .filter((segment) => segment !== "_index")
    .map((segment) => segment.replace(/_$/, ""));
  const params = segments
    .filter((segment) => segment.startsWith("$"))
    .map((segment) => segment.slice(1))
    .filter((name) => !(name in AT_EVERY_SHOP));
  return {
    routeId: `routes/${folder}`,
    name: nameOf(segments),
    params,
    address: (given = {}) =>
      `/${segments.map((segment) => (segment.startsWith("$") ? demand(given, segment) : segment)).join("/")}`,
  };
}

/** `customers/$customerId` is the page of one customer; settings of something are not the settings. */
function nameOf(segments: readonly string[]): string {
  const last = segments.at(-1) ?? "";
  if (segments.length === 1) return "overview";
  if (last === "settings" && segments.length > 2) return `${segments.at(-2)}-settings`;
  return last.startsWith("$") ? last.slice(1).replace(/Id$/, "") : last;
}

function demand(given: Readonly<Record<string, string | number>>, segment: string): string {
  const value = given[segment.slice(1)] ?? AT_EVERY_SHOP[segment.slice(1)];
  if (value === undefined) throw new Error(`the page's address needs ${segment.slice(1)}`);
  return encodeURIComponent(value);
}
