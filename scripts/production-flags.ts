/** The flags with which `npm start` runs Node, for benchmarks and journeys that run the app as merchants do. */
import { readFileSync } from "node:fs";
import path from "node:path";

const { scripts } = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, "../package.json"), "utf8"),
) as { scripts: { start: string } };

export const PRODUCTION_FLAGS: readonly string[] = scripts.start
  .split(" ")
  .filter((word) => word.startsWith("--"));
