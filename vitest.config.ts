/** Unit tests stand beside the code; contracts and journeys run against real databases and the local Shopify. */
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Hundreds of processes are started here, most of whose first second goes into stripping types and compiling.
process.env["NODE_COMPILE_CACHE"] ??= path.join(import.meta.dirname, "node_modules/.cache/node-compile");

const FOLDERS = ["tests/journeys/", "tests/contracts/", "tests/attacks/", "tests/reference/"];

/** The folders whose files take minutes first, so that no core is idle in the end while another works through one of them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = FOLDERS.findIndex((folder) => moduleId.includes(`/${folder}`));
      return found < 0 ? FOLDERS.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  // Extensions and Shopify's harness for them must see one Preact, and import each other's modules as Vite makes them.
  resolve: { dedupe: ["preact"] },
  test: {
    server: { deps: { inline: [/@shopify\/ui-extensions/, /@preact\/signals/, /node_modules\/preact\//] } },
    include: ["{app,devstore,scripts,extensions}/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    exclude: ["tests/soak/**", "**/node_modules/**"],
    globalSetup: ["tests/support/global-setup.ts"],
    setupFiles: [
      "tests/support/fail-on-console-error.ts",
      ...(process.env.CI ? ["tests/support/fixed-seed.ts"] : []),
    ],
    env: { LOG_LEVEL: "silent" },
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two busy cores make a browser or a server late once in thousands of tests; CI says whom it asked again. What chance found,
    // a property's counterexample or (in their own files) a crash that lost something, is never asked again.
    retry: process.env.CI ? { count: 1, condition: /^(?!Property failed)/ } : 0,
  },
});
