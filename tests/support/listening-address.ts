/** A merchant's own address on this machine: it keeps what it is sent, and answers as a test says. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Heard {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ListeningAddress {
  url: string;
  heard: Heard[];
  /** Of the answers from now on; 0 cuts the connection. */
  answers(status: number): void;
  stop(): Promise<void>;
}

export async function listenAtAddress(): Promise<ListeningAddress> {
  const heard: Heard[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ headers: request.headers, body });
      if (status === 0) request.socket.destroy();
      else response.writeHead(status, { Location: "http://127.0.0.1:1/elsewhere" }).end("nobody reads this");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/points`,
    heard,
    answers: (next) => (status = next),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
