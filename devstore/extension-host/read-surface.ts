/**
 * Reads from Shopify's own types (@shopify/ui-extensions, by the TypeScript compiler) what each target may use: the members of its `Api`,
 * and the `s-*` elements with their properties and events.
 */
import path from "node:path";
import ts from "typescript";
import type { ApiMember, ApiMembers, ElementMembers, Surface } from "./surface.ts";

/** Deeper members are parts of values. */
const DEEPEST = 3;
/** Of Preact rather than of the element. */
const OF_JSX = new Set(["children", "key", "ref", "slot"]);

export function readSurfaces(appFolder: string, apiVersion: string, targets: readonly string[]): Surface[] {
  const files = new Map(
    targets.map((target) => [
      path.resolve(appFolder, `extensions/${target}.surface.ts`),
      `import type { Api } from "@shopify/ui-extensions/${target}";
       import type { createElement } from "preact";
       export declare const api: Api;
       export declare const elements: createElement.JSX.IntrinsicElements;`,
    ]),
  );
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    types: [],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const disk = ts.createCompilerHost(options);
  const read = new Map<string, ts.SourceFile | undefined>();
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => files.has(name) || disk.fileExists(name),
    readFile: (name) => files.get(name) ?? disk.readFile(name),
    getSourceFile(name, version) {
      const text = files.get(name);
      if (text !== undefined) return ts.createSourceFile(name, text, version);
      if (!read.has(name)) read.set(name, disk.getSourceFile(name, version));
      return read.get(name);
    },
  };
  // A program for each: elements are declared globally, and those of one target must not be there for another.
  return [...files.keys()].map((file, index) => {
    const program = ts.createProgram([file], options, host);
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${file} was not read`);
    const checker = program.getTypeChecker();
    const module = checker.getSymbolAtLocation(source);
    const exported = new Map(
      (module ? checker.getExportsOfModule(module) : []).map((each) => [each.name, each]),
    );
    const typeOf = (name: string) => {
      const found = exported.get(name);
      if (!found) throw new Error(`${file} has no ${name}`);
      return checker.getTypeOfSymbolAtLocation(found, source);
    };
    const target = targets[index] ?? "";
    const api = membersOf(checker, typeOf("api"), source, 1);
    if (Object.keys(api).length === 0)
      throw new Error(
        `@shopify/ui-extensions has no target ${target}; is it spelt as in Shopify's documentation?`,
      );
    return { apiVersion, target, api, elements: elementsOf(checker, typeOf("elements"), source) };
  });
}

function membersOf(checker: ts.TypeChecker, type: ts.Type, at: ts.Node, depth: number): ApiMembers {
  const names = new Map<string, ts.Symbol>();
  const parts = type.isUnion() ? type.types : [type];
  for (const part of parts) for (const member of part.getProperties()) names.set(member.name, member);
  return Object.fromEntries(
    [...names].map(([name, member]) => [name, memberOf(checker, member, at, depth)] as const),
  );
}

function memberOf(checker: ts.TypeChecker, member: ts.Symbol, at: ts.Node, depth: number): ApiMember {
  const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(member, at));
  if (type.getCallSignatures().length > 0) return "function";
  if (type.getProperty("value") && type.getProperty("subscribe")) return "signal";
  const isPlain = (type.flags & ts.TypeFlags.Object) === 0 && !type.isIntersection();
  if (isPlain || depth === DEEPEST || checker.isArrayType(type) || checker.isTupleType(type)) return "value";
  const members = membersOf(checker, type, at, depth + 1);
  // An object of values only is a value.
  return Object.values(members).every((each) => each === "value") ? "value" : members;
}

function elementsOf(checker: ts.TypeChecker, type: ts.Type, at: ts.Node): Record<string, ElementMembers> {
  const elements: Record<string, ElementMembers> = {};
  for (const element of type.getProperties()) {
    if (!element.name.startsWith("s-")) continue;
    const properties: Record<string, ElementMembers["properties"][string]> = {};
    const events: string[] = [];
    for (const member of checker.getTypeOfSymbolAtLocation(element, at).getProperties()) {
      if (OF_JSX.has(member.name)) continue;
      const isEvent = /^on[A-Z]/.exec(member.name) !== null;
      if (isEvent) events.push(member.name.slice(2).toLowerCase());
      else properties[member.name] = takenBy(checker.getTypeOfSymbolAtLocation(member, at), checker);
    }
    elements[element.name] = { properties, events };
  }
  return elements;
}

function takenBy(type: ts.Type, checker: ts.TypeChecker): ElementMembers["properties"][string] {
  const given = checker.getNonNullableType(type);
  const kinds = new Set((given.isUnion() ? given.types : [given]).map(kindOf));
  const [kind = "any", ...others] = kinds;
  return others.length === 0 ? kind : "any";
}

function kindOf(type: ts.Type): ElementMembers["properties"][string] {
  if (type.flags & ts.TypeFlags.StringLike) return "string";
  if (type.flags & ts.TypeFlags.NumberLike) return "number";
  if (type.flags & ts.TypeFlags.BooleanLike) return "boolean";
  return type.getCallSignatures().length > 0 ? "function" : "any";
}
