/** Values that a JSON Schema allows, as far as the API's document uses it. What it does not know throws. */
import fc from "fast-check";

export type JsonSchema = Readonly<Record<string, unknown>>;

const LONGEST = 40;
const LARGEST = 1_000_000;

export function arbitraryOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { anyOf, type, enum: allowed } = schema;
  if (Array.isArray(allowed)) return fc.constantFrom(...(allowed as unknown[]));
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as JsonSchema[]).map(arbitraryOf));
  switch (type) {
    case "integer":
      return fc.integer({
        min: Number(schema["minimum"] ?? -LARGEST),
        max: Number(schema["maximum"] ?? LARGEST),
      });
    case "string":
      return typeof schema["pattern"] === "string"
        ? fc
            .stringMatching(new RegExp(schema["pattern"]), { size: "small" })
            .filter((text) => text.length <= Number(schema["maxLength"] ?? Infinity))
        : fc.string({ maxLength: Number(schema["maxLength"] ?? LONGEST) });
    case "object": {
      const properties = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
      const required = (schema["required"] ?? []) as string[];
      const fields = Object.fromEntries(
        Object.entries(properties).map(([name, of]) => [name, arbitraryOf(of)]),
      );
      return fc.record(fields, { requiredKeys: required });
    }
    default:
      throw new Error(`no values for ${JSON.stringify(schema)}`);
  }
}
