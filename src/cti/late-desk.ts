/** The desk of a process that stands by: it shows the centre as configured, and refuses until an engine is behind it. */
import type { JournalEvent, Outcome } from '../acd/messages.ts';
import type { Command } from '../acd/commands.ts';
import type { Centre } from '../acd/model.ts';
import type { Desk } from './desk.ts';

export class LateDesk implements Desk {
  readonly centre: Centre;
  readonly #listeners = new Set<(events: readonly JournalEvent[]) => void>();
  #engine: Desk | undefined;

  /** The very centre that the engine will have. */
  constructor(centre: Centre) {
    this.centre = centre;
  }

  serve(engine: Desk): void {
    this.#engine = engine;
    engine.onCommitted((events) => {
      for (const listener of this.#listeners) listener(events);
    });
  }

  submit(command: Command): Promise<Outcome> {
    return this.#engine?.submit(command) ?? Promise.resolve({ ok: false, refusal: { code: 'not-owner' } });
  }

  onCommitted(listener: (events: readonly JournalEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
