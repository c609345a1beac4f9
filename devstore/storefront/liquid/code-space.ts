/** The files that templates come from, and what reads them. */
import type { Template } from "liquidjs";
import type { Globals } from "./globals.ts";

/** The files that belong together: a theme's, or those of one app's extension. */
export interface CodeSpace {
  kind: "app" | "theme";
  /** What its files are called in messages. */
  name: string;
  /** Sources of the snippets by name. */
  snippets: ReadonlyMap<string, string>;
  assetUrl(file: string): string;
  translate(key: string, locale: string): unknown;
}

export interface Engine {
  space: CodeSpace;
  /** Parsed and checked once. */
  template(file: string, source: string): Template[];
  snippet(name: string): Template[];
  render(templates: Template[], globals: Globals): string;
}
