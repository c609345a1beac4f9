/** Serves another site's pages as they were answered the first time, so that a browser's work is measured without the server's. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createSecureServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface RecordedSite {
  url: string;
  stop(): Promise<void>;
}

/** Asks for one page or file of the other site. */
export type Fetching = (address: string) => Promise<Response>;

const KEPT_HEADERS = ["cache-control", "content-type"];
/** Shorter texts are not worth compressing. */
const LEAST_COMPRESSED = 512;

/** Over HTTP/2, as shops are served: a second file of the same page waits for no connection. The browser has to believe any certificate. */
export async function recordSite(fetching: Fetching): Promise<RecordedSite> {
  const answers = new Map<string, Promise<Answer>>();
  const sessions = new Set<ServerHttp2Session>();
  const server = createSecureServer(await ownCertificate(), (request, response) => {
    const answer = answers.get(request.url) ?? fetching(request.url).then(recorded);
    answers.set(request.url, answer);
    answer.then(
      ({ status, headers, body }) => {
        response.writeHead(status, headers);
        response.end(body);
      },
      (error: unknown) => response.stream.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Of a day, signed by itself. Node can sign and not write certificates. */
async function ownCertificate(): Promise<{ key: Buffer; cert: Buffer }> {
  const folder = await mkdtemp(path.join(tmpdir(), "recorded-site-"));
  const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "1"];
  const pair = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await promisify(execFile)("openssl", ["req", "-x509", ...pair, "-keyout", key, "-out", cert, ...subject]);
  const read = { key: await readFile(key), cert: await readFile(cert) };
  await rm(folder, { recursive: true });
  return read;
}

/** Compressed, as a CDN keeps it. */
async function recorded(response: Response): Promise<Answer> {
  const plain = Buffer.from(await response.arrayBuffer());
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  if (plain.length < LEAST_COMPRESSED) return { status: response.status, headers, body: plain };
  return {
    status: response.status,
    headers: { ...headers, "content-encoding": "gzip" },
    body: gzipSync(plain),
  };
}
