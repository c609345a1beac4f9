/** Reads a ZIP archive by its directory, and holds sizes and checksums against the contents. */
import { crc32, inflateRawSync } from "node:zlib";

export function unzipped(archive: Buffer): Map<string, string> {
  const end = archive.length - 22;
  if (archive.readUInt32LE(end) !== 0x0605_4b50) throw new Error("no directory");
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [crc, packed, size] = [16, 20, 24].map((offset) => archive.readUInt32LE(at + offset));
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const from = archive.readUInt32LE(at + 42) + 30 + nameLength;
    const contents = inflateRawSync(archive.subarray(from, from + (packed ?? 0)));
    if (contents.length !== size || crc32(contents) !== crc) throw new Error(`${name} is damaged`);
    files.set(name, contents.toString("utf8"));
    at += 46 + nameLength;
  }
  return files;
}
