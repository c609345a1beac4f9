/** Elements that hold and show. */
import { part, setAttribute, type Drawing, type Drawn } from "./drawn.ts";

const SPACES: Readonly<Record<string, string>> = {
  none: "0",
  "small-500": "2px",
  "small-400": "4px",
  "small-300": "6px",
  "small-200": "8px",
  "small-100": "10px",
  small: "10px",
  base: "14px",
  large: "18px",
  "large-100": "18px",
  "large-200": "24px",
  "large-300": "32px",
  "large-400": "40px",
  "large-500": "48px",
};

/** `base`, or `small large`: one to four of Shopify's steps. */
const space = (value: string, otherwise: string) =>
  value === ""
    ? otherwise
    : value
        .split(" ")
        .map((step) => SPACES[step] ?? "0")
        .join(" ");

const FLEX: Readonly<Record<string, string>> = { start: "flex-start", end: "flex-end" };
const flex = (value: string, otherwise: string) => FLEX[value] ?? (value === "" ? otherwise : value);

const TONES: Readonly<Record<string, [string, string]>> = {
  info: ["#e8f1fd", "#0a3f8f"],
  success: ["#e4f5ea", "#0b5a2a"],
  warning: ["#fff3d6", "#6b4a00"],
  caution: ["#fff3d6", "#6b4a00"],
  critical: ["#fde8e8", "#8c1414"],
  neutral: ["#efefef", "#333"],
};

/** Its box: padding, size and ground. */
const BOX = ["padding", "paddingBlock", "paddingInline", "background", "border", "borderRadius", "display"];
const SIZES = [
  "inlineSize",
  "blockSize",
  "minInlineSize",
  "maxInlineSize",
  "minBlockSize",
  "maxBlockSize",
] as const;

function dressBox(element: Drawn): void {
  const { style } = element;
  style.padding = space(element.text("padding"), "0");
  if (element.is("paddingBlock")) style.paddingBlock = space(element.text("paddingBlock"), "0");
  if (element.is("paddingInline")) style.paddingInline = space(element.text("paddingInline"), "0");
  const ground = element.text("background");
  style.background = ground === "subdued" ? "#f5f5f5" : ground === "base" ? "#fff" : "";
  const border = element.text("border");
  style.border = border === "" || border.startsWith("none") ? "" : "1px solid #d5d5d5";
  style.borderRadius = ["", "none"].includes(element.text("borderRadius")) ? "" : "8px";
  for (const size of SIZES) style[size] = element.text(size);
  style.display = element.text("display") === "none" ? "none" : "";
}

const box = (extra: readonly string[], css: string, update?: (element: Drawn) => void): Drawing => ({
  properties: [...BOX, ...SIZES, ...extra],
  css,
  html: "<slot></slot>",
  update(element) {
    dressBox(element);
    setAttribute(element, "aria-label", element.text("accessibilityLabel"));
    update?.(element);
  },
});

const plain = (css: string, properties: readonly string[] = [], update?: Drawing["update"]): Drawing => ({
  properties,
  css,
  html: "<slot></slot>",
  ...(update && { update }),
});

function toned(element: Drawn): void {
  const [ground, ink] = TONES[element.text("tone")] ?? ["#efefef", "#333"];
  element.style.background = ground;
  element.style.color = ink;
}

function textDress(element: Drawn): void {
  const { style } = element;
  const type = element.text("type");
  style.fontWeight = type === "strong" || type === "emphasis" ? "600" : "";
  style.fontSize = type === "small" ? ".875em" : "";
  style.textDecoration = type === "redundant" ? "line-through" : "";
  const tone = element.text("tone");
  style.color = TONES[tone]?.[1] ?? (element.text("color") === "subdued" ? "#595959" : "");
  element.toggleAttribute("data-hidden", element.text("accessibilityVisibility") === "exclusive");
}

const TEXT = ["type", "tone", "color", "accessibilityVisibility"];
const ONLY_SPOKEN =
  ":host([data-hidden]) { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }";

