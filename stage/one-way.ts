/** One direction of a hurt wire: what goes through it, in order and perhaps late, or not at all. */
export class OneWay {
  /** `frozen`: held, and let go when opened. `black`: lost. */
  mode: 'open' | 'frozen' | 'black' = 'open';
  delayMs = 0;
  /** Something was lost: a stream with a hole in it is no stream any more. */
  lost = false;
  readonly #heldMax: number;
  readonly #queue: { readonly due: number; readonly size: number; readonly act: () => void }[] = [];
  readonly #aside = new Set<NodeJS.Timeout>();
  #held = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Past so much held back, in whatever `put` counts, the rest is lost. */
  constructor(heldMax: number) {
    this.#heldMax = heldMax;
  }

  put(act: () => void, { lateMs = this.delayMs, size = 1 } = {}): void {
    if (this.mode === 'black' || this.#held + size > this.#heldMax) {
      this.lost = true;
      return;
    }
    this.#held += size;
    this.#queue.push({ due: Math.max(this.#queue.at(-1)?.due ?? 0, performance.now() + lateMs), size, act });
    this.#drain();
  }

  /** Comes when it comes, whatever is before or behind it. */
  putAside(act: () => void, lateMs: number): void {
    const timer = setTimeout(() => {
      this.#aside.delete(timer);
      if (this.mode === 'open') act();
      else this.put(act, { lateMs: 0 });
    }, lateMs);
    this.#aside.add(timer);
  }

  open(): void {
    this.mode = 'open';
    this.delayMs = 0;
    this.#drain();
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const timer of this.#aside) clearTimeout(timer);
    this.#queue.length = 0;
  }

  #drain(): void {
    clearTimeout(this.#timer);
    for (let next = this.#queue[0]; next !== undefined && this.mode === 'open'; next = this.#queue[0]) {
      const wait = next.due - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#drain(), Math.ceil(wait));
        return;
      }
      this.#queue.shift();
      this.#held -= next.size;
      next.act();
    }
  }
}
