/** Where programs of merchants ask: /api/v1, described at /api/v1/openapi.json. */
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { apiRequest } from "../../authentication.server.ts";
import { database } from "../../db/database.server.ts";
import { answerApi } from "../../services/api/answer-api.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  return answerApi(await database(), apiRequest(request));
}

export async function action({ request }: ActionFunctionArgs) {
  return answerApi(await database(), apiRequest(request));
}
