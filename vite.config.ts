/**
 * Builds routes and components. Server code below them (services, db, shopify, jobs) is left out of the bundle and run by
 * Node as it is, so that web requests and jobs share one database connection, one write lock and one cache.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig, type Plugin } from "vite";
import { usedPolarisStyles } from "./scripts/polaris-styles.ts";

const app = path.resolve(import.meta.dirname, "app");
const nativeModule =
  /^(authentication|config|context)\.server\.ts$|^(core|db|jobs|observability|services|shopify)\//;

function serverCodeStaysOutside(): Plugin {
  let isDevelopment = false;
  return {
    name: "server-code-stays-outside",
    enforce: "pre",
    configResolved(resolved) {
      isDevelopment = resolved.command === "serve";
    },
    async resolveId(source, importer, options) {
      if (!options.ssr || !importer || !source.startsWith(".")) return null;
      const file = path.resolve(path.dirname(importer.split("?")[0] ?? ""), source);
      if (!nativeModule.test(path.relative(app, file))) return null;
      return isDevelopment ? `${NATIVE}${file}` : { id: file, external: "absolute" };
    },
    // In development Vite would evaluate an outside module a second time, so Node's own one is handed over.
    async load(id) {
      if (!id.startsWith(NATIVE)) return null;
      const url = pathToFileURL(id.slice(NATIVE.length)).href;
      const module = (await import(url)) as Record<string, unknown>;
      handedOver.set(url, module);
      const names = Object.keys(module).filter((name) => name !== "default");
      return `const module = globalThis[Symbol.for("perennial.modules")].get(${JSON.stringify(url)});
        export default module.default;
        ${names.map((name) => `export const ${name} = module.${name};`).join("\n")}`;
    },
  };
}

const NATIVE = "\0native:";
/** Global, because Remix loads this file twice. */
const shared = globalThis as { [modules: symbol]: Map<string, unknown> | undefined };
const handedOver = (shared[Symbol.for("perennial.modules")] ??= new Map<string, unknown>());

/** Where the bundle, build/server/index.js, finds a module that stayed outside. */
function fromServerBundle(id: string): string {
  return id.startsWith(app) ? path.relative(path.resolve(import.meta.dirname, "build/server"), id) : id;
}

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [
    serverCodeStaysOutside(),
    usedPolarisStyles(),
    remix({
      ignoredRouteFiles: ["**/*.test.{ts,tsx}"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: true,
        v3_singleFetch: true,
      },
    }),
  ],
  build: {
    assetsInlineLimit: 0,
    rollupOptions: { output: { paths: fromServerBundle } },
  },
  ssr: { noExternal: ["@shopify/polaris", "@shopify/polaris-viz", "@shopify/shopify-app-remix"] },
});
