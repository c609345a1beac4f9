import { describe, expect, it } from "vitest";
import type { Reward } from "../../core/loyalty/reward.ts";
import { readReward, typedReward } from "./typed-reward.ts";

const reward: Reward = {
  ...{ id: "five", name: "Five off", costPoints: 100, minimumMinor: null, validDays: 60 },
  ...{ combinesWith: { order: false, product: false, shipping: true }, returnsUnused: true, isActive: true },
  gives: { kind: "amount-off", valueMinor: 500 },
};

const read = (amounts: string) =>
  readReward({ ...typedReward(reward, reward.name, "GBP"), amounts }, reward, "GBP");

describe("amounts of other currencies", () => {
  it.each([
    ["USD 6.00\njpy 900\nKWD 1.555", { JPY: 900, KWD: 1555, USD: 600 }],
    ["  USD   6,5 ;EUR 6", { EUR: 600, USD: 650 }],
    ["\n \n", undefined],
  ])("are read as %j", (text, amounts) => {
    expect(read(text)).toEqual({
      ok: true,
      reward: { ...reward, gives: { ...reward.gives, ...(amounts && { amounts }) } },
    });
  });

  it.each(["USD", "6.00", "USD six", "USD 0", "XYZ 5", "GBP 5", "USD 6 EUR 5"])(
    "are refused as %j",
    (text) => {
      expect(read(text)).toEqual({ ok: false, faults: ["amounts"] });
    },
  );

  it("are typed as they are read", () => {
    const gives = { ...reward.gives, amounts: { JPY: 900, USD: 600 } } as Reward["gives"];
    const typed = typedReward({ ...reward, gives }, reward.name, "GBP");
    expect(typed.amounts).toBe("JPY 900\nUSD 6.00");
    expect(readReward(typed, reward, "GBP")).toMatchObject({ ok: true, reward: { gives } });
  });
});
