/** Lines of JSON out of a stream of bytes, with no more in memory than one chunk and one unfinished line. */

const NEWLINE = 0x0a;

/** Takes chunks as they come and hands on each line as text. A last line without its newline is handed on by `end`. */
export function lineSplitter(onLine: (line: string) => void): { push(chunk: Uint8Array): void; end(): void } {
  let unfinished: Buffer[] = [];

  function push(bytes: Uint8Array) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (unfinished.length > 0) {
        unfinished.push(chunk.subarray(start, end));
        onLine(Buffer.concat(unfinished).toString("utf8"));
        unfinished = [];
      } else if (end > start) {
        onLine(chunk.toString("utf8", start, end));
      }
      start = end + 1;
    }
    if (start < chunk.length) unfinished.push(chunk.subarray(start));
  }

  function end() {
    if (unfinished.length > 0) onLine(Buffer.concat(unfinished).toString("utf8"));
    unfinished = [];
  }

  return { push, end };
}
