/** Whether a value is one of its metafield's type. */

interface Fault {
  about: "type" | "value";
  message: string;
  code: string;
}

const MAX_LIST = 128;
const MAX_BYTES = 65_536;

const isInteger = (text: string) => /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text));
const isDecimal = (text: string) => /^-?\d{1,13}(\.\d{1,9})?$/.test(text);
const isReference = (text: string) => /^gid:\/\/shopify\/\w+\/\d+$/.test(text);

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  boolean: (text) => text === "true" || text === "false",
  color: (text) => /^#[0-9a-fA-F]{6}$/.test(text),
  customer_reference: isReference,
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  date_time: (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text)),
  id: (text) => text.length > 0,
  json: isJson,
  money: (text) => isJson(text) && /"amount"/.test(text) && /"currency_code"/.test(text),
  multi_line_text_field: () => true,
  number_decimal: isDecimal,
  number_integer: isInteger,
  product_reference: isReference,
  rating: (text) => isJson(text) && /"scale_max"/.test(text),
  single_line_text_field: (text) => !/[\r\n]/.test(text),
  url: (text) => URL.canParse(text),
  variant_reference: isReference,
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function isMetafieldType(type: string): boolean {
  return Object.hasOwn(checks, type.startsWith("list.") ? type.slice(5) : type);
}

export function checkMetafieldValue(type: string, value: string): Fault | null {
  if (value === "") return { about: "value", message: "Value can't be blank.", code: "BLANK" };
  if (Buffer.byteLength(value) > MAX_BYTES) {
    return { about: "value", message: "Value is too long.", code: "TOO_LONG" };
  }
  const listed = type.startsWith("list.");
  const check = checks[listed ? type.slice(5) : type];
  if (!check)
    return { about: "type", message: `Type '${type}' is not included in the list`, code: "INCLUSION" };
  const wrong = {
    about: "value",
    message: `Value is invalid for type '${type}'.`,
    code: "INVALID_VALUE",
  } as const;
  if (!listed) return check(value) ? null : wrong;
  const parsed: unknown = isJson(value) ? JSON.parse(value) : null;
  if (!Array.isArray(parsed)) return wrong;
  if (parsed.length > MAX_LIST) {
    return { about: "value", message: `Value has more than ${MAX_LIST} elements.`, code: "INVALID_VALUE" };
  }
  return parsed.every((one) => check(typeof one === "string" ? one : JSON.stringify(one))) ? null : wrong;
}
