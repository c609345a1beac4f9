/**
 * Starts a TypeScript program on a Node that can run it. Plain JavaScript, because an older Node would stop at the first
 * type with a syntax error instead of a sentence.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Perennial needs Node 22.18 or newer and this is ${process.versions.node}. Start it through npm (npm run ...): npm ci installs a fitting Node on Linux.`,
  );
  process.exit(1);
}
const [program] = process.argv.splice(2, 1);
if (!program) throw new Error("usage: node scripts/run.mjs PROGRAM.ts [arguments]");
process.argv[1] = path.resolve(program);
await import(pathToFileURL(path.resolve(program)).href);
