/**
 * Google's Lighthouse, which is no dependency of the project, because nothing else needs its hundred packages: it is fetched from the npm
 * registry into `.cache` when it is first asked for.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const VERSION = "13.5.0";
const FOLDER = path.resolve(import.meta.dirname, `../../.cache/lighthouse-${VERSION}`);
const ENTRY = path.join(FOLDER, "node_modules/lighthouse/core/index.js");

/** What is read of its report. */
interface Report {
  lhr: {
    runtimeError?: { message: string };
    categories: { performance: { score: number | null } };
    audits: Record<string, { numericValue?: number; details?: { items: readonly Request[] } } | undefined>;
  };
}

export interface Request {
  url: string;
  resourceType: string;
  transferSize: number;
}

export interface Measured {
  /** 0 to 100. */
  score: number;
  fcpMs: number;
  lcpMs: number;
  blockingMs: number;
  speedIndexMs: number;
  cls: number;
  requests: readonly Request[];
}

/** Measures one page at a time, in a browser that listens for debuggers at the port. */
export type Measure = (url: string, port: number) => Promise<Measured>;

export async function openLighthouse(): Promise<Measure> {
  if (!existsSync(ENTRY)) {
    const args = ["install", "--prefix", FOLDER, "--ignore-scripts", "--no-audit", "--no-fund"];
    await promisify(execFile)("npm", [...args, `lighthouse@${VERSION}`]);
  }
  const { default: lighthouse } = (await import(pathToFileURL(ENTRY).href)) as {
    default: (url: string, flags: object) => Promise<Report>;
  };
  // Everything else as in a merchant's own report: a middling phone on a slow network, reckoned from what was seen without either.
  const flags = { onlyCategories: ["performance"], logLevel: "error" };
  return async (url, port) => {
    const { lhr } = await lighthouse(url, { ...flags, port });
    const value = (audit: string) => {
      const { numericValue } = lhr.audits[audit] ?? {};
      if (numericValue === undefined)
        throw new Error(`${url}: ${lhr.runtimeError?.message ?? `no ${audit}`}`);
      return numericValue;
    };
    return {
      score: 100 * (lhr.categories.performance.score ?? NaN),
      fcpMs: value("first-contentful-paint"),
      lcpMs: value("largest-contentful-paint"),
      blockingMs: value("total-blocking-time"),
      speedIndexMs: value("speed-index"),
      cls: value("cumulative-layout-shift"),
      requests: lhr.audits["network-requests"]?.details?.items ?? [],
    };
  };
}
