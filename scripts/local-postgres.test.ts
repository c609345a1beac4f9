import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("a process that could start PostgreSQL ends with the exit code that it was given", () => {
  const program = `await import("./scripts/local-postgres.ts"); process.exitCode = 3;`;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", program]);
  expect(status).toBe(3);
});
