/** The elements of a target inside its worker: each takes the properties and events that Shopify declares there, and no others. */
import { createRemoteElement, RemoteEvent } from "@remote-dom/core/elements";
import type { ElementMembers, Surface } from "../surface.ts";

const TYPES = { boolean: Boolean, function: Function, number: Number, string: String, any: Object } as const;
/** Every element may stand in a slot of its parent. */
const EVERYWHERE = new Set(["slot"]);

export function defineElements({ elements, target }: Surface): void {
  for (const [name, members] of Object.entries(elements)) {
    const Base = createRemoteElement({
      properties: Object.fromEntries(
        Object.entries(members.properties).map(([property, kind]) => [property, { type: TYPES[kind] }]),
      ),
      events: Object.fromEntries(members.events.map((event) => [event, { dispatchEvent: happened(event) }])),
    });
    const attributes = attributesOf(members);
    // On the class itself: of one that extends it, Remote DOM would no longer know which attribute is which property.
    const own = Base.prototype as { setAttribute: (attribute: string, value: string) => void };
    const inherited = own.setAttribute;
    own.setAttribute = function (attribute, value) {
      if (!attributes.has(attribute)) throw new Error(`<${name}> has no ${attribute} on ${target}`);
      inherited.call(this, attribute, value);
    };
    customElements.define(name, Base);
  }
  const create = document.createElement.bind(document);
  document.createElement = (name: string) => {
    if (!(name in elements)) throw new Error(`<${name}> is not among the elements of ${target}`);
    return create(name);
  };
}

function attributesOf({ properties }: ElementMembers): ReadonlySet<string> {
  const kebab = (name: string) => name.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
  return new Set([...EVERYWHERE, ...Object.keys(properties).map(kebab), ...Object.keys(properties)]);
}

/** What the shopper changed is the element's before its listeners run. */
function happened(event: string) {
  return function (this: Element, state: unknown): Event {
    if (typeof state === "object" && state !== null) Object.assign(this, state);
    return new RemoteEvent(event, { bubbles: false });
  };
}
