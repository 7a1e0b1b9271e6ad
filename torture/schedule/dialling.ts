/** The callers of a plan: each dials, is served or leaves, perhaps dials again, and SIPp's word of each is written down. */
import type { SippRun } from '../../runtime/sipp.ts';
import { steadyClock } from '../../src/base/clock.ts';
import { callerScenario, type CallerScript } from '../../stage/scenarios.ts';
import type { Stage } from '../../stage/stage.ts';
import { numbers } from './ground.ts';
import type { Step } from './plan.ts';
import type { Recorder } from './recorder.ts';

export type CallStep = Extract<Step, { type: 'call' }>;

/** A caller who is not served by then is let go by SIPp, and reported. */
const callSeconds = 120;
/** In the greeting of the menu, which a key ends. */
const keyAfterMs = 400;

export class Dialling {
  readonly #stage: Stage;
  readonly #recorder: Recorder;
  readonly #open = new Set<{ readonly run: SippRun; cut: boolean }>();
  /** How often all calls were cut. */
  #cuts = 0;
  #people = 0;
  #busy = 0;

  constructor(stage: Stage, recorder: Recorder) {
    this.#stage = stage;
    this.#recorder = recorder;
  }

  /** Calls, redials included, that are not over. */
  get busy(): number {
    return this.#busy;
  }

  call(step: CallStep): void {
    const prefix = `138${String((this.#people += 1)).padStart(7, '0')}`;
    this.#busy += 1;
    void this.#dial(step, prefix).finally(() => (this.#busy -= 1));
  }

  /** Asterisk is dead: their calls are over, and they cannot know. */
  async cut(): Promise<void> {
    this.#cuts += 1;
    await Promise.all([...this.#open].map((call) => {
      call.cut = true;
      return call.run.stop();
    }));
  }

  async #dial({ calls, to, key, leaveAfterMs, redial }: Omit<CallStep, 'atMs' | 'type'>, prefix: string): Promise<void> {
    const [from, cuts] = [steadyClock.now(), this.#cuts];
    const script: CallerScript = { ...(leaveAfterMs === undefined ? {} : { stayMs: leaveAfterMs }), ...(key === undefined ? {} : { presses: { key, afterMs: keyAfterMs } }) };
    const run = await this.#stage.callers({ calls, number: numbers[to], limitSeconds: callSeconds, scenario: callerScenario(script, `${prefix}[call_number]`) });
    // Asterisk died while they took up the phone.
    const call = { run, cut: this.#cuts !== cuts };
    this.#open.add(call);
    if (call.cut) await run.stop();
    const { successful, errors } = await run.outcome;
    this.#open.delete(call);
    this.#recorder.dialled({ numbers: Array.from({ length: calls }, (_, index) => `${prefix}${index + 1}`), from, leaveAfterMs, successful, errors, cut: call.cut });
    if (redial && !call.cut) await this.#dial({ calls, to }, prefix);
  }
}
