/** The floor of the webhooks benchmark: reads the body, checks the signature over it, answers. Nothing is parsed or stored. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

const secret = process.env["SHOPIFY_API_SECRET"] ?? "";
const server = createServer((request, response) => {
  void buffer(request).then((body) => {
    const given = Buffer.from(String(request.headers["x-shopify-hmac-sha256"]), "base64");
    const signature = createHmac("sha256", secret).update(body).digest();
    const isGood = given.length === signature.length && timingSafeEqual(given, signature);
    response.writeHead(isGood ? 200 : 401).end();
  });
});
server.listen(0);
await once(server, "listening");
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
process.stdout.write(`${JSON.stringify({ ready: true, address })}\n`);
