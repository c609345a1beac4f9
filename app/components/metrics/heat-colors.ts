/** Colours of a heat map's cells, as classes: hundreds of cells with styles of their own would hold up the first paint. */
import styles from "./heat-colors.module.css";

export const heatColor = (shade: number): string | undefined =>
  styles[shade < 0 ? "negative" : `shade${shade}`];
