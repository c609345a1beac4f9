/**
 * Checks the theme extension offline: Shopify's own theme check with its rules for extensions, and each block's schema against Shopify's
 * schema of a section's settings, which the former does not look at in an extension. The local Shopify's theme is checked as a theme.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { themeCheckRun } from "@shopify/theme-check-node";

const EXTENSION = path.resolve("extensions/storefront");
/** What a block of an extension may say beside what a section may. */
const BLOCK_ONLY = ["target", "stylesheet", "javascript", "available_if"];
const SECTION_ONLY = ["limit", "max_blocks", "blocks", "presets", "default", "locales"];
const TARGETS = ["section", "head", "body", "compliance_head"];
/** Kinds of settings that Shopify offers to sections but not to an extension's blocks. */
const NOT_IN_BLOCKS = ["color_scheme", "color_scheme_group", "font_picker", "liquid"];

interface BlockSchema extends Record<string, unknown> {
  settings?: { type: string }[];
}

async function offensesIn(root: string, config: string, codes?: readonly string[]): Promise<string[]> {
  const { offenses } = await themeCheckRun(root, config);
  return offenses
    .filter(({ check }) => codes === undefined || codes.includes(check))
    .map(({ uri, start, check, message }) => {
      const file = path.relative(root, fileURLToPath(uri));
      return `${file}:${start.line + 1} ${check}: ${message}`;
    });
}

function blockSchemas(): { name: string; schema: BlockSchema }[] {
  return readdirSync(path.join(EXTENSION, "blocks")).map((file) => {
    const source = readFileSync(path.join(EXTENSION, "blocks", file), "utf8");
    const text = /{% schema %}(.*){% endschema %}/s.exec(source)?.[1] ?? "null";
    return { name: path.basename(file, ".liquid"), schema: JSON.parse(text) as BlockSchema };
  });
}

function attributeFaults({ name, schema }: { name: string; schema: BlockSchema }): string[] {
  const faults = [
    ...SECTION_ONLY.filter((attribute) => attribute in schema).map((attribute) => `has no ${attribute}`),
    ...(schema.settings ?? [])
      .filter(({ type }) => NOT_IN_BLOCKS.includes(type))
      .map(({ type }) => `takes no setting of the type ${type}`),
    ...(TARGETS.includes(String(schema.target)) ? [] : [`has no target ${String(schema.target)}`]),
    ...["stylesheet", "javascript"]
      .filter((kind) => kind in schema)
      .filter((kind) => !readdirSync(path.join(EXTENSION, "assets")).includes(String(schema[kind])))
      .map((kind) => `names a ${kind} that is not there`),
  ];
  return faults.map((fault) => `blocks/${name}.liquid: a block ${fault}`);
}

/** The same settings as a section of a theme, which Shopify's schemas are for. */
async function settingFaults(blocks: readonly { name: string; schema: BlockSchema }[]): Promise<string[]> {
  const theme = mkdtempSync(path.join(tmpdir(), "perennial-theme-"));
  try {
    mkdirSync(path.join(theme, "sections"));
    cpSync(path.join(EXTENSION, "locales"), path.join(theme, "locales"), { recursive: true });
    for (const { name, schema } of blocks) {
      const section = Object.fromEntries(Object.entries(schema).filter(([key]) => !BLOCK_ONLY.includes(key)));
      const source = `{% schema %}\n${JSON.stringify(section, null, 2)}\n{% endschema %}\n`;
      writeFileSync(path.join(theme, "sections", `${name}.liquid`), source);
    }
    const codes = ["ValidSchema", "ValidJSON", "UniqueSettingId", "ValidSettingsKey"];
    return await offensesIn(theme, "theme-check:all", codes);
  } finally {
    rmSync(theme, { recursive: true });
  }
}

const blocks = blockSchemas();
const faults = [
  ...(await offensesIn(EXTENSION, "theme-check:theme-app-extension")),
  ...blocks.flatMap(attributeFaults),
  ...(await settingFaults(blocks)),
  ...(await offensesIn(path.resolve("devstore/themes/light"), "theme-check:recommended")),
];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
