/** What goes wrong on purpose: every fault has its chance, drawn from a seed so that a run can be repeated. */
import type { Chance, ChaosState, Fault, World } from "./model.ts";

const NEVER: Chance = { probability: 0, next: 0 };

export const FAULTS: readonly Fault[] = [
  "duplicateWebhook",
  "dropWebhook",
  "delayWebhook",
  "reorderWebhook",
  "answer429",
  "answer500",
  "cutAnswerAfterWork",
  "stallBulk",
  "failBulk",
  "expireBulkUrl",
  "loseBulkFinishWebhook",
];

export function freshChaos(seed: number): ChaosState {
  const chances = Object.fromEntries(FAULTS.map((fault) => [fault, { ...NEVER }]));
  return { ...(chances as Record<Fault, Chance>), seed, drawn: 0, webhookDelayMs: 2000 };
}

/** Whether the fault strikes now. Asking uses up one of the certain times. */
export function strikes(world: World, fault: Fault): boolean {
  const chance = world.chaos[fault];
  if (chance.next > 0) {
    chance.next -= 1;
    return true;
  }
  return chance.probability > 0 && draw(world) < chance.probability;
}

/** The next number in [0, 1) of the world's seed (mulberry32 over a counter). */
export function draw(world: World): number {
  world.chaos.drawn += 1;
  let t = (world.chaos.seed + Math.imul(world.chaos.drawn, 0x6d2b79f5)) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}
