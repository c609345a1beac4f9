import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import express from "express";
import { afterAll, expect, test } from "vitest";
import { preferCompressed } from "./compressed-assets.server.ts";

const folder = mkdtempSync(path.join(tmpdir(), "perennial-assets-"));
writeFileSync(path.join(folder, "a.css"), "as it was");
writeFileSync(path.join(folder, "a.css.br"), brotliCompressSync("as compressed"));
writeFileSync(path.join(folder, "b.css"), "small");
const server = express().use("/assets", preferCompressed(folder), express.static(folder)).listen(0);
await once(server, "listening");
const { port } = server.address() as AddressInfo;

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function answered(name: string, encodings: string) {
  const response = await fetch(`http://localhost:${port}/assets/${name}`, {
    headers: { "Accept-Encoding": encodings },
  });
  const type = response.headers.get("Content-Type")?.split(";")[0];
  return [await response.text(), type, response.headers.get("Vary")];
}

test("a browser that knows brotli gets what the build compressed, under its own type", async () => {
  expect(await answered("a.css", "gzip, br")).toEqual(["as compressed", "text/css", "Accept-Encoding"]);
});

test("others get the file as it is", async () => {
  expect(await answered("a.css", "gzip")).toEqual(["as it was", "text/css", "Accept-Encoding"]);
  expect(await answered("b.css", "gzip, br")).toEqual(["small", "text/css", null]);
});
