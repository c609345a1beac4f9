/** The built app's pages and doors as a process of their own, over a database and a local Shopify that the test holds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { buildApp } from "../../scripts/build-app.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

export interface WebProcess {
  address: string;
  pid: number;
  /** What it wrote. */
  output(): string;
  stop(): Promise<void>;
}

/** With this process's environment: the local Shopify's settings are in it. */
export async function startWebProcess(databaseUrl: string): Promise<WebProcess> {
  await buildApp();
  const child = spawn(process.execPath, ["server.ts"], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...{ NODE_ENV: "production", DATABASE_URL: databaseUrl, PORT: "0" },
      ...{ PERENNIAL_ROLES: "web", LOG_LEVEL: "info" },
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close");
  const ready = new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const line = output.split("\n").find((each) => each.startsWith('{"ready":true'));
      if (line) resolve(line);
    });
  });
  const line = await Promise.race([
    ready,
    ended.then(() => Promise.reject(new Error(`the app has ended:\n${output}`))),
  ]);
  const { address } = JSON.parse(line) as { address: string };
  return {
    ...{ address, pid: child.pid ?? 0 },
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
