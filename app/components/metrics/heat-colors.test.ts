import { expect, test } from "vitest";
import { SHADES } from "../../core/metrics/cohort-grid.ts";
import { HEAT, NEGATIVE, heatColor } from "./heat-colors.ts";

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
  for (const { background, color } of [...HEAT, NEGATIVE]) {
    expect(contrast(background, color)).toBeGreaterThanOrEqual(4.5);
  }
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
});

test("each shade is darker than the one before, and there are as many as a grid has", () => {
  expect(HEAT).toHaveLength(SHADES + 1);
  for (let shade = 1; shade <= SHADES; shade++) {
    expect(luminance(heatColor(shade).background)).toBeLessThan(luminance(heatColor(shade - 1).background));
  }
  expect(heatColor(-1)).toBe(NEGATIVE);
});
