/** The settings that a section, a block or a theme declares: Shopify's types and what each may say, and the values they have on a page. */
import { StorefrontError } from "./thing.ts";

export interface Setting {
  type: string;
  id?: string;
  label?: string;
  default?: unknown;
  options?: { value: unknown; label: string }[];
  min?: number;
  max?: number;
  step?: number;
  [other: string]: unknown;
}

const INPUT = ["type", "id", "label", "default", "info"];
const CONDITIONAL = [...INPUT, "visible_if"];

/** By type, what else than the usual a setting may say. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  article: INPUT,
  article_list: [...INPUT, "limit"],
  blog: INPUT,
  checkbox: CONDITIONAL,
  collection: INPUT,
  collection_list: [...INPUT, "limit"],
  color: [...CONDITIONAL, "alpha", "placeholder"],
  color_background: CONDITIONAL,
  font_picker: CONDITIONAL,
  header: ["type", "content", "info", "visible_if"],
  html: [...CONDITIONAL, "placeholder"],
  image_picker: CONDITIONAL,
  inline_richtext: CONDITIONAL,
  link_list: CONDITIONAL,
  liquid: CONDITIONAL,
  number: [...CONDITIONAL, "placeholder", "min", "max", "icon", "options"],
  page: INPUT,
  paragraph: ["type", "content", "visible_if"],
  product: INPUT,
  product_list: [...INPUT, "limit"],
  radio: [...CONDITIONAL, "options"],
  range: [...CONDITIONAL, "min", "max", "step", "unit"],
  richtext: CONDITIONAL,
  select: [...CONDITIONAL, "options"],
  text: [...CONDITIONAL, "placeholder"],
  text_alignment: CONDITIONAL,
  textarea: [...CONDITIONAL, "placeholder"],
  url: CONDITIONAL,
  video: CONDITIONAL,
  video_url: [...CONDITIONAL, "placeholder", "accept"],
};

export const SETTING_TYPES: readonly string[] = Object.keys(TYPES);
export const settingAttributes = (type: string): readonly string[] => TYPES[type] ?? [];

const NOT_FOR_APPS = new Set(["font_picker", "liquid"]);

/** Shopify resolves them by themselves when an app's block is added. */
const AUTOFILLED = new Set(["collection", "product"]);

const SECTION_ATTRIBUTES = new Set([
  ...["name", "tag", "class", "limit", "settings", "max_blocks", "blocks", "presets", "default", "locales"],
  ...["enabled_on", "disabled_on"],
]);
const APP_BLOCK_ATTRIBUTES = new Set([
  ...["name", "target", "tag", "class", "settings", "stylesheet", "javascript", "enabled_on", "disabled_on"],
  ...["available_if", "default", "templates"],
]);
const TARGETS = new Set(["section", "head", "compliance_head", "body"]);

interface Limits {
  templates?: string[];
  groups?: string[];
}

interface BlockSchema {
  type: string;
  name?: string;
  limit?: number;
  settings: Setting[];
}

export interface Schema {
  name: string;
  tag?: string | null;
  class?: string;
  settings: Setting[];
  blocks: BlockSchema[];
  enabled_on?: Limits;
  disabled_on?: Limits;
  /** Of an app's block. */
  target?: "body" | "compliance_head" | "head" | "section";
  stylesheet?: string;
  javascript?: string;
  available_if?: string;
}

/** The `{% schema %}` of a file; `null` where there is none. */
export function readSchema(file: string, source: string, kind: "app-block" | "section"): Schema | null {
  const text = /\{%-?\s*schema\s*-?%\}([\s\S]*?)\{%-?\s*endschema\s*-?%\}/.exec(source)?.[1];
  if (text === undefined) return null;
  const fail = (why: string): never => {
    throw new StorefrontError(`${file}, schema: ${why}`);
  };
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    return fail(String(error));
  }
  const known = kind === "section" ? SECTION_ATTRIBUTES : APP_BLOCK_ATTRIBUTES;
  for (const name of Object.keys(raw)) if (!known.has(name)) fail(`there is no attribute ${name}`);
  if (typeof raw["name"] !== "string" || raw["name"] === "") fail("a name is missing");
  if (kind === "app-block") checkAppBlock(raw, fail);
  if (raw["enabled_on"] !== undefined && raw["disabled_on"] !== undefined)
    fail("only one of enabled_on and disabled_on can stand");
  const settings = checkedSettings(raw["settings"], kind, fail);
  const blocks = ((raw["blocks"] ?? []) as BlockSchema[]).map((block) => ({
    ...block,
    settings: checkedSettings(block.settings, kind, fail),
  }));
  return { ...raw, settings, blocks } as Schema;
}

