/** Hands out the files of FOLDER, as the storage service behind Shopify's bulk results does; tells its address. */
import type { AddressInfo } from "node:net";
import express from "express";

const server = express()
  .use(express.static(process.env["FOLDER"] ?? ""))
  .listen(0, () => process.send?.(`http://localhost:${(server.address() as AddressInfo).port}`));
process.on("disconnect", () => process.exit());
