/** Structured logs, one JSON object a line, in which tokens and direct identifiers cannot appear. */
import pino from "pino";

/** Logs ids, counts and durations only; these paths are struck out should one be passed by mistake. */
const SECRET_KEYS = [
  "accessToken",
  "refreshToken",
  "token",
  "id_token",
  "authorization",
  "email",
  "phone",
  "firstName",
  "lastName",
];

export const log = pino({
  level: process.env.LOG_LEVEL ?? "info",
  base: undefined,
  redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "[removed]" },
});
