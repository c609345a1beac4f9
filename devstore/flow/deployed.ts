/** What an app brings to Shopify Flow: triggers, actions and where it hears of their use, by the tomls in its extensions/. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import type { World } from "../state/model.ts";

/** `customer_reference` is named `customer_id` in a payload; a field of one's own has a key. */
export interface FlowField {
  key: string;
  type: string;
  required: boolean;
}

interface FlowTrigger {
  handle: string;
  name: string;
  fields: FlowField[];
}

interface FlowAction extends FlowTrigger {
  runtimeUrl: string;
}

export interface DeployedFlow {
  triggers: readonly FlowTrigger[];
  actions: readonly FlowAction[];
  /** Where it is told whether a shop uses a trigger. */
  lifecycleUrl: string | null;
}

const NOTHING: DeployedFlow = { triggers: [], actions: [], lifecycleUrl: null };

/** As Shopify's command line checks them. */
const TRIGGER_TYPES = ["boolean", "email", "single_line_text_field", "url", "number_decimal"] as const;
const ACTION_TYPES = [...TRIGGER_TYPES, "multi_line_text_field", "number_integer"] as const;
const reference = z.strictObject({
  type: z.literal("customer_reference"),
  required: z.boolean().default(false),
  description: z.string().optional(),
});
const text = { name: z.string().optional(), description: z.string().optional() };
const triggerField = z.union([
  reference,
  z.strictObject({ type: z.enum(TRIGGER_TYPES), key: z.string().regex(/^[a-zA-Z\s]+$/), ...text }),
]);
const actionField = z.union([
  reference,
  z.strictObject({
    type: z.enum(ACTION_TYPES),
    key: z.string().regex(/^[a-zA-Z0-9\-_]+$/),
    required: z.boolean().default(false),
    ...text,
  }),
]);
const named = {
  name: z.string().min(1),
  handle: z.string().regex(/^[a-zA-Z0-9-]{1,30}$/),
  uid: z.string().optional(),
  description: z.string().optional(),
};
const extension = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("flow_trigger"), ...named }),
  z.strictObject({ type: z.literal("flow_action"), ...named, runtime_url: z.string() }),
  z.strictObject({ type: z.literal("flow_trigger_lifecycle_callback"), ...named, url: z.string() }),
]);
const file = z.object({
  extensions: z.array(z.looseObject({ type: z.string() })).default([]),
  settings: z.object({ fields: z.array(z.unknown()).default([]) }).default({ fields: [] }),
});

/** Relative addresses are the app's own. What Shopify's command line would refuse of a toml throws. */
export function readFlow(tomlPath: string, appUrl: string): DeployedFlow {
  const root = path.dirname(tomlPath);
  const triggers: FlowTrigger[] = [];
  const actions: FlowAction[] = [];
  let lifecycleUrl: string | null = null;
  for (const name of globSync("extensions/*/shopify.extension.toml", { cwd: root }).toSorted()) {
    const toml = file.parse(parse(readFileSync(path.join(root, name), "utf8")));
    for (const declared of toml.extensions.filter(({ type }) => type.startsWith("flow_"))) {
      const read = extension.safeParse(declared);
      if (!read.success) throw new Error(`${name}: ${z.prettifyError(read.error)}`);
      const { type, handle, name: title } = read.data;
      if (type === "flow_trigger")
        triggers.push({ handle, name: title, fields: fieldsOf(name, triggerField, toml.settings.fields) });
      else if (type === "flow_action") {
        const fields = fieldsOf(name, actionField, toml.settings.fields);
        actions.push({
          handle,
          name: title,
          fields,
          runtimeUrl: new URL(read.data.runtime_url, appUrl).href,
        });
      } else lifecycleUrl = new URL(read.data.url, appUrl).href;
    }
  }
  return { triggers, actions, lifecycleUrl };
}

function fieldsOf(
  file: string,
  schema: typeof triggerField | typeof actionField,
  fields: readonly unknown[],
): FlowField[] {
  return fields.map((field) => {
    const read = schema.safeParse(field);
    if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`);
    const { type } = read.data;
    const key = "key" in read.data ? read.data.key : type.replace("_reference", "_id");
    // Of a trigger every field is.
    return { key, type, required: "required" in read.data ? read.data.required : true };
  });
}

const deployed = new WeakMap<World, DeployedFlow>();

export function deployFlow(world: World, flow: DeployedFlow): void {
  deployed.set(world, flow);
}

export function flowOf(world: World): DeployedFlow {
  return deployed.get(world) ?? NOTHING;
}
