/** The thread that runs this app's jobs where one process serves pages as well. */
import { createHandlers } from "./handlers.server.ts";
import { workInThread } from "./work-in-thread.server.ts";

await workInThread(createHandlers);
