/** An element in a page of the local Shopify: keeps what it is given and draws itself into its own shadow when that changes. */

export interface Drawing {
  /** Read by `update`; whatever else is set lies on the element unseen. */
  properties?: readonly string[];
  css?: string;
  /** Made once, so that a field keeps its caret. */
  html: string;
  /** Once, after the HTML is there: what the shopper does. */
  connect?: (element: Drawn, root: ShadowRoot) => void;
  update?: (element: Drawn, root: ShadowRoot) => void;
}

const COMMON = `
  :host { box-sizing: border-box; font: inherit; color: inherit; }
  :host([hidden]) { display: none; }
  *, *::before { box-sizing: border-box; }
  :focus-visible { outline: 2px solid #0a5bd3; outline-offset: 2px; }
`;

export abstract class Drawn extends HTMLElement {
  abstract readonly drawing: Drawing;
  readonly #given = new Map<string, unknown>();
  #isDue = false;
  #shadow: ShadowRoot | null = null;

  connectedCallback(): void {
    if (!this.#shadow) {
      this.#shadow = this.attachShadow({ mode: "open", delegatesFocus: true });
      this.#shadow.innerHTML = `<style>${COMMON}${this.drawing.css ?? ""}</style>${this.drawing.html}`;
      this.drawing.connect?.(this, this.#shadow);
    }
    this.drawing.update?.(this, this.#shadow);
  }

  given(property: string): unknown {
    return this.#given.get(property);
  }

  /** As text; "" where nothing is given. */
  text(property: string): string {
    const value = this.given(property);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  }

  is(property: string): boolean {
    const value = this.given(property);
    return value !== undefined && value !== null && value !== false;
  }

  take(property: string, value: unknown): void {
    if (Object.is(this.#given.get(property), value)) return;
    this.#given.set(property, value);
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.#shadow) this.drawing.update?.(this, this.#shadow);
    });
  }

  /** What the shopper did: the extension's element takes over the state before its listeners run. */
  tell(event: string, state: Record<string, unknown> = {}): void {
    for (const [property, value] of Object.entries(state)) this.#given.set(property, value);
    this.dispatchEvent(new CustomEvent(event, { detail: state }));
  }
}

export function part<K extends keyof HTMLElementTagNameMap>(
  root: ParentNode,
  name: K,
): HTMLElementTagNameMap[K] {
  const found = root.querySelector(name);
  if (!found) throw new Error(`a drawing has no ${name}`);
  return found;
}

/** Sets what is there and takes away what is not. */
export function setAttribute(element: Element, name: string, value: string | boolean): void {
  if (value === false || value === "") element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
}
