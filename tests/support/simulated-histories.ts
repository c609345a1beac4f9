/** Customers made up by a model: tests and benchmarks know the truth about them. */
import type { Histories } from "../../app/core/clv/histories.ts";
import { seededRandom } from "../../app/core/clv/numerics/random.ts";
import type { PurchaseModel } from "../../app/core/clv/purchase-model.ts";

export interface SimulationOptions {
  customers: number;
  seed: number;
  /** Customers come evenly within the first `arrivals` units of time; the end of observation is at `end`. */
  arrivals?: number;
  end?: number;
  /** Beyond the end, for what came afterwards. */
  horizon?: number;
  /** Times are whole days, as orders have them; a second purchase of a day is none. */
  unitDays?: number | null;
}

export interface SimulatedHistories extends Histories {
  readonly repeats: Float64Array;
  readonly recency: Float64Array;
  readonly tenure: Float64Array;
  readonly sumLogGaps: number;
  /** Purchases within the horizon after the end. */
  readonly future: Float64Array;
}

export function simulatedHistories(
  model: PurchaseModel,
  parameters: readonly number[],
  options: SimulationOptions,
): SimulatedHistories {
  const { customers, seed, arrivals = 12, end = 39, horizon = 39, unitDays = null } = options;
  const random = seededRandom(seed);
  const draw = model.customerDrawer(parameters, random);
  const column = () => new Float64Array(customers);
  const histories = { repeats: column(), recency: column(), tenure: column(), future: column() };
  let sumLogGaps = 0;
  for (let i = 0; i < customers; i++) {
    const late = random() * arrivals;
    const T = unitDays === null ? end - late : Math.round((end - late) * unitDays) / unitDays;
    let [x, last, previous] = [0, 0, 0];
    for (const time of draw()(T + horizon)) {
      const on = unitDays === null ? time : Math.ceil(time * unitDays) / unitDays;
      if (on === previous) continue;
      previous = on;
      if (on > T) {
        histories.future[i] = (histories.future[i] as number) + 1;
        continue;
      }
      sumLogGaps += Math.log(on - last);
      x++;
      last = on;
    }
    histories.repeats[i] = x;
    histories.recency[i] = last;
    histories.tenure[i] = T;
  }
  return { ...histories, sumLogGaps };
}