export const LAYOUT: Readonly<Record<string, Drawing>> = {
  "s-stack": box(
    [
      "direction",
      "gap",
      "rowGap",
      "columnGap",
      "alignItems",
      "justifyContent",
      "alignContent",
      "accessibilityLabel",
    ],
    ":host { display: flex; flex-wrap: wrap; }",
    (element) => {
      const { style } = element;
      const isInline = element.text("direction") === "inline";
      style.flexDirection = isInline ? "row" : "column";
      style.flexWrap = isInline ? "wrap" : "nowrap";
      style.gap = space(element.text("gap"), "0");
      style.alignItems = flex(element.text("alignItems"), isInline ? "center" : "stretch");
      style.justifyContent = flex(element.text("justifyContent"), "normal");
    },
  ),
  "s-box": box(["accessibilityLabel"], ":host { display: block; }"),
  "s-grid": box(
    ["gap", "gridTemplateColumns", "gridTemplateRows", "alignItems", "justifyContent", "accessibilityLabel"],
    ":host { display: grid; }",
    (element) => {
      element.style.gap = space(element.text("gap"), "0");
      element.style.gridTemplateColumns = element.text("gridTemplateColumns").replaceAll("auto", "auto");
      element.style.alignItems = flex(element.text("alignItems"), "");
    },
  ),
  "s-grid-item": box(["gridColumn", "gridRow"], ":host { display: block; min-width: 0; }", (element) => {
    element.style.gridColumn = element.text("gridColumn");
    element.style.gridRow = element.text("gridRow");
  }),
  "s-query-container": plain(":host { display: block; container-type: inline-size; }"),
  "s-scroll-box": box([], ":host { display: block; overflow: auto; max-block-size: 320px; }"),
  "s-section": {
    properties: ["heading", "accessibilityLabel"],
    css: ":host { display: block; padding: 14px 0; } h2 { font-size: 1.15em; margin: 0 0 10px; } h2:empty { display: none; } section { display: flex; flex-direction: column; gap: 10px; }",
    html: "<section><h2></h2><slot></slot><slot name='primary-action'></slot><slot name='secondary-actions'></slot></section>",
    update(element, root) {
      part(root, "h2").textContent = element.text("heading");
      const label = element.text("accessibilityLabel") || element.text("heading");
      setAttribute(part(root, "section"), "aria-label", label);
    },
  },
  "s-page": {
    properties: ["heading", "subheading"],
    css: ":host { display: block; } h1 { font-size: 1.5em; margin: 0; } p { color: #595959; margin: 4px 0; } h1:empty, p:empty { display: none; } header { display: flex; flex-wrap: wrap; gap: 12px; justify-content: space-between; align-items: center; }",
    html: "<slot name='breadcrumb-actions'></slot><header><div><h1></h1><p></p></div><div><slot name='secondary-actions'></slot><slot name='primary-action'></slot></div></header><slot></slot>",
    update(element, root) {
      part(root, "h1").textContent = element.text("heading");
      part(root, "p").textContent = element.text("subheading");
    },
  },
  "s-heading": plain(":host { display: block; font-weight: 600; font-size: 1.05em; }", [], (element) => {
    element.setAttribute("role", "heading");
    element.setAttribute("aria-level", "3");
  }),
  "s-paragraph": plain(`:host { display: block; margin: 0; } ${ONLY_SPOKEN}`, TEXT, textDress),
  "s-text": plain(ONLY_SPOKEN, TEXT, textDress),
  "s-abbreviation": plain(""),
  "s-time": plain(""),
  "s-badge": plain(
    ":host { display: inline-block; border-radius: 999px; padding: 1px 10px; font-size: .85em; }",
    ["tone"],
    toned,
  ),
  "s-chip": plain(
    ":host { display: inline-block; border: 1px solid #d5d5d5; border-radius: 999px; padding: 1px 10px; }",
  ),
  "s-divider": {
    css: ":host { display: block; } hr { border: 0; border-top: 1px solid #e0e0e0; margin: 4px 0; }",
    html: "<hr>",
  },
  "s-banner": {
    properties: ["heading", "tone", "dismissible"],
    css: ":host { display: block; border-radius: 8px; padding: 12px 14px; } b { display: block; } b:empty { display: none; }",
    html: "<b></b><slot></slot><slot name='primary-action'></slot><slot name='secondary-actions'></slot>",
    update(element, root) {
      toned(element);
      element.setAttribute("role", element.text("tone") === "critical" ? "alert" : "status");
      part(root, "b").textContent = element.text("heading");
    },
  },
  "s-announcement": plain(":host { display: block; padding: 12px 14px; background: #efefef; }"),
  "s-ordered-list": plain(
    ":host { display: block; list-style: decimal; padding-inline-start: 20px; }",
    [],
    (element) => element.setAttribute("role", "list"),
  ),
  "s-unordered-list": plain(
    ":host { display: block; list-style: disc; padding-inline-start: 20px; }",
    [],
    (element) => element.setAttribute("role", "list"),
  ),
  "s-list-item": plain(":host { display: list-item; }", [], (element) =>
    element.setAttribute("role", "listitem"),
  ),
  "s-spinner": {
    properties: ["accessibilityLabel", "size"],
    css: ":host { display: inline-block; } span { display: block; width: 20px; height: 20px; border: 3px solid #d5d5d5; border-top-color: #333; border-radius: 50%; animation: turn 1s linear infinite; } @keyframes turn { to { rotate: 360deg; } } @media (prefers-reduced-motion: reduce) { span { animation: none; } }",
    html: "<span role='img'></span>",
    update(element, root) {
      part(root, "span").setAttribute("aria-label", element.text("accessibilityLabel") || "…");
    },
  },
  "s-skeleton-paragraph": {
    properties: ["content"],
    css: ":host { display: block; } div { height: 1em; border-radius: 4px; background: #e6e6e6; }",
    html: "<div aria-hidden='true'></div>",
  },
  "s-progress": {
    properties: ["value", "max", "tone", "accessibilityLabel"],
    css: ":host { display: block; } progress { width: 100%; accent-color: #1a1a1a; }",
    html: "<progress></progress>",
    update(element, root) {
      const bar = part(root, "progress");
      bar.max = Number(element.given("max") ?? 1);
      if (element.is("value")) bar.value = Number(element.given("value"));
      else bar.removeAttribute("value");
      bar.setAttribute("aria-label", element.text("accessibilityLabel") || "Progress");
    },
  },
  "s-image": image(":host { display: block; } img { max-width: 100%; height: auto; display: block; }"),
  "s-product-thumbnail": image(
    ":host { display: inline-block; } img { width: 64px; height: 64px; object-fit: cover; border: 1px solid #e0e0e0; border-radius: 8px; display: block; }",
  ),
  "s-avatar": plain(
    ":host { display: inline-block; width: 32px; height: 32px; border-radius: 50%; background: #ddd; }",
  ),
  "s-icon": {
    properties: ["type", "tone"],
    css: ":host { display: inline-block; width: 1em; height: 1em; } span { display: block; width: .6em; height: .6em; margin: .2em; border-radius: 50%; background: currentColor; }",
    html: "<span aria-hidden='true'></span>",
  },
  "s-button-group": plain(":host { display: flex; flex-wrap: wrap; gap: 8px; }"),
  "s-image-group": plain(":host { display: flex; gap: 8px; }"),
  "s-tooltip": plain(":host { display: none; }"),
};

function image(css: string): Drawing {
  return {
    properties: ["src", "alt", "aspectRatio", "inlineSize"],
    css,
    html: "<img loading='lazy'>",
    update(element, root) {
      const picture = part(root, "img");
      setAttribute(picture, "src", element.text("src"));
      picture.alt = element.text("alt");
      picture.style.aspectRatio = element.text("aspectRatio");
      picture.hidden = !element.is("src");
    },
  };
}
