/** Threads that run a TypeScript program, started in a way in which none of them can end the whole process. */
import v8 from "node:v8";
import { Worker, type WorkerOptions } from "node:worker_threads";

// Node reads TypeScript by WebAssembly, anew in every thread. V8 frees compiled WebAssembly that nobody needs any more while other
// threads compile theirs, and its registry of code pages has then ended the process (nodejs/node#64500). What would be freed is small.
v8.setFlagsFromString("--no-wasm-code-gc");

/** `workerData`: whatever structured clone can copy or `transferList` hands over; the program reads it under the same name. */
export function startThread(
  program: URL,
  workerData: unknown,
  transferList: NonNullable<WorkerOptions["transferList"]> = [],
): Worker {
  return new Worker(program, { workerData, transferList });
}
