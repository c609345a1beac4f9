/** Runs all checks of package.json (`check:NAME`), two at a time, and tells what each had to say once it has ended. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";

const AT_ONCE = 2;
/** Takes as long as all others together. */
const LONGEST = "check:lint";

const file = path.join(import.meta.dirname, "../package.json");
const { scripts } = JSON.parse(readFileSync(file, "utf8")) as { scripts: Record<string, string> };
const waiting = Object.keys(scripts)
  .filter((name) => name.startsWith("check:"))
  .sort((a, b) => Number(b === LONGEST) - Number(a === LONGEST));
const failed: string[] = [];

async function run(name: string): Promise<void> {
  const child = spawn("npm", ["run", "--silent", name], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [said, complained, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  process.stdout.write(said);
  process.stderr.write(complained);
  if (code !== 0) failed.push(name);
}

async function lane(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined && failed.length === 0; name = waiting.shift())
    await run(name);
}

await Promise.all(Array.from({ length: AT_ONCE }, lane));
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
