/** Liquid as Shopify has it: liquidjs with Shopify's tags and filters only, its arithmetic, and names of variables that are known. */
import { Liquid, Token, defaultOperators, type Template } from "liquidjs";
import type { CodeSpace, Engine } from "./code-space.ts";
import { FILTERS, filterTable } from "./filters.ts";
import { GLOBAL_OBJECTS, NOT_FOR_APPS, ONLY_FOR_APPS } from "./globals.ts";
import { comparable, LiquidFloat } from "./number.ts";
import { TAGS, tagTable } from "./tags.ts";
import { text } from "./text.ts";
import { StorefrontError } from "./thing.ts";

export function createEngine(space: CodeSpace, locale: string): Engine {
  const liquid = new Liquid({
    strictFilters: true,
    strictVariables: false,
    ownPropertyOnly: true,
    dynamicPartials: true,
    locale,
    outputEscape: text,
    operators: shopifyOperators(),
  });
  for (const name of Object.keys(liquid.filters)) if (!FILTERS.has(name)) delete liquid.filters[name];
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  const parsed = new Map<string, Template[]>();
  const template = (file: string, source: string): Template[] => {
    const known = parsed.get(file);
    if (known) return known;
    const templates = inFile(space, file, () => checked(liquid, space, file, source));
    parsed.set(file, templates);
    return templates;
  };
  const engine: Engine = {
    space,
    template,
    snippet(name) {
      const source = space.snippets.get(name);
      if (source === undefined) throw new StorefrontError(`${space.name} has no snippet ${name}`);
      return template(`snippets/${name}.liquid`, source);
    },
    render(templates, globals) {
      return String(liquid.renderSync(templates, {}, { globals, sync: true }));
    },
  };
  for (const [name, filter] of Object.entries(filterTable(space, locale)))
    liquid.registerFilter(name, filter);
  for (const [name, tag] of Object.entries(tagTable(engine))) liquid.registerTag(name, tag);
  return engine;
}

function inFile<T>(space: CodeSpace, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StorefrontError) throw error;
    throw new StorefrontError(
      `${space.name}, ${file}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

function checked(liquid: Liquid, space: CodeSpace, file: string, source: string): Template[] {
  const templates = liquid.parse(source, file);
  markFloats(templates, new Set());
  const declared = declaredParameters(source);
  // A snippet that does not say what it takes may be given anything.
  if (file.startsWith("snippets/") && !declared) return templates;
  const { globals, locals } = liquid.analyzeSync(templates, { partials: false });
  for (const name of Object.keys(globals)) {
    if (Object.hasOwn(locals, name) || declared?.has(name) === true) continue;
    const hidden = space.kind === "app" ? NOT_FOR_APPS.has(name) : ONLY_FOR_APPS.has(name);
    if (!GLOBAL_OBJECTS.has(name) || hidden)
      throw new StorefrontError(`${space.name}, ${file}: there is no object ${name}`);
  }
  return templates;
}

/** The parameters in `{% doc %}`; `null` where there is none. */
function declaredParameters(source: string): Set<string> | null {
  const doc = /\{%-?\s*doc\s*-?%\}([\s\S]*?)\{%-?\s*enddoc/.exec(source)?.[1];
  if (doc === undefined) return null;
  return new Set([...doc.matchAll(/@param\s+(?:\{[^}]*\}\s*)?\[?([\w-]+)/g)].map(([, name = ""]) => name));
}

/** liquidjs reads 2.0 as 2: such literals become floats. */
function markFloats(node: unknown, seen: Set<object>): void {
  if (typeof node !== "object" || node === null || seen.has(node)) return;
  seen.add(node);
  if (node instanceof Token) {
    const literal = node as Token & { content?: unknown };
    if (typeof literal.content === "number" && /^-?\d+\.\d+$/.test(node.getText()))
      literal.content = new LiquidFloat(literal.content);
  }
  for (const [key, value] of Object.entries(node))
    if (!["liquid", "parser", "tokenizer", "handler", "engine"].includes(key)) markFloats(value, seen);
}

function shopifyOperators(): typeof defaultOperators {
  const compare = (holds: (left: number | string, right: number | string) => boolean, sign: string) =>
    function* (left: unknown, right: unknown): Generator<unknown, boolean> {
      const [one, other] = [comparable(left), comparable(right)];
      if (one === null || one === undefined || other === null || other === undefined) return false;
      const comparableSorts =
        (typeof one === "number" && typeof other === "number") ||
        (typeof one === "string" && typeof other === "string");
      if (!comparableSorts)
        throw new StorefrontError(`comparison of ${typeof one} with ${typeof other} failed (${sign})`);
      yield;
      return holds(one, other);
    };
  return {
    ...defaultOperators,
    ">": compare((one, other) => one > other, ">"),
    "<": compare((one, other) => one < other, "<"),
    ">=": compare((one, other) => one >= other, ">="),
    "<=": compare((one, other) => one <= other, "<="),
  };
}
