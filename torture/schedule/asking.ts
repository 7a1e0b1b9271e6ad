/** What agents ask for at their desktops, one thing after the other, and what they were answered. */
import type { Desktop } from '../../runtime/desktop.ts';
import type { Stage } from '../../stage/stage.ts';
import type { Wish } from './plan.ts';
import type { Recorder } from './recorder.ts';

export class Asking {
  readonly #stage: Stage;
  readonly #recorder: Recorder;
  readonly #last = new Map<string, Promise<void>>();

  constructor(stage: Stage, recorder: Recorder) {
    this.#stage = stage;
    this.#recorder = recorder;
  }

  ask(agent: string, wish: Wish): Promise<void> {
    const done = (this.#last.get(agent) ?? Promise.resolve()).then(() => this.#ask(agent, wish));
    this.#last.set(agent, done);
    return done;
  }

  /** All has been asked and answered. */
  async over(): Promise<void> {
    await Promise.all(this.#last.values());
  }

  async #ask(agent: string, wish: Wish): Promise<void> {
    let desktop: Desktop | undefined;
    await this.#recorder.asked(agent, wish, async () => {
      desktop = await this.#stage.desktop(agent);
      return commanded(desktop, wish);
    });
    await desktop?.close();
  }
}

async function commanded(desktop: Desktop, wish: Wish): Promise<() => Promise<void>> {
  const { me } = (await desktop.waitFor('snapshot')).message;
  const contact = me !== null && 'contact' in me.presence ? me.presence.contact : 'nobody';
  if (wish === 'pause') return () => desktop.command({ type: 'pause', reason: 'rest' });
  if (wish === 'dispose') return () => desktop.command({ type: 'dispose', contact, disposition: { code: 'solved', note: '' } });
  return () => desktop.command({ type: wish });
}

export async function signOut(stage: Stage, agent: string): Promise<void> {
  const desktop = await stage.desktop(agent);
  const { me } = (await desktop.waitFor('snapshot')).message;
  if (me?.presence.status !== 'offline') await desktop.command({ type: 'sign-out' });
  await desktop.close();
}
