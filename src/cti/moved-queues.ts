/** Queues whose figures have moved, gathered for a while: 2,000 desktops need not hear of each step of a line. */
import type { QueueId } from '../base/ids.ts';

export class MovedQueues {
  readonly #everyMs: number;
  readonly #show: (queues: ReadonlySet<QueueId>) => void;
  #moved = new Set<QueueId>();
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number, show: (queues: ReadonlySet<QueueId>) => void) {
    this.#everyMs = everyMs;
    this.#show = show;
  }

  add(queues: readonly QueueId[]): void {
    for (const queue of queues) this.#moved.add(queue);
    if (this.#moved.size > 0) this.#timer ??= setTimeout(() => this.#over(), this.#everyMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#moved.clear();
  }

  #over(): void {
    const moved = this.#moved;
    this.#moved = new Set();
    this.#timer = undefined;
    this.#show(moved);
  }
}
