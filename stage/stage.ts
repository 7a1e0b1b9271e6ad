/**
 * A whole centre on this machine with crowds around it: its own servers, the service as a process, agents' phones and
 * desktops, outside callers. What benches measure and faults are put to.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import type { CentreConfig } from '../src/config/centre-config.ts';
import { loadCentre } from '../src/config/load.ts';
import { contacts, type Contacts } from '../src/store/contacts.ts';
import { openDatabase, type Database } from '../src/store/database.ts';
import { makeSeal } from '../src/store/seal.ts';
import type { Runtime, RuntimeOptions } from '../runtime/centre.ts';
import { startRuntime } from '../runtime/centre.ts';
import { openDesktop, type Desktop } from '../runtime/desktop.ts';
import { startService, type Service, type ServiceOptions } from '../runtime/service.ts';
import { startSipp, type SippOptions, type SippRun } from '../runtime/sipp.ts';
import { agentIds, centreFiles, straight, type CentreFiles } from './centre-files.ts';
import { startFarm, type Farm, type FarmOptions } from './farm.ts';
import { callerScenario, type CallerScript } from './scenarios.ts';
import { openWires, type AriMode, type WireName, type Wires } from './wires.ts';

export interface StageOptions extends CentreFiles {
  /** Connections of the service, or of phones and callers, that are to be hurt. */
  readonly wires?: readonly WireName[];
  /** The wires keep a transcript of what Asterisk is told. */
  readonly keepsSaid?: boolean;
  /** How it meets Asterisk; without it Asterisk calls. */
  readonly ariMode?: AriMode;
  readonly runtime?: Partial<RuntimeOptions>;
  readonly service?: Partial<ServiceOptions>;
}

export interface CallersOptions extends CallerScript {
  readonly calls: number;
  /** All at once without it. */
  readonly callsPerSecond?: number;
  /** What they dial; without it straight into the line. */
  readonly number?: string;
  /** Calls at once, at most. */
  readonly concurrent?: number;
  readonly limitSeconds?: number;
  readonly args?: readonly string[];
  /** A whole scenario of one's own instead of the script. */
  readonly scenario?: string;
}

export interface Stage {
  readonly runtime: Runtime;
  readonly config: CentreConfig;
  readonly configDir: string;
  /** The service that runs now, in the place of one that was killed. */
  readonly service: Service;
  readonly db: Database;
  readonly redis: Redis;
  /** Those that were asked for. */
  readonly wires: Wires;
  /** Where phones and callers find the centre: Asterisk, or the wire before it. */
  readonly sip: { readonly host: string; readonly port: number };
  readonly contacts: Contacts;
  /** The stage's agents, by number: as many as asked for. */
  readonly agents: readonly string[];
  /** A folder of the stage's own, new at each call. */
  folder(name: string): Promise<string>;
  /** Registers these agents' phones; they answer by their script. */
  phones(agents: readonly string[], script: FarmOptions['script'], args?: readonly string[]): Promise<Farm>;
  /** Signed in at a desktop and ready. Told to the service that runs now. */
  ready(agents: readonly string[]): Promise<Desktop[]>;
  desktop(agent: string): Promise<Desktop>;
  callers(options: CallersOptions): Promise<SippRun>;
  sipp(options: Omit<SippOptions, 'programs' | 'folder' | 'server'>): Promise<SippRun>;
  /** Starts the service anew in the place of one that is dead, at the same web port. */
  startAgain(more?: Partial<ServiceOptions>): Promise<Service>;
  /** One of Asterisk's lists over REST: `channels`, `bridges`, `endpoints`. */
  ask<One = { readonly id: string }>(path: string): Promise<readonly One[]>;
  /** Run in reverse order when the stage stops. */
  releaseLater(release: () => Promise<unknown>): void;
  stop(): Promise<void>;
}

