import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { isSameSource, sourceAskedFor } from "./folder.ts";
import { CannotRun, parseOptions } from "./options.ts";

function ask(...args: string[]) {
  const options = parseOptions(args);
  if (!options) throw new Error("asked for help");
  return sourceAskedFor(options);
}

it("knows a file by its content and by how it is read", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "demo-source-"));
  try {
    const [first, copy, other] = ["a.csv", "b.csv", "c.csv"].map((name) => path.join(folder, name));
    if (!first || !copy || !other) throw new Error("no files");
    writeFileSync(first, "x,y\n1,2\n");
    writeFileSync(copy, "x,y\n1,2\n");
    writeFileSync(other, "x,y\n1,3\n");
    const source = await ask("--data", first);
    const copied = await ask("--data", copy);
    const changed = await ask("--data", other);
    const readOtherwise = await ask("--data", first, "--currency", "EUR");
    if (!source || !copied || !changed || !readOtherwise) throw new Error("no source");
    expect(isSameSource(source, copied)).toBe(true);
    expect(isSameSource(source, changed)).toBe(false);
    expect(isSameSource(source, readOtherwise)).toBe(false);
    expect(isSameSource(source, { kind: "generated", seed: 1 })).toBe(false);
    await expect(ask("--data", path.join(folder, "none.csv"))).rejects.toThrow(CannotRun);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("asks for nothing in particular without a file or a seed", async () => {
  expect(await ask("--reset")).toBeNull();
  expect(await ask("--seed", "5")).toEqual({ kind: "generated", seed: 5 });
});
