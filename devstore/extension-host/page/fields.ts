/** Elements that a shopper fills in and chooses with. A field is redrawn only where its value changed, so that the caret stays. */
import { part, setAttribute, type Drawing, type Drawn } from "./drawn.ts";

const LABELLED = [
  "label",
  "labelAccessibilityVisibility",
  "error",
  "details",
  "disabled",
  "name",
  "required",
  "id",
  "readOnly",
];
const FIELD_CSS =
  ":host { display: block; } label { display: block; } .label[hidden] { display: none; } input, textarea, select { font: inherit; width: 100%; padding: 8px 10px; border: 1px solid #8a8a8a; border-radius: 6px; background: #fff; color: inherit; } p { margin: 4px 0 0; font-size: .9em; } p:empty { display: none; } .error { color: #8c1414; } .details { color: #595959; }";
const NOTES = "<p class='details'></p><p class='error' id='error' role='alert'></p>";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function dressField(element: Drawn, root: ShadowRoot, control: Control): void {
  const label = root.querySelector<HTMLElement>(".label");
  const isHidden = element.text("labelAccessibilityVisibility") === "exclusive";
  if (label) {
    label.textContent = element.text("label");
    label.hidden = isHidden;
  }
  setAttribute(control, "aria-label", isHidden ? element.text("label") : "");
  control.disabled = element.is("disabled");
  control.required = element.is("required");
  const error = root.querySelector(".error");
  const details = root.querySelector(".details");
  if (error) error.textContent = element.text("error");
  if (details) details.textContent = element.text("details");
  setAttribute(control, "aria-invalid", element.is("error") && element.text("error") !== "" ? "true" : "");
  setAttribute(control, "aria-describedby", element.text("error") === "" ? "" : "error");
}

function typed(kind: string, control: "input" | "textarea" = "input"): Drawing {
  return {
    properties: [
      ...LABELLED,
      "value",
      "defaultValue",
      "placeholder",
      "min",
      "max",
      "step",
      "autocomplete",
      "inputMode",
      "prefix",
      "suffix",
      "rows",
      "maxLength",
    ],
    css: FIELD_CSS,
    html: `<label><span class='label'></span><${control}></${control}></label>${NOTES}`,
    connect(element, root) {
      const field = part(root, control);
      if (field instanceof HTMLInputElement) field.type = kind;
      field.value = element.is("value") ? element.text("value") : element.text("defaultValue");
      const state = () => ({ value: field.value });
      field.addEventListener("input", () => element.tell("input", state()));
      field.addEventListener("change", () => element.tell("change", state()));
      field.addEventListener("focus", () => element.tell("focus"));
      field.addEventListener("blur", () => element.tell("blur"));
    },
    update(element, root) {
      const field = part(root, control);
      dressField(element, root, field);
      if (element.is("value") && field.value !== element.text("value")) field.value = element.text("value");
      for (const name of ["placeholder", "min", "max", "step", "autocomplete", "maxlength", "rows"])
        setAttribute(field, name, element.text(name === "maxlength" ? "maxLength" : name));
      setAttribute(field, "inputmode", element.text("inputMode"));
      setAttribute(field, "readonly", element.is("readOnly"));
    },
  };
}

function ticked(role: string): Drawing {
  return {
    properties: [...LABELLED, "checked", "defaultChecked", "value", "policy"],
    css: `${FIELD_CSS} label { display: flex; gap: 8px; align-items: center; } input { width: auto; min-width: 18px; min-height: 18px; }`,
    html: `<label><input type='checkbox'><span class='label'></span></label>${NOTES}`,
    connect(element, root) {
      const box = part(root, "input");
      if (role !== "") box.setAttribute("role", role);
      box.checked = element.is("checked") || element.is("defaultChecked");
      box.addEventListener("change", () => element.tell("change", { checked: box.checked }));
    },
    update(element, root) {
      const box = part(root, "input");
      dressField(element, root, box);
      if (element.given("checked") !== undefined) box.checked = element.is("checked");
    },
  };
}

const childrenNamed = (element: Drawn, name: string) =>
  [...element.querySelectorAll(name)].filter((each): each is Drawn => "given" in each);

/** Options and choices are drawn by the list that holds them. */
const member = (properties: readonly string[], list: string): Drawing => ({
  properties,
  css: ":host { display: none; }",
  html: "<slot></slot>",
  update: (element) => redraw(element.closest<Drawn>(list)),
});

const redraw = (list: Drawn | null) => list?.take("members", {});

/** Texts of members change without them. */
function watchMembers(list: Drawn): void {
  new MutationObserver(() => redraw(list)).observe(list, {
    subtree: true,
    childList: true,
    characterData: true,
  });
}