export async function startStage(options: StageOptions): Promise<Stage> {
  const releases: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    const configDir = await centreFiles(options);
    releases.push(() => rm(configDir, { recursive: true, force: true }));
    const loaded = loadCentre(configDir);
    if (!loaded.ok) throw new Error(`the stage's configuration is faulty: ${JSON.stringify(loaded.problems)}`);
    const stateDir = await mkdtemp(join(tmpdir(), 'rexian-stage-'));
    releases.push(() => rm(stateDir, { recursive: true, force: true }));
    const runtime = await startRuntime({ stateDir, agents: [...loaded.config.agents.keys()], durable: false, ...options.runtime });
    releases.push(() => runtime.stop());
    const wired = await openWires(options.wires ?? [], options.ariMode, runtime, options.keepsSaid);
    releases.push(() => wired.stop());
    const whole = { ...options, service: { ...options.service, env: { ...wired.env, ...options.service?.env } } };
    const service = await startService({ runtime, configDir, lang: 'en', supervise: false, ...whole.service });
    return Object.assign(furnish({ runtime, configDir, config: loaded.config, first: service, options: whole, wires: wired.wires }, releases), { stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Parts {
  readonly runtime: Runtime;
  readonly configDir: string;
  readonly config: CentreConfig;
  readonly first: Service;
  readonly options: StageOptions;
  readonly wires: Wires;
}

/** Desktops that sign in at once; each costs the service a password and a snapshot. */
const signingIn = 20;
/** For reading all that an hour left. */
const longReadMs = 120_000;

function furnish({ runtime, configDir, config, first, options, wires }: Parts, releases: (() => Promise<unknown>)[]): Omit<Stage, 'stop'> {
  const { programs } = runtime;
  const sip = wires.sip ?? { host: runtime.sipHost, port: runtime.sipPort };
  let service = first;
  releases.push(() => service.stop());
  const db = openDatabase(runtime.databaseUrl, { log: pino({ level: 'silent' }), statementTimeoutMs: longReadMs });
  releases.push(() => db.destroy());
  const redis = new Redis(runtime.redisUrl);
  // Faults take Redis away; the stage's own look at it tries again and needs no word about it.
  redis.on('error', () => undefined);
  releases.push(async () => redis.disconnect());
  /** Sessions of desktops before: cases that share a stage would otherwise sign in more often than anybody may. */
  const tokens = new Map<string, string>();
  let folders = 0;
  let crowds = 0;
  let starts = 0;
  const stage: Omit<Stage, 'stop'> = {
    runtime, config, configDir, db, redis, wires, sip,
    contacts: contacts(db, { centre: config.centre.id, seal: makeSeal(runtime.secrets.storeKey) }),
    agents: agentIds(options.agents),
    get service() {
      return service;
    },
    folder: async (name) => {
      const folder = join(runtime.stateDir, 'stage', `${name}-${(folders += 1)}`);
      await mkdir(folder, { recursive: true });
      return folder;
    },
    phones: async (agents, script, args) => {
      const farm = await startFarm({ runtime, server: sip, folder: await stage.folder('phones'), agents, script, ...(args ? { args } : {}) });
      releases.push(() => farm.stop());
      return farm;
    },
    desktop: async (agent) => {
      const desktop = await openDesktop(service.url, agent, runtime.secrets.agents[agent]?.web ?? '', tokens.get(agent));
      tokens.set(agent, desktop.token);
      releases.push(() => desktop.close());
      return desktop;
    },
    ready: async (agents) => {
      const desktops: Desktop[] = [];
      for (let from = 0; from < agents.length; from += signingIn) {
        desktops.push(...(await Promise.all(agents.slice(from, from + signingIn).map(async (agent) => {
          const desktop = await stage.desktop(agent);
          const { me } = (await desktop.waitFor('snapshot')).message;
          if (me?.presence.status === 'offline') await desktop.command({ type: 'sign-in' });
          await desktop.command({ type: 'make-ready' });
          return desktop;
        }))));
      }
      return desktops;
    },
    callers: async ({ calls, callsPerSecond, number = straight.low, concurrent, limitSeconds, args, scenario, ...script }) => {
      const file = join(await stage.folder('callers'), 'caller.xml');
      const prefix = `13${String((crowds += 1) % 100).padStart(2, '0')}`;
      await writeFile(file, scenario ?? callerScenario(script, `${prefix}[call_number]0000`));
      return stage.sipp({
        scenario: file, number, calls,
        ...(callsPerSecond === undefined ? {} : { callsPerSecond }), ...(concurrent === undefined ? {} : { concurrent }),
        ...(limitSeconds === undefined ? {} : { limitSeconds }), ...(args ? { args } : {}),
      });
    },
    sipp: async (more) => {
      const run = await startSipp({ programs, server: sip, folder: await stage.folder('sipp'), ...more });
      releases.push(() => run.stop());
      return run;
    },
    startAgain: async (more) => {
      const httpPort = Number(new URL(service.url).port);
      service = await startService({ runtime, configDir, lang: 'en', supervise: false, httpPort, name: `service-${(starts += 1)}`, ...options.service, ...more });
      return service;
    },
    ask: async <One>(path: string) => {
      const login = Buffer.from(`${runtime.ari.user}:${runtime.ari.password}`).toString('base64');
      const response = await fetch(`${runtime.ari.url}/ari/${path}`, { headers: { authorization: `Basic ${login}` } });
      return (await response.json()) as readonly One[];
    },
    releaseLater: (release) => void releases.push(release),
  };
  return stage;
}
