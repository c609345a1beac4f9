/** `npm run build`: builds routes and components into build/, unless what is there was made from the same sources, and the UI extensions. */
import { buildApp } from "./build-app.ts";
import { buildExtensions, describeExtensions } from "./build-extensions.ts";
import { CannotRun } from "./demo/options.ts";

try {
  console.log((await buildApp()) ? "Built the app." : "The app is built.");
  console.log(describeExtensions(await buildExtensions(".")));
} catch (error) {
  console.error(error instanceof CannotRun ? error.message : error);
  process.exitCode = 1;
}
