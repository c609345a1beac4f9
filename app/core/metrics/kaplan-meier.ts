/**
 * The share of subjects that an event has reached by each time, when some have not been watched for long (Kaplan and Meier,
 * 1958, Journal of the American Statistical Association 53, 457-481).
 *
 * S(t) = product over event times u <= t of (1 - d_u / n_u), where d_u subjects have their event at u and n_u had neither
 * event nor end of observation before u. Its variance is Greenwood's (1926), S(t)^2 * sum of d_u / (n_u (n_u - d_u)); the 95%
 * interval is taken on the scale of log(-log S) and so stays between 0 and 1 (Kalbfleisch and Prentice, 1980, 1.4).
 *
 * Worked example, events at 1, 2, 2 and ends of observation at 2, 3: S(1) = 4/5, S(2) = 4/5 * (1 - 2/4) = 2/5.
 */
export interface SurvivalStep {
  time: number;
  atRisk: number;
  events: number;
  /** S(t): not reached yet. */
  survival: number;
  standardError: number;
  /** 95% interval of S(t); `null` once everybody is reached. */
  low: number | null;
  high: number | null;
}

export const Z_95 = 1.959963984540054;

/** events[t] and censored[t] count subjects by whole time t; those censored at t were still at risk at t. */
export function kaplanMeier(events: ArrayLike<number>, censored: ArrayLike<number>): SurvivalStep[] {
  const length = Math.max(events.length, censored.length);
  let atRisk = 0;
  for (let time = 0; time < length; time++) atRisk += (events[time] ?? 0) + (censored[time] ?? 0);

  const steps: SurvivalStep[] = [];
  let survival = 1;
  let greenwood = 0;
  for (let time = 0; time < length; time++) {
    const reached = events[time] ?? 0;
    if (reached > 0) {
      survival *= 1 - reached / atRisk;
      greenwood += reached === atRisk ? 0 : reached / (atRisk * (atRisk - reached));
      const interval = reached === atRisk ? null : logLogInterval(survival, greenwood);
      steps.push({
        time,
        atRisk,
        events: reached,
        survival,
        standardError: survival * Math.sqrt(greenwood),
        low: interval?.low ?? null,
        high: interval?.high ?? null,
      });
    }
    atRisk -= reached + (censored[time] ?? 0);
  }
  return steps;
}

function logLogInterval(survival: number, greenwood: number): { low: number; high: number } {
  const spread = (Z_95 * Math.sqrt(greenwood)) / Math.abs(Math.log(survival));
  return { low: survival ** Math.exp(spread), high: survival ** Math.exp(-spread) };
}
