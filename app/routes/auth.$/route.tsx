/** Pages between the app and Shopify's admin: they fetch a new session token, or leave the frame. */
import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { answerAuthRequest } from "../../authentication.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  // Where the library sends whoever comes from outside the admin: there is nothing to log in to.
  if (params["*"] === "login") return redirect("/");
  return answerAuthRequest(request);
}
