/**
 * Packs files into a ZIP archive as they are made, with no more in memory than a piece: sizes and checksums stand behind each file (APPNOTE
 * 4.3.9) and once more in the directory at the end. The archive may be of any size, a file in it of 4 GiB: whoever packs cuts them.
 */
import { pipeline, Readable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";

export interface ZippedFile {
  name: string;
  /** Taken while the archive is. */
  lines: AsyncIterable<string> | Iterable<string>;
}

const PIECE_LETTERS = 65_536;
const MOST_BYTES = 0xffff_ffff;
/** Names are UTF-8, and sizes follow the contents. */
const FLAGS = 0x0808;
const DEFLATED = 8;
const VERSION = 20;
/** That a reader must know to find what lies behind 4 GiB (APPNOTE 4.3.14 and 4.5.3). */
const VERSION_OF_LONG = 45;

interface Entry {
  name: Buffer;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

/** `at`: the moment that all files carry. Throws where a file is larger than the format can say. */
export async function* zipOf(files: AsyncIterable<ZippedFile>, at: Date): AsyncGenerator<Uint8Array, void> {
  const entries: Entry[] = [];
  const moment = dosTime(at);
  let offset = 0;
  for await (const { name: text, lines } of files) {
    const entry: Entry = { name: Buffer.from(text), crc: 0, packed: 0, size: 0, offset };
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x0403_4b50, 0);
    writeFacts(head, 4, moment);
    head.writeUInt16LE(entry.name.length, 26);
    yield Buffer.concat([head, entry.name]);
    const deflate = createDeflateRaw();
    // An error of either end ends both, and is thrown by the loop.
    pipeline(Readable.from(counted(lines, entry)), deflate, () => undefined);
    for await (const piece of deflate as AsyncIterable<Buffer>) {
      entry.packed += piece.length;
      yield piece;
    }
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE(0x0807_4b50, 0);
    writeSizes(tail, 4, entry);
    yield tail;
    offset += head.length + entry.name.length + entry.packed + tail.length;
    entries.push(entry);
  }
  yield directory(entries, moment, offset);
}

async function* counted(lines: ZippedFile["lines"], entry: Entry): AsyncGenerator<Buffer> {
  const take = (text: string) => {
    const bytes = Buffer.from(text);
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    return bytes;
  };
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_LETTERS) continue;
    yield take(piece);
    piece = "";
  }
  if (piece !== "") yield take(piece);
}

/** `offset`: where it begins, behind all files. */
export function directory(entries: readonly Entry[], moment: number, offset: number): Buffer {
  const written = entries.map((entry) => {
    const head = Buffer.alloc(46);
    const far = entry.offset > MOST_BYTES ? farOffset(entry.offset) : Buffer.alloc(0);
    const version = far.length > 0 ? VERSION_OF_LONG : VERSION;
    head.writeUInt32LE(0x0201_4b50, 0);
    head.writeUInt16LE(version, 4);
    writeFacts(head, 6, moment, version);
    writeSizes(head, 16, entry);
    head.writeUInt16LE(entry.name.length, 28);
    head.writeUInt16LE(far.length, 30);
    head.writeUInt32LE(Math.min(entry.offset, MOST_BYTES), 42);
    return Buffer.concat([head, entry.name, far]);
  });
  const size = written.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(Math.min(offset, MOST_BYTES), 16);
  const long = offset > MOST_BYTES ? [longEnd(entries.length, size, offset)] : [];
  return Buffer.concat([...written, ...long, end]);
}

function farOffset(offset: number): Buffer {
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(offset), 4);
  return extra;
}

/** What the directory's end has no room for, and where that stands. */
function longEnd(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(76);
  end.writeUInt32LE(0x0606_4b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(VERSION_OF_LONG, 12);
  end.writeUInt16LE(VERSION_OF_LONG, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  end.writeUInt32LE(0x0706_4b50, 56);
  end.writeBigUInt64LE(BigInt(offset + size), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

function writeFacts(head: Buffer, from: number, moment: number, version = VERSION): void {
  head.writeUInt16LE(version, from);
  head.writeUInt16LE(FLAGS, from + 2);
  head.writeUInt16LE(DEFLATED, from + 4);
  head.writeUInt32LE(moment, from + 6);
}

function writeSizes(head: Buffer, from: number, { crc, packed, size }: Entry): void {
  head.writeUInt32LE(crc, from);
  head.writeUInt32LE(within(packed), from + 4);
  head.writeUInt32LE(within(size), from + 8);
}

function within(bytes: number): number {
  if (bytes > MOST_BYTES) throw new Error("larger than a ZIP archive can say");
  return bytes;
}

/** Date and time of MS-DOS: two seconds exact, and from 1980 on. */
function dosTime(at: Date): number {
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}
