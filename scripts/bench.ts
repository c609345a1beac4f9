/** Runs one benchmark by name; each prints its cases as it goes and one JSON line last: {name, results: [...]}. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const folder = path.resolve("benchmarks");
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => path.basename(file, ".ts"))
  .toSorted();

const [name] = process.argv.splice(2, 1);
if (name && names.includes(name)) {
  await import(pathToFileURL(path.join(folder, `${name}.ts`)).href);
} else {
  console.error(
    name
      ? `There is no benchmark ${name}: ${names.join(", ")}.`
      : `usage: npm run bench -- ${names.join("|")}`,
  );
  process.exitCode = 1;
}
