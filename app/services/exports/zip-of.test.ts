import { crc32, inflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { unzipped } from "../../../tests/support/unzipped.ts";
import { zipOf, type ZippedFile } from "./zip-of.ts";

async function packed(files: readonly ZippedFile[]): Promise<Buffer> {
  async function* each() {
    yield* files;
    await Promise.resolve();
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of zipOf(each(), new Date("2026-03-31T12:34:56Z"))) pieces.push(piece);
  return Buffer.concat(pieces);
}

it("is read again by its directory, file by file", async () => {
  const long = Array.from({ length: 20_000 }, (_, index) => `${index},żółć\r\n`);
  const archive = await packed([
    { name: "a.csv", lines: long },
    { name: "folder/empty.txt", lines: [] },
  ]);
  expect(archive.length).toBeLessThan(long.join("").length);
  const files = unzipped(archive);
  expect([...files]).toEqual([
    ["a.csv", long.join("")],
    ["folder/empty.txt", ""],
  ]);
  // As a reader that goes through the file from its beginning sees it.
  expect(archive.readUInt32LE(0)).toBe(0x0403_4b50);
  const contents = inflateRawSync(archive.subarray(30 + "a.csv".length), { finishFlush: 2 });
  expect(crc32(contents)).toBe(crc32(long.join("")));
});

it("breaks off where a file does, instead of being an archive without it", async () => {
  async function* broken() {
    yield "first\n";
    await Promise.resolve();
    throw new Error("the database went away");
  }
  await expect(packed([{ name: "a.csv", lines: broken() }])).rejects.toThrow("went away");
});
