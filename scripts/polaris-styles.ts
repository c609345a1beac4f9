/**
 * Polaris' stylesheet without the rules of components that the app does not use: half of it, and every first page load waits for
 * it. What stays is in Polaris' own words and order.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import postcss, { type Container } from "postcss";
import type { Plugin } from "vite";

const POLARIS = path.resolve(import.meta.dirname, "../node_modules/@shopify/polaris/build/esm");
const SOURCES = path.resolve(import.meta.dirname, "../app");
/** What Vite asks for where only the stylesheet's address is imported. */
const STYLESHEET = `${path.join(POLARIS, "styles.css")}?transform-only`;
const CLASS = /Polaris-[\w-]+/g;
/** Rendered by a package of Shopify's. */
const ALWAYS_USED = ["AppProvider"];

/** Takes the place of the whole stylesheet in a build, and fails one whose scripts name a class that is not in it. */
export function usedPolarisStyles(): Plugin {
  let isServer = false;
  let all = new Set<string>();
  let used = new Set<string>();
  return {
    name: "used-polaris-styles",
    apply: "build",
    enforce: "pre",
    configResolved({ build }) {
      isServer = Boolean(build.ssr);
    },
    transform(code, id) {
      if (id !== STYLESHEET) return null;
      all = new Set(code.match(CLASS));
      used = polarisClasses(namesImported());
      return { code: withoutUnused(code, used), map: null };
    },
    generateBundle(_, bundle) {
      if (isServer) return;
      for (const part of Object.values(bundle)) {
        const missing = part.type === "chunk" ? (part.code.match(CLASS) ?? []) : [];
        const [first] = missing.filter((name) => all.has(name) && !used.has(name));
        if (first !== undefined) this.error(`${part.fileName} names ${first}, which the stylesheet lacks`);
      }
    },
  };
}

function namesImported(): string[] {
  return globSync("**/*.tsx", { cwd: SOURCES }).flatMap((file) => {
    const imports = readFileSync(path.join(SOURCES, file), "utf8").matchAll(
      /import\s*\{([^}]*)\}\s*from "@shopify\/polaris"/g,
    );
    return [...imports].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim().split(" ")[0] ?? ""),
    );
  });
}

/** The classes of these exports of Polaris and of all that they are made of. */
export function polarisClasses(names: readonly string[]): Set<string> {
  const index = readFileSync(path.join(POLARIS, "index.js"), "utf8");
  const waiting: string[] = [];
  for (const [, exported = "", file = ""] of index.matchAll(/export \{([^}]*)\} from '([^']*)'/g)) {
    const isUsed = exported
      .split(",")
      .some((one) => [...names, ...ALWAYS_USED].includes(one.trim().split(" as ").at(-1) ?? ""));
    if (isUsed) waiting.push(path.join(POLARIS, file));
  }
  const seen = new Set(waiting);
  const classes = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const code = readFileSync(file, "utf8");
    for (const name of code.match(CLASS) ?? []) classes.add(name);
    for (const [, imported = ""] of code.matchAll(/(?:from|import) '(\.[^']*\.js)'/g)) {
      const next = path.join(path.dirname(file), imported);
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
    }
  }
  return classes;
}

/** A selector goes when it asks for a class that nothing can have. */
export function withoutUnused(css: string, classes: ReadonlySet<string>): string {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    const { parent } = rule;
    if (parent?.type === "atrule" && "name" in parent && String(parent.name).endsWith("keyframes")) return;
    const selectors = rule.selectors.filter((selector) => isPossible(selector, classes));
    if (selectors.length > 0) rule.selectors = selectors;
    else removeWithEmptyParents(rule);
  });
  return root.toString();
}

/** What stands within `:not()` and the like is a choice and not demanded. */
function isPossible(selector: string, classes: ReadonlySet<string>): boolean {
  const demanded = selector.replace(/\([^()]*\)/g, "").match(/\.Polaris-[\w-]+/g) ?? [];
  return demanded.every((name) => classes.has(name.slice(1)));
}

function removeWithEmptyParents(node: Container): void {
  const { parent } = node;
  node.remove();
  if (parent?.type === "atrule" && parent.nodes?.length === 0) removeWithEmptyParents(parent);
}
