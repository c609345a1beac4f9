import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { SHADES } from "../../core/metrics/cohort-grid.ts";
import { heatColor } from "./heat-colors.ts";

const CSS = readFileSync(path.join(import.meta.dirname, "heat-colors.module.css"), "utf8");
const RULES = [...CSS.matchAll(/\.(\w+) \{\s*background: (#\w{6});\s*color: (#\w{6});\s*\}/g)].map(
  ([, name = "", background = "", color = ""]) => ({ name, background, color }),
);
const [NEGATIVE, ...HEAT] = RULES;

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(color: string): number {
  const channel = (at: number) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test("every cell can be read", () => {
  for (const { background, color } of RULES) {
    expect(contrast(background, color)).toBeGreaterThanOrEqual(4.5);
  }
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
});

test("each shade is darker than the one before, and there are as many as a grid has", () => {
  expect(NEGATIVE?.name).toBe("negative");
  expect(HEAT.map(({ name }) => name)).toEqual(
    Array.from({ length: SHADES + 1 }, (_, shade) => `shade${shade}`),
  );
  const light = HEAT.map(({ background }) => luminance(background));
  expect(light).toEqual(light.toSorted((a, b) => b - a));
  expect(new Set(light).size).toBe(light.length);
  expect(heatColor(-1)).toContain("negative");
  expect(heatColor(SHADES)).toContain(`shade${SHADES}`);
});
