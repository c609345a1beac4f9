/** DATABASE_URL names both the kind of database and where it is. */
import path from "node:path";

export function isPostgresql(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}

/** `file:PATH` to PATH. */
export function sqliteFile(url: string): string {
  if (!url.startsWith("file:")) throw new Error("DATABASE_URL is neither file:PATH nor postgresql://...");
  return path.resolve(url.slice("file:".length));
}
