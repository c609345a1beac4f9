/** Part of `npm run check:types`: each target of each UI extension against the types of that target alone. */
import { extensionTypeFaults } from "./extension-types.ts";

const faults = extensionTypeFaults(".");
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
