/**
 * How long something took of the time that this process had: it worked, or it waited and could have worked. What other
 * processes took of the processor from it is left out, so that a limit says something of us and nothing of the machine.
 */
const everyMs = 10;
/** A look that comes this late without our having worked was held up by others. */
const fineMs = 2 * everyMs;

/** Begins to count; answers the milliseconds once asked, and then counts no more. */
export function ownTime(): () => number {
  let countedMs = 0;
  let [at, used] = [performance.now(), process.cpuUsage()];
  const look = (): void => {
    const { user, system } = process.cpuUsage(used);
    const passedMs = performance.now() - at;
    countedMs += Math.min(passedMs, Math.max(fineMs, (user + system) / 1_000));
    [at, used] = [performance.now(), process.cpuUsage()];
  };
  const looks = setInterval(look, everyMs).unref();
  return () => {
    clearInterval(looks);
    look();
    return countedMs;
  };
}
