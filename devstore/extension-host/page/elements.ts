/** The `s-*` elements as this Shopify draws them: plain ones of its own, each with the meaning of Shopify's and none of its looks. */
import { FIELDS } from "./fields.ts";
import { LAYOUT } from "./layout.ts";
import { Drawn, type Drawing } from "./drawn.ts";
import { CONTROLS } from "./controls.ts";

const DRAWINGS: Readonly<Record<string, Drawing>> = { ...LAYOUT, ...CONTROLS, ...FIELDS };

export const isDrawn = (name: string) => Object.hasOwn(DRAWINGS, name);

/** Once for a page. */
export function defineElements(): void {
  for (const [name, drawing] of Object.entries(DRAWINGS)) {
    if (customElements.get(name)) continue;
    const Element = class extends Drawn {
      override readonly drawing = drawing;
    };
    for (const property of drawing.properties ?? []) {
      Object.defineProperty(Element.prototype, property, {
        configurable: true,
        get(this: Drawn) {
          return this.given(property);
        },
        set(this: Drawn, value: unknown) {
          this.take(property, value);
        },
      });
    }
    customElements.define(name, Element);
  }
}
