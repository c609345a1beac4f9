/** A folder of text files in memory, read anew when one of them changes: themes and extensions are edited while the shop runs. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

export interface Files {
  /** By path below the folder, with forward slashes. */
  texts: ReadonlyMap<string, string>;
  /** Another one whenever anything changed. */
  version: string;
}

export function readFolder(folder: string): Files {
  const texts = new Map(list(folder).map(({ name, file }) => [name, readFileSync(file, "utf8")]));
  return { texts, version: versionOf(folder) };
}

/** From names, sizes and times. */
export function versionOf(folder: string): string {
  return list(folder)
    .map(({ name, file }) => {
      const { mtimeMs, size } = statSync(file);
      return `${name}:${mtimeMs}:${size}`;
    })
    .join("|");
}

function list(folder: string): { name: string; file: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return { name: path.relative(folder, file).split(path.sep).join("/"), file };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