function checkAppBlock(raw: Record<string, unknown>, fail: (why: string) => never): void {
  if (typeof raw["target"] !== "string" || !TARGETS.has(raw["target"]))
    fail(`the target is one of ${[...TARGETS].join(", ")}`);
  const name = String(raw["name"]);
  if (!name.startsWith("t:") && name.length > 25) fail(`the name ${name} is longer than 25 characters`);
  if (raw["target"] !== "section" && (raw["tag"] !== undefined || raw["class"] !== undefined))
    fail("only blocks of sections have a tag and a class");
}

function checkedSettings(
  raw: unknown,
  kind: "app-block" | "section",
  fail: (why: string) => never,
): Setting[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) return fail("settings are a list");
  const ids = new Set<string>();
  for (const setting of raw as Setting[]) {
    const { type, id } = setting;
    const attributes = TYPES[type];
    if (!attributes || (kind === "app-block" && NOT_FOR_APPS.has(type)))
      return fail(`there is no type of setting ${type}`);
    for (const name of Object.keys(setting)) {
      const autofills = name === "autofill" && kind === "app-block" && AUTOFILLED.has(type);
      if (!attributes.includes(name) && !autofills) fail(`the setting ${id ?? type} cannot have ${name}`);
    }
    if (type === "header" || type === "paragraph") {
      if (typeof setting["content"] !== "string") fail(`a ${type} needs content`);
      continue;
    }
    if (id === undefined || setting.label === undefined) return fail(`a ${type} needs an id and a label`);
    if (ids.has(id)) fail(`the id ${id} stands twice`);
    ids.add(id);
    const wrong = settingFault(setting);
    if (wrong) fail(`the setting ${id} ${wrong}`);
  }
  return raw as Setting[];
}

function settingFault(setting: Setting): string | null {
  const { type, options, min, max, step = 1, default: initial } = setting;
  if (initial === "") return "has an empty default";
  if (type === "select" || type === "radio") {
    if (!Array.isArray(options) || options.length === 0) return "needs options";
    if (initial !== undefined && !options.some(({ value }) => value === initial))
      return "has a default that is not among its options";
  }
  if (type === "range") {
    if (typeof min !== "number" || typeof max !== "number" || typeof initial !== "number")
      return "needs a min, a max and a default";
    if (initial < min || initial > max) return "has a default outside of its range";
    if ((max - min) / step > 101) return "has more than 101 steps";
    if (Math.abs((initial - min) / step - Math.round((initial - min) / step)) > 1e-9)
      return "has a default that is no step";
  }
  if (type === "checkbox" && initial !== undefined && typeof initial !== "boolean")
    return "has a default that is not true or false";
  if (type === "text" && initial !== undefined && typeof initial !== "string")
    return "has a default that is no text";
  return null;
}

/** The default of each setting, or the value that is stored for it. */
export function settingValues(
  settings: readonly Setting[],
  stored: Readonly<Record<string, unknown>>,
  where: string,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { type, id, default: initial } of settings)
    if (id !== undefined) values[id] = stored[id] ?? initial ?? (type === "checkbox" ? false : null);
  for (const id of Object.keys(stored))
    if (!Object.hasOwn(values, id)) throw new StorefrontError(`${where} has no setting ${id}`);
  return values;
}

/** Whether the limits let a section or block stand on a template or in a group. */
export function allowedAt(
  { enabled_on: enabled, disabled_on: disabled }: Pick<Schema, "disabled_on" | "enabled_on">,
  place: { template: string; group: string | null },
): boolean {
  const named = (limits: Limits) =>
    place.group === null
      ? (limits.templates ?? []).some((each) => each === "*" || each === place.template)
      : (limits.groups ?? []).some((each) => each === "*" || each === place.group);
  if (enabled) return named(enabled);
  if (disabled) return !named(disabled);
  return true;
}
