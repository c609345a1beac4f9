/**
 * Bundles the UI extensions as Shopify's command line does, all targets of one into one script, into build/extensions/HANDLE.js, and
 * holds each against Shopify's bound. The local Shopify hosts them from there, with what each target may use, which is read from Shopify's
 * types into build/extensions/surfaces, and with its own scripts in build/extension-host.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { uiExtensionsIn, type UiExtension } from "../devstore/extension-host/declared.ts";
import { readSurfaces } from "../devstore/extension-host/read-surface.ts";
import { CannotRun } from "./demo/options.ts";

export interface BuiltExtension {
  handle: string;
  bytes: number;
  /** By brotli at its best, as Shopify's command line counts. */
  compressedBytes: number;
  /** Shopify's bound for it, compressed. */
  mostBytes: number;
}

const ROOT = path.resolve(import.meta.dirname, "..");
const MOST_BYTES = 64 * 1024;
/** Where it holds a full page of the customer account. */
const MOST_BYTES_OF_A_PAGE = 128 * 1024;
const FULL_PAGE = "customer-account.page.render";

interface Esbuild {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>;
}

/** The one that Vite brings. */
const esbuild = createRequire(createRequire(import.meta.url).resolve("vite"))("esbuild") as Esbuild;

export async function buildExtensions(appFolder: string): Promise<BuiltExtension[]> {
  const output = path.resolve(appFolder, "build/extensions");
  mkdirSync(path.join(output, "surfaces"), { recursive: true });
  const extensions = uiExtensionsIn(appFolder);
  writeSurfaces(appFolder, path.join(output, "surfaces"), extensions);
  await buildHost(path.join(ROOT, "build/extension-host"));
  return Promise.all(
    extensions.map(async (extension) => {
      const text = await bundle(extension);
      put(path.join(output, `${extension.handle}.js`), text);
      return sizeOf(extension, text);
    }),
  );
}

/** Made anew only where Shopify's types are others than those it was made from. */
function writeSurfaces(appFolder: string, folder: string, extensions: readonly UiExtension[]): void {
  const lock = readFileSync(path.join(ROOT, "node_modules/@shopify/ui-extensions/package.json"), "utf8");
  const source = readFileSync(path.join(ROOT, "devstore/extension-host/read-surface.ts"), "utf8");
  const stamp = createHash("sha256").update(lock).update(source).digest("hex");
  const stampFile = path.join(folder, "stamp");
  const isSame = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
  for (const [apiVersion, ofVersion] of Map.groupBy(extensions, (extension) => extension.apiVersion)) {
    const targets = ofVersion.flatMap((extension) => extension.targets.map(({ target }) => target));
    const missing = targets.filter((target) => !isSame || !existsSync(path.join(folder, `${target}.json`)));
    for (const surface of readSurfaces(appFolder, apiVersion, [...new Set(missing)]))
      put(path.join(folder, `${surface.target}.json`), JSON.stringify(surface));
  }
  put(stampFile, stamp);
}

async function buildHost(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, entry] of [
    ["page", "devstore/extension-host/page/pages.ts"],
    ["worker", "devstore/extension-host/worker/worker.ts"],
  ] as const) {
    const { outputFiles } = await esbuild.build({
      entryPoints: [path.join(ROOT, entry)],
      bundle: true,
      minify: true,
      write: false,
      format: name === "page" ? "esm" : "iife",
      target: "es2022",
      legalComments: "none",
      logLevel: "silent",
    });
    put(path.join(folder, `${name}.js`), outputFiles.map(({ text }) => text).join("\n"));
  }
}

/** Whole or not at all: a local Shopify that already runs may read it at this moment. */
function put(file: string, text: string): void {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, text);
  renameSync(part, file);
}

async function bundle({ folder, handle, targets }: UiExtension): Promise<string> {
  const contents = targets.map(
    ({ target, module }, index) =>
      `import target${index} from ${JSON.stringify(module)}; shopify.extend(${JSON.stringify(target)}, (...given) => target${index}(...given));`,
  );
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: contents.join("\n"), resolveDir: folder, loader: "tsx" },
      bundle: true,
      minify: true,
      write: false,
      format: "iife",
      target: "es6",
      jsx: "automatic",
      jsxImportSource: "preact",
      legalComments: "none",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "silent",
    });
    return outputFiles.map(({ text }) => text).join("\n");
  } catch (error) {
    throw new CannotRun(
      `The extension ${handle} could not be built:\n${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function sizeOf({ handle, targets }: UiExtension, text: string): BuiltExtension {
  const source = Buffer.from(text);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return {
    handle,
    bytes: source.length,
    compressedBytes: brotliCompressSync(source, { params }).length,
    mostBytes: targets.some(({ target }) => target === FULL_PAGE) ? MOST_BYTES_OF_A_PAGE : MOST_BYTES,
  };
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} kB`;

/** One line each; one that is too large for Shopify ends the build. */
export function describeExtensions(built: readonly BuiltExtension[]): string {
  const lines = built.map(
    ({ handle, bytes, compressedBytes, mostBytes }) =>
      `Extension ${handle}: ${kilobytes(compressedBytes)} compressed of at most ${kilobytes(mostBytes)} (${kilobytes(bytes)}).`,
  );
  const tooLarge = built.filter(({ compressedBytes, mostBytes }) => compressedBytes > mostBytes);
  if (tooLarge.length > 0)
    throw new CannotRun(
      `${lines.join("\n")}\nToo large for Shopify: ${tooLarge.map(({ handle }) => handle).join(", ")}.`,
    );
  return lines.join("\n");
}
