/** Unit tests stand beside the code; contracts and journeys run against real databases and the local Shopify. */
import { defineConfig } from "vitest/config";

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
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two busy cores make a browser or a server late once in thousands of tests; CI says whom it asked again. What chance found,
    // a property's counterexample or (in their own files) a crash that lost something, is never asked again.
    retry: process.env.CI ? { count: 1, condition: /^(?!Property failed)/ } : 0,
  },
});
