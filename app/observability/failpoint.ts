/**
 * Named places where a crash test may kill the process: before and after every commit and every call to the outside.
 * FAILPOINT is `area:place` or `area:place@N` (die at the N-th passing). Without it a failpoint is one comparison.
 */
const [target, passings = "1"] = (process.env.FAILPOINT ?? "").split("@");
let remaining = Number(passings);

export function failpoint(name: string): void {
  if (name !== target) return;
  remaining -= 1;
  if (remaining === 0) process.kill(process.pid, "SIGKILL");
}