export const FIELDS: Readonly<Record<string, Drawing>> = {
  "s-text-field": typed("text"),
  "s-email-field": typed("email"),
  "s-phone-field": typed("tel"),
  "s-url-field": typed("url"),
  "s-password-field": typed("password"),
  "s-number-field": typed("number"),
  "s-money-field": typed("number"),
  "s-date-field": typed("date"),
  "s-text-area": typed("text", "textarea"),
  "s-checkbox": ticked(""),
  "s-consent-checkbox": ticked(""),
  "s-switch": ticked("switch"),
  "s-option": member(["value", "selected", "disabled", "defaultSelected"], "s-select"),
  "s-choice": member(
    ["value", "selected", "disabled", "defaultSelected", "accessibilityLabel", "details"],
    "s-choice-list",
  ),
  "s-select": {
    properties: [...LABELLED, "value", "placeholder", "members"],
    css: FIELD_CSS,
    html: `<label><span class='label'></span><select></select></label><slot hidden></slot>${NOTES}`,
    connect(element, root) {
      watchMembers(element);
      const field = part(root, "select");
      field.addEventListener("change", () => {
        element.tell("input", { value: field.value });
        element.tell("change", { value: field.value });
      });
    },
    update(element, root) {
      const field = part(root, "select");
      dressField(element, root, field);
      const options = childrenNamed(element, "s-option").map(
        (each) => new Option(each.textContent.trim(), each.text("value"), false, each.is("selected")),
      );
      if (element.is("placeholder")) options.unshift(new Option(element.text("placeholder"), ""));
      field.replaceChildren(...options);
      if (element.is("value")) field.value = element.text("value");
    },
  },
  "s-choice-list": {
    properties: [...LABELLED, "values", "multiple", "variant", "members"],
    css: `${FIELD_CSS} fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-direction: column; gap: 8px; } legend { padding: 0; margin-bottom: 6px; } legend[data-hidden] { position: absolute; clip-path: inset(50%); } label { display: flex; gap: 8px; align-items: flex-start; } input { width: auto; margin-top: 4px; } small { display: block; color: #595959; }`,
    html: `<fieldset><legend></legend><div></div></fieldset><slot hidden></slot>${NOTES}`,
    connect(element, root) {
      watchMembers(element);
      root.addEventListener("change", () => {
        const ticked = [...root.querySelectorAll<HTMLInputElement>("input:checked")].map(
          ({ value }) => value,
        );
        for (const choice of childrenNamed(element, "s-choice"))
          choice.tell("select", { selected: ticked.includes(choice.text("value")) });
        element.tell("input", { values: ticked });
        element.tell("change", { values: ticked });
      });
    },
    update(element, root) {
      const legend = part(root, "legend");
      legend.textContent = element.text("label");
      setAttribute(legend, "data-hidden", element.text("labelAccessibilityVisibility") === "exclusive");
      for (const note of ["error", "details"]) {
        const line = root.querySelector(`.${note}`);
        if (line) line.textContent = element.text(note);
      }
      drawChoices(element, part(root, "div"));
    },
  },
};

/** In place where they are the same choices, so that the focus stays. */
function drawChoices(element: Drawn, holder: HTMLElement): void {
  const choices = childrenNamed(element, "s-choice");
  const given = element.given("values");
  const values = Array.isArray(given) ? given.map(String) : null;
  while (holder.children.length > choices.length) holder.lastElementChild?.remove();
  for (const [index, choice] of choices.entries()) {
    const label = holder.children[index] ?? holder.appendChild(emptyChoice());
    const input = part(label, "input");
    input.type = element.is("multiple") ? "checkbox" : "radio";
    input.name = element.text("name") || "choice";
    input.value = choice.text("value");
    input.disabled = element.is("disabled") || choice.is("disabled");
    if (values) input.checked = values.includes(input.value);
    else if (choice.given("selected") !== undefined) input.checked = choice.is("selected");
    else if (choice.is("defaultSelected")) input.checked = true;
    part(label, "span").textContent = ownText(choice);
    part(label, "small").textContent = [
      ...choice.querySelectorAll("[slot=details], [slot=secondary-content]"),
    ]
      .map((each) => each.textContent)
      .join(" ");
  }
}

function emptyChoice(): HTMLElement {
  const label = document.createElement("label");
  label.innerHTML = "<input><div><span></span><small></small></div>";
  return label;
}

const ownText = (choice: Drawn) =>
  [...choice.childNodes]
    .filter((node) => !(node instanceof Element && node.hasAttribute("slot")))
    .map((node) => node.textContent)
    .join("")
    .trim();
