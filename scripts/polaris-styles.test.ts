import { expect, test } from "vitest";
import { polarisClasses, withoutUnused } from "./polaris-styles.ts";

test("a component brings its own classes and those of what it is made of", () => {
  const classes = polarisClasses(["Button"]);
  expect(classes).toContain("Polaris-Button");
  expect(classes).toContain("Polaris-Icon");
  expect(classes).not.toContain("Polaris-DataTable");
  expect(polarisClasses(["DataTable"])).toContain("Polaris-DataTable");
});

test("rules of other components go, and nothing else changes", () => {
  const css = `:root{--p-a:1}
.Polaris-Button,.Polaris-Other{color:red}
.Polaris-Other .Polaris-Button{color:blue}
@media (min-width:1px){.Polaris-Other{color:green}}
@media print{.Polaris-Button:not(.Polaris-Other){color:black}}
@keyframes Polaris-Other{0%{opacity:0}}
a{b:c}`;
  expect(withoutUnused(css, new Set(["Polaris-Button"]))).toBe(`:root{--p-a:1}
.Polaris-Button{color:red}
@media print{.Polaris-Button:not(.Polaris-Other){color:black}}
@keyframes Polaris-Other{0%{opacity:0}}
a{b:c}`);
});
