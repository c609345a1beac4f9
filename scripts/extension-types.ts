/**
 * Types of UI extensions. Editors and lint rules read each extension's `shopify.d.ts`, which is made here as Shopify's command line makes
 * it; what is checked is each target by itself, against that target's own API and elements, because one extension's targets differ.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { uiExtensionsIn, type UiExtension } from "../devstore/extension-host/declared.ts";

/** Writes `shopify.d.ts` of each folder of extensions: which targets each module can run on. */
export function writeExtensionTypes(appFolder: string): void {
  const byFolder = Map.groupBy(uiExtensionsIn(appFolder), ({ folder }) => folder);
  for (const [folder, extensions] of byFolder) {
    const file = path.join(folder, "shopify.d.ts");
    const text = moduleTypes(folder, extensions);
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  }
}

function moduleTypes(folder: string, extensions: readonly UiExtension[]): string {
  const targetsOf = new Map<string, string[]>();
  for (const { target, module } of extensions.flatMap(({ targets }) => targets))
    for (const file of reachable(path.join(folder, module), folder))
      targetsOf.set(file, [...(targetsOf.get(file) ?? []), target]);
  const declared = [...targetsOf].map(([file, targets]) => {
    const apis = targets.map((target) => `import('@shopify/ui-extensions/${target}').Api`);
    return [
      "//@ts-ignore",
      `declare module './${path.relative(folder, file)}' {`,
      `  const shopify: ${apis.length > 1 ? `(${apis.join(" | ")})` : apis[0]};`,
      "  const globalThis: { shopify: typeof shopify };",
      "}",
      "",
    ].join("\n");
  });
  return `import '@shopify/ui-extensions';\n\n${declared.join("\n")}`;
}

/** A module and what it imports of its own extension's folder. */
function reachable(file: string, folder: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !file.startsWith(folder + path.sep) || !/\.tsx?$/.test(file)) return seen;
  seen.add(file);
  for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles)
    if (fileName.startsWith(".")) reachable(path.resolve(path.dirname(file), fileName), folder, seen);
  return seen;
}

/** What is wrong in the modules of each target, as the target's own types have it, and in their tests. */
export function extensionTypeFaults(appFolder: string): string[] {
  const extensions = uiExtensionsIn(appFolder);
  const read: SourceCache = new Map();
  const folders = new Set([path.resolve(appFolder, "extensions"), ...extensions.map(({ folder }) => folder)]);
  return [
    ...extensions.flatMap(versionFaults),
    ...extensions.flatMap(({ folder, targets }) =>
      targets.flatMap(({ target, module }) => targetFaults(path.join(folder, module), target, read)),
    ),
    ...[...folders].flatMap((folder) => folderFaults(folder, read)),
  ];
}

type SourceCache = Map<string, ts.SourceFile | undefined>;

/** The types are those of one API version: 2026.7.x of the package is 2026-07. */
function versionFaults({ folder, apiVersion }: UiExtension): string[] {
  const manifest = readFileSync("node_modules/@shopify/ui-extensions/package.json", "utf8");
  const [year, month = ""] = (JSON.parse(manifest) as { version: string }).version.split(".");
  const installed = `${year}-${month.padStart(2, "0")}`;
  if (installed === apiVersion) return [];
  const where = path.relative(".", folder);
  return [`${where}: api_version is ${apiVersion}, but @shopify/ui-extensions is of ${installed}`];
}

function targetFaults(module: string, target: string, read: SourceCache): string[] {
  const folder = path.join(path.dirname(module), "..");
  const ambient = path.join(folder, `${target}.shopify.d.ts`);
  const globals = `declare const shopify: import("@shopify/ui-extensions/${target}").Api;`;
  // Workers have no Node: its types, which tests see, are not there.
  const options = { ...configOf(folder).options, types: [] };
  const host = cachedHost(options, read, new Map([[ambient, globals]]));
  return faultsOf(ts.createProgram([module, ambient], options, host), ` on ${target}`);
}

function folderFaults(folder: string, read: SourceCache): string[] {
  const { options, fileNames } = configOf(folder);
  return faultsOf(ts.createProgram(fileNames, options, cachedHost(options, read, new Map())), "");
}

function configOf(folder: string): ts.ParsedCommandLine {
  const file = path.join(folder, "tsconfig.json");
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, folder);
}

/** Reads each file once for all programs, and files that are not on the disk. */
function cachedHost(
  options: ts.CompilerOptions,
  read: SourceCache,
  made: ReadonlyMap<string, string>,
): ts.CompilerHost {
  const disk = ts.createCompilerHost(options);
  return {
    ...disk,
    fileExists: (name) => made.has(name) || disk.fileExists(name),
    readFile: (name) => made.get(name) ?? disk.readFile(name),
    getSourceFile(name, version, ...rest) {
      const text = made.get(name);
      if (text !== undefined) return ts.createSourceFile(name, text, version);
      if (!read.has(name)) read.set(name, disk.getSourceFile(name, version, ...rest));
      return read.get(name);
    },
  };
}

function faultsOf(program: ts.Program, where: string): string[] {
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start = 0 }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    if (!file) return `${text}${where}`;
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    return `${path.relative(".", file.fileName)}:${line + 1}:${character + 1}${where}: ${text}`;
  });
}
