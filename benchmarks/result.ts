/** One row of what every benchmark prints last, as JSON. */
export interface Result {
  case: string;
  value: number;
  unit: string;
  floor: number | null;
  ratio: number | null;
}
