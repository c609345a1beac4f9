/** Elements that a shopper presses, opens and closes. */
import { Drawn, part, setAttribute, type Drawing } from "./drawn.ts";

const COMMANDS = ["command", "commandFor"];

/** `commandFor` names the element that a press opens or closes. */
function command(element: Drawn): void {
  const id = element.text("commandFor");
  if (id === "") return;
  const scope = element.closest("[data-extension-target]") ?? document;
  const found = [...scope.querySelectorAll("*")].find(
    (each) => each instanceof Drawn && each.text("id") === id,
  );
  const dialog = found?.shadowRoot?.querySelector("dialog");
  if (!dialog) return;
  const wanted = element.text("command");
  const opens = wanted === "--show" || (wanted !== "--hide" && !dialog.open);
  if (opens && !dialog.open) dialog.showModal();
  else if (!opens) dialog.close();
}

const BUTTON =
  "button, a { font: inherit; color: inherit; background: #fff; border: 1px solid #8a8a8a; border-radius: 6px; padding: 8px 14px; cursor: pointer; text-decoration: none; display: inline-block; min-height: 40px; } [data-variant=primary] { background: #1a1a1a; border-color: #1a1a1a; color: #fff; } [data-tone=critical] { color: #8c1414; border-color: #8c1414; } [data-variant=primary][data-tone=critical] { background: #8c1414; color: #fff; } [disabled] { opacity: .5; cursor: default; } [data-wide] { width: 100%; text-align: center; }";

/** A button, or a link where it has an address. */
function pressable(css: string, extra: readonly string[] = []): Drawing {
  return {
    properties: [
      "href",
      "target",
      "disabled",
      "loading",
      "variant",
      "tone",
      "type",
      "inlineSize",
      "accessibilityLabel",
      "id",
      "lang",
      ...COMMANDS,
      ...extra,
    ],
    css,
    html: "<button type='button'><slot></slot></button>",
    connect(element, root) {
      root.addEventListener("click", (event) => {
        event.stopPropagation();
        if (element.is("disabled") || element.is("loading")) return event.preventDefault();
        element.tell("click");
        command(element);
        if (element.text("type") !== "submit") return;
        element.closest("s-form")?.dispatchEvent(new CustomEvent("submit", { detail: {} }));
      });
    },
    update(element, root) {
      const isLink = element.is("href");
      const present = root.querySelector(isLink ? "a" : "button");
      const control = present ?? document.createElement(isLink ? "a" : "button");
      if (!present) root.querySelector(isLink ? "button" : "a")?.replaceWith(control);
      if (!control.firstElementChild) control.append(document.createElement("slot"));
      if (control instanceof HTMLAnchorElement) {
        control.href = element.text("href");
        if (element.text("target") === "_blank") control.target = "_blank";
      } else {
        control.type = "button";
        control.disabled = element.is("disabled");
        setAttribute(control, "aria-busy", element.is("loading") ? "true" : "");
      }
      setAttribute(control, "aria-label", element.text("accessibilityLabel"));
      for (const name of ["variant", "tone"]) setAttribute(control, `data-${name}`, element.text(name));
      setAttribute(control, "data-wide", element.text("inlineSize") === "fill");
    },
  };
}

function dialog(css: string): Drawing {
  return {
    properties: ["heading", "id", "accessibilityLabel", "size"],
    css: `:host { display: contents; } dialog { border: 0; border-radius: 10px; padding: 20px; max-width: min(560px, 90vw); ${css} } h2 { margin: 0 0 12px; font-size: 1.2em; } header { display: flex; justify-content: space-between; gap: 12px; } header button { font: inherit; border: 0; background: none; cursor: pointer; min-width: 32px; }`,
    html: "<dialog><header><h2></h2><button type='button' aria-label='×'>×</button></header><slot></slot><footer><slot name='secondary-actions'></slot> <slot name='primary-action'></slot></footer></dialog>",
    connect(element, root) {
      const box = part(root, "dialog");
      part(root, "button").addEventListener("click", () => box.close());
      box.addEventListener("close", () => {
        element.tell("hide");
        element.tell("afterhide");
      });
      box.addEventListener("toggle", () => {
        if (box.open) element.tell("show");
      });
    },
    update(element, root) {
      part(root, "h2").textContent = element.text("heading");
      setAttribute(
        part(root, "dialog"),
        "aria-label",
        element.text("heading") || element.text("accessibilityLabel"),
      );
    },
  };
}

export const CONTROLS: Readonly<Record<string, Drawing>> = {
  "s-button": pressable(`:host { display: inline-block; } ${BUTTON}`),
  "s-press-button": pressable(`:host { display: inline-block; } ${BUTTON}`, ["pressed"]),
  "s-clickable-chip": pressable(
    `:host { display: inline-block; } ${BUTTON} button { border-radius: 999px; min-height: 32px; padding: 3px 12px; }`,
    ["removable"],
  ),
  "s-link": pressable(
    ":host { display: inline; } a, button { font: inherit; color: #0a5bd3; background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; }",
  ),
  "s-clickable": pressable(
    ":host { display: block; } a, button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: start; text-decoration: none; width: 100%; }",
  ),
  "s-modal": dialog(""),
  "s-sheet": dialog("margin-inline-end: 0;"),
  "s-popover": dialog(""),
  "s-customer-account-action": dialog(""),
  "s-menu": dialog(""),
  "s-details": {
    properties: ["open", "defaultOpen", "id"],
    css: ":host { display: block; } summary { cursor: pointer; }",
    html: "<details><summary><slot name='summary'></slot></summary><slot></slot></details>",
    connect(element, root) {
      const details = part(root, "details");
      details.open = element.is("open") || element.is("defaultOpen");
      for (const child of element.children)
        if (child.localName === "s-summary") child.setAttribute("slot", "summary");
      details.addEventListener("toggle", () => {
        if (details.open !== element.is("open")) element.tell("toggle", { open: details.open });
      });
    },
    update(element, root) {
      if (element.given("open") !== undefined) part(root, "details").open = element.is("open");
    },
  },
  "s-summary": { html: "<slot></slot>" },
  "s-form": {
    properties: ["disabled", "id"],
    css: ":host { display: block; }",
    html: "<slot></slot>",
    connect(element) {
      // Return in a field sends the form, as in any other.
      element.addEventListener("keydown", (event) => {
        const inner = event.composedPath()[0];
        if (event.key !== "Enter" || !(inner instanceof HTMLInputElement)) return;
        event.preventDefault();
        inner.blur();
        element.tell("submit");
      });
    },
  },
  "s-clipboard-item": {
    properties: ["text", "id"],
    html: "",
    connect(element) {
      // Nothing is seen of it, so it takes no place among what it stands with.
      element.style.display = "none";
      document.addEventListener(
        "click",
        (event) => {
          const pressed = event
            .composedPath()
            .find((each) => each instanceof Drawn && each.text("commandFor") !== "");
          if (!(pressed instanceof Drawn) || pressed.text("commandFor") !== element.text("id")) return;
          navigator.clipboard.writeText(element.text("text")).then(
            () => element.tell("copy"),
            () => element.tell("copyerror"),
          );
        },
        true,
      );
    },
  },
};
