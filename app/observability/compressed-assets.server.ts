/** Serves built assets as the build compressed them: the best compression takes seconds, so it is done once and not for each request. */
import { readdirSync } from "node:fs";
import path from "node:path";
import type { RequestHandler } from "express";

/** Stands before what serves the folder's files. */
export function preferCompressed(folder: string): RequestHandler {
  const compressed = new Set(readdirSync(folder).filter((name) => name.endsWith(".br")));
  return (request, response, next) => {
    const name = `${request.path.slice(1)}.br`;
    if (compressed.has(name)) {
      response.vary("Accept-Encoding");
      if (request.acceptsEncodings("br") === "br") {
        response.type(path.extname(request.path)).set("Content-Encoding", "br");
        request.url = `/${name}`;
      }
    }
    next();
  };
}
