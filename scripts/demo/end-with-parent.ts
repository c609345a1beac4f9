/** Loaded into the demo's servers before their own code: should the demo itself be killed, they stop as if it had asked them to. */
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
// The channel alone must not keep a server alive that has stopped.
process.channel?.unref();
