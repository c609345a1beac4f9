/** The share of some customers that came back, with what chance may have done to it. */
import { wilsonInterval } from "./wilson.ts";

/** Rates of fewer customers are not shown, because they are chance. */
export const MINIMUM_CUSTOMERS = 30;

export interface RepeatRate {
  customers: number;
  repeatCustomers: number;
  /** repeatCustomers / customers. */
  rate: number;
  /** Wilson's 95% interval. */
  low: number;
  high: number;
}

export function repeatRate(repeatCustomers: number, customers: number): RepeatRate {
  return {
    customers,
    repeatCustomers,
    rate: repeatCustomers / customers,
    ...wilsonInterval(repeatCustomers, customers),
  };
}

/** `null` where the customers are fewer than `minimum`. */
export function repeatRateFrom(
  repeatCustomers: number,
  customers: number,
  minimum: number,
): RepeatRate | null {
  return customers < Math.max(1, minimum) ? null : repeatRate(repeatCustomers, customers);
}
