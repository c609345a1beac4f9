/**
 * Bundles the UI extensions as Shopify's command line does, all targets of one into one script, into build/extensions/HANDLE.js, and
 * holds each against Shopify's bound. The local Shopify hosts them from there.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { uiExtensionsIn, type UiExtension } from "../devstore/extension-host/declared.ts";
import { CannotRun } from "./demo/options.ts";

export interface BuiltExtension {
  handle: string;
  bytes: number;
  /** By brotli at its best, as Shopify's command line counts. */
  compressedBytes: number;
  /** Shopify's bound for it, compressed. */
  mostBytes: number;
}

const MOST_BYTES = 64 * 1024;
/** Where it holds a full page of the customer account. */
const MOST_BYTES_OF_A_PAGE = 128 * 1024;
const FULL_PAGE = "customer-account.page.render";

interface Esbuild {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>;
}

/** The one that Vite brings. */
const esbuild = createRequire(import.meta.resolve("vite"))("esbuild") as Esbuild;

export async function buildExtensions(appFolder: string): Promise<BuiltExtension[]> {
  const output = path.resolve(appFolder, "build/extensions");
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  return Promise.all(
    uiExtensionsIn(appFolder).map(async (extension) => {
      const text = await bundle(extension);
      writeFileSync(path.join(output, `${extension.handle}.js`), text);
      return sizeOf(extension, text);
    }),
  );
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
