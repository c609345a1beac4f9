/** Which of an app's blocks stand in a theme's JSON files: templates, groups of sections, and settings for app embeds. */

/** Names of the blocks that are there and not turned off. */
export function blocksIn(contents: readonly string[], appHandle: string): Set<string> {
  const found = new Set<string>();
  for (const content of contents) {
    const file = parsed(content);
    if (file !== undefined) collect(file, appHandle, found);
  }
  return found;
}

/** Shopify writes a comment above what its editor saves. */
function parsed(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\s*\/\*.*?\*\//s, "")) as unknown;
  } catch {
    return undefined;
  }
}

function collect(node: unknown, appHandle: string, found: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  const { type, disabled } = node as { type?: unknown; disabled?: unknown };
  // With it, all that it holds.
  if (disabled === true) return;
  const [, app, block] = /^shopify:\/\/apps\/([^/]+)\/blocks\/([^/]+)/.exec(String(type)) ?? [];
  if (app === appHandle && block !== undefined) found.add(block);
  for (const child of Object.values(node)) collect(child, appHandle, found);
}
