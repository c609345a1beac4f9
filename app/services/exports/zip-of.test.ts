import { crc32, inflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { unzipped } from "../../../tests/support/unzipped.ts";
import { directory, zipOf, type ZippedFile } from "./zip-of.ts";

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

it("says where files and directory lie behind 4 GiB", () => {
  const far = 2 ** 32 + 1_000;
  const facts = { crc: 1, packed: 5, size: 7 };
  const names = ["near.csv", "far.csv"].map((name) => Buffer.from(name));
  const [near, distant] = names.map((name, index) => ({ ...facts, name, offset: index * far }));
  if (!near || !distant) throw new Error("no entries");
  const written = directory([near, distant], 0, far + 100);
  // A reader begins at the end, which leads to the record, which leads to the directory.
  const end = written.length - 22;
  expect([written.readUInt32LE(end), written.readUInt32LE(end + 16)]).toEqual([0x0605_4b50, 0xffff_ffff]);
  expect(written.readUInt32LE(end - 20)).toBe(0x0706_4b50);
  const record = Number(written.readBigUInt64LE(end - 12)) - (far + 100);
  expect(written.readUInt32LE(record)).toBe(0x0606_4b50);
  expect([32, 48].map((at) => Number(written.readBigUInt64LE(record + at)))).toEqual([2, far + 100]);
  const second = 46 + near.name.length;
  expect([42, second + 42].map((at) => written.readUInt32LE(at))).toEqual([0, 0xffff_ffff]);
  const extra = second + 46 + distant.name.length;
  expect([written.readUInt16LE(second + 30), written.readUInt16LE(extra)]).toEqual([12, 1]);
  expect(Number(written.readBigUInt64LE(extra + 4))).toBe(far);
  expect(Number(written.readBigUInt64LE(record + 40))).toBe(record);
});

it("breaks off where a file does, instead of being an archive without it", async () => {
  async function* broken() {
    yield "first\n";
    await Promise.resolve();
    throw new Error("the database went away");
  }
  await expect(packed([{ name: "a.csv", lines: broken() }])).rejects.toThrow("went away");
});
