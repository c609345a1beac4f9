/** Structured logs, one JSON object a line, in which tokens and direct identifiers cannot appear. */
import pino, { type DestinationStream, type Logger } from "pino";
import { scrub } from "./scrub.ts";

export type { Logger } from "pino";

/** What is logged is ids, counts and durations; these keys are struck out should one be passed by mistake. */
const SECRET_KEYS = [
  "accessToken",
  "refreshToken",
  "token",
  "id_token",
  "authorization",
  "cookie",
  "email",
  "phone",
  "name",
  "firstName",
  "lastName",
  "address1",
  "address2",
  "zip",
];

/** Every line is also scrubbed as text, because an error's message may quote anything. */
export function createLog(destination: DestinationStream, level: string): Logger {
  return pino(
    {
      level,
      base: undefined,
      serializers: { error: describeError, err: describeError },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "[removed]" },
    },
    { write: (line: string) => destination.write(scrub(line)) },
  );
}

/** Not the error's other properties: a failed request's error may carry its whole body. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: error.message.slice(0, 1_000),
    ...(typeof code === "string" && { code }),
    stack: error.stack?.split("\n    at ").slice(1, 12),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

export const log = createLog(pino.destination({ fd: 1, sync: true }), process.env.LOG_LEVEL ?? "info");
