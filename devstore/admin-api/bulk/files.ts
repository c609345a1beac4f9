/** The files around bulk operations: results to fetch, and uploads of variables. */
import type { Request, Response } from "express";
import { strikes } from "../../state/chaos.ts";
import type { World } from "../../state/model.ts";
import { now } from "../../state/world.ts";
import { isActive, refreshed, resultFile, type BulkRegistry } from "./registry.ts";

/** GET /bulk-results/:name, as the signed address of a storage service: 403 once it has ended. */
export function sendBulkResult(world: World, bulk: BulkRegistry, request: Request, response: Response): void {
  const operation = [...bulk.operations.values()].find(({ fileName }) => fileName === request.params["name"]);
  if (!operation || isActive(refreshed(operation, now(world)))) {
    response.status(404).type("text/plain").send("No such object");
    return;
  }
  if (operation.status === "COMPLETED" && strikes(world, "expireBulkUrl")) operation.addressEnded = true;
  if (refreshed(operation, now(world)).status === "EXPIRED") {
    response.status(403).type("text/plain").send("The signed address has expired");
    return;
  }
  response.type("application/jsonl").sendFile(resultFile(bulk, operation));
}

/** Of a file of variables. */
const MOST_UPLOAD_BYTES = 100_000_000;

/** POST /staged-uploads: a form with the parameters that stagedUploadsCreate gave, the file last. */
export async function takeStagedUpload(
  bulk: BulkRegistry,
  request: Request,
  response: Response,
): Promise<void> {
  const raw: unknown = request.body;
  if (!Buffer.isBuffer(raw)) {
    response.status(400).send("A form is expected");
    return;
  }
  const headers = { "Content-Type": request.header("Content-Type") ?? "" };
  let form: FormData;
  try {
    form = await new Response_(new Uint8Array(raw), { headers }).formData();
  } catch {
    response.status(400).send("The form cannot be read");
    return;
  }
  const key = form.get("key");
  const file = form.get("file");
  const upload = typeof key === "string" ? bulk.stagedUploads.get(key) : undefined;
  if (!upload || file === null) {
    response.status(403).send("The upload was not announced");
    return;
  }
  if (typeof file !== "string" && file.size > MOST_UPLOAD_BYTES) {
    response.status(400).type("application/xml").send("<Error><Code>EntityTooLarge</Code></Error>");
    return;
  }
  upload.content = typeof file === "string" ? file : await file.text();
  response.status(201).type("application/xml").send(`<PostResponse><Key>${upload.key}</Key></PostResponse>`);
}

// Express' response type hides the platform's.
const Response_ = globalThis.Response;
