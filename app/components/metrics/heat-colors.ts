/** Colours of a heat map's cells. Every pair of text and ground has a contrast of at least 4.5 (WCAG 2.2, 1.4.3). */
export interface HeatColor {
  background: string;
  color: string;
}

/** Below zero. */
export const NEGATIVE: HeatColor = { background: "#fde3df", color: "#5f1412" };

/** From nothing to the darkest. */
export const HEAT: readonly HeatColor[] = [
  { background: "#ffffff", color: "#303030" },
  { background: "#eaf4ff", color: "#303030" },
  { background: "#d0e6fb", color: "#303030" },
  { background: "#aed2f5", color: "#1f1f1f" },
  { background: "#86b9ea", color: "#1a1a1a" },
  { background: "#2f75b5", color: "#ffffff" },
  { background: "#1d5a94", color: "#ffffff" },
  { background: "#0e3d6b", color: "#ffffff" },
];

export function heatColor(shade: number): HeatColor {
  return shade < 0 ? NEGATIVE : (HEAT[shade] ?? (HEAT.at(-1) as HeatColor));
}
