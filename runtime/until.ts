// Waits for a condition, looking often, with a limit.

export async function until<T>(
  condition: () => Promise<T | undefined> | T | undefined,
  { limitMs, everyMs = 20, what }: { limitMs: number; everyMs?: number; what: string },
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
