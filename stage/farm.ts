// Many agents' phones in one SIPp: registered from one port, each answers, talks and hangs up by itself.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from '../runtime/centre.ts';
import { freeSipPort } from '../runtime/ports.ts';
import { startSipp, type SippOptions, type SippRun } from '../runtime/sipp.ts';
import { agentScenario, registerScenario, type AgentScript } from './scenarios.ts';

export interface Farm {
  readonly agents: readonly string[];
  readonly sipPort: number;
  /** The phones' process, for whoever wants to freeze or kill it. */
  readonly pid: number;
  /** Registers all of them again, as after an Asterisk that forgot them. Their calls are cut off. */
  again(): Promise<void>;
  /** The phones end the calls they have and are gone; what is not over by then is cut off. */
  stop(): Promise<void>;
}

/**
 * A goodbye on its way to a phone that is gone already is said again for 32 s, and Asterisk keeps the call's sockets as
 * long: what a case leaves behind could not be told from it.
 */
const goodbyeMs = 2_000;

export interface FarmScript extends Omit<AgentScript, 'voice'> {
  /** They really speak: a recording of their talks has sound, and no silence of theirs counts as a lost phone. */
  readonly speaking?: boolean;
}

export interface FarmOptions {
  readonly runtime: Pick<Runtime, 'programs' | 'secrets'>;
  /** Where the phones register: Asterisk, or what stands before it. */
  readonly server: SippOptions['server'];
  readonly folder: string;
  readonly agents: readonly string[];
  /** What they do with a call, or a whole scenario of one's own; it may be told which file holds a voice to speak with. */
  readonly script: FarmScript | string | ((voice: string) => string);
  readonly args?: readonly string[];
}

/**
 * What comes out of its turn is no reason to give up: an Asterisk that was held up answers a REGISTER and its repetition
 * with a challenge each, no two alike.
 */
export const patient = ['-default_behaviors', 'all,-abortunexp'];
/** Longer than any run; SIPp wants a number. */
const dayS = 86_400;

export async function startFarm({ runtime, server, folder, agents, script, args = [] }: FarmOptions): Promise<Farm> {
  await mkdir(folder, { recursive: true });
  const files = { registers: join(folder, 'registers.xml'), answers: join(folder, 'answers.xml'), voice: join(folder, 'voice.alaw'), people: join(folder, 'people.csv') };
  await writeFile(files.registers, registerScenario());
  await writeFile(files.voice, squareWave());
  await writeFile(files.answers, scenarioOf(script, files.voice));
  await writeFile(files.people, ['SEQUENTIAL', ...agents.map((id) => `${id};[authentication username=${id} password=${runtime.secrets.agents[id]?.sip ?? ''}]`), ''].join('\n'), { mode: 0o600 });
  // Asterisk takes the registration's own source for the phone's address, so both runs share the port, one after the other.
  const sipPort = await freeSipPort();
  const common = { programs: runtime.programs, server, sipPort } satisfies Partial<SippOptions>;
  const register = async (): Promise<void> => {
    const run = await startSipp({ ...common, folder: join(folder, 'register'), scenario: files.registers, calls: agents.length, callsPerSecond: 200, concurrent: 50, limitSeconds: 60, args: [...patient, '-inf', files.people] });
    const { successful, errors } = await run.outcome;
    if (successful !== agents.length) throw new Error(`${successful} of ${agents.length} phones registered: ${errors.slice(-2_000)}`);
  };
  const answer = (): Promise<SippRun> => startSipp({ ...common, folder: join(folder, 'answer'), scenario: files.answers, calls: 1_000_000_000, limitSeconds: dayS, args });
  await register();
  let phones = await answer();
  return {
    agents,
    sipPort,
    get pid() {
      return phones.pid;
    },
    async again() {
      await phones.stop();
      await register();
      phones = await answer();
    },
    stop: () => phones.finish(goodbyeMs),
  };
}

function scenarioOf(script: FarmOptions['script'], voice: string): string {
  if (typeof script === 'string') return script;
  return typeof script === 'function' ? script(voice) : agentScenario({ ...script, ...(script.speaking ? { voice } : {}) });
}

/** A second of 400 Hz as A-law has it, neither loud nor faint. */
function squareWave(): Buffer {
  const [up, down, halfWave] = [0x9a, 0x1a, 10];
  return Buffer.from(Array.from({ length: 8_000 }, (_, index) => (index % (2 * halfWave) < halfWave ? up : down)));
}
