// A whole centre for one test file: its own servers and the service as a process of its own, real phones around it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadCentre } from '../../src/config/load.ts';
import type { CentreConfig } from '../../src/config/centre-config.ts';
import { contacts, type Contacts, type ContactStory } from '../../src/store/contacts.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { defaultConfig } from '../../cli/options.ts';
import type { Runtime, RuntimeOptions } from '../../runtime/centre.ts';
import { openDesktop, type Desktop } from '../../runtime/desktop.ts';
import { startPhone, type Phone, type PhoneOptions } from '../../runtime/phone.ts';
import { startService, type Service, type ServiceOptions } from '../../runtime/service.ts';
import { startSipp, type SippOptions, type SippRun } from '../../runtime/sipp.ts';
import { until } from '../../runtime/until.ts';
import { startRuntime } from './start-runtime.ts';

export interface LiveCentre {
  readonly runtime: Runtime;
  readonly service: Service;
  readonly config: CentreConfig;
  readonly db: Database;
  readonly contacts: Contacts;
  /** A registered phone of the agent. */
  agentPhone(agent: string, more?: Partial<PhoneOptions>): Promise<Phone>;
  /** An outside caller; dials nothing yet. */
  caller(number: string, more?: Partial<PhoneOptions>): Promise<Phone>;
  /** Signed in at the CTI; an agent is signed in there and paused. */
  desktop(agent: string): Promise<Desktop>;
  /** Signed in, with a phone, and ready. */
  readyAgent(agent: string, more?: Partial<PhoneOptions>): Promise<{ phone: Phone; desktop: Desktop }>;
  sipp(options: Omit<SippOptions, 'programs' | 'folder' | 'server'>): Promise<SippRun>;
  /** The contact once it has ended and Postgres knows it. */
  ended(contact: string, limitMs?: number): Promise<ContactStory>;
  /** What Asterisk itself says: ids of all its channels. */
  channels(): Promise<string[]>;
  bridges(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startLiveCentre(more: { runtime?: Partial<RuntimeOptions>; service?: Partial<ServiceOptions>; configDir?: string } = {}): Promise<LiveCentre> {
  const configDir = more.configDir ?? defaultConfig;
  const loaded = loadCentre(configDir);
  if (!loaded.ok) throw new Error('the configuration is faulty');
  const { config } = loaded;
  const stateDir = await mkdtemp(join(tmpdir(), 'rexian-live-'));
  const releases: (() => Promise<unknown>)[] = [() => rm(stateDir, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    const runtime = await startRuntime({ stateDir, agents: [...config.agents.keys()], durable: false, ...more.runtime });
    releases.push(() => runtime.stop());
    const service = await startService({ runtime, configDir, lang: 'en', supervise: false, ...more.service });
    releases.push(() => service.stop());
    const db = openDatabase(runtime.databaseUrl, { log: pino({ level: 'silent' }) });
    releases.push(() => db.destroy());
    return { ...inside({ runtime, service, config, db }, releases), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function inside(parts: Pick<LiveCentre, 'runtime' | 'service' | 'config' | 'db'>, releases: (() => Promise<unknown>)[]): Omit<LiveCentre, 'stop'> {
  const { runtime, service, config, db } = parts;
  const server = { host: runtime.sipHost, port: runtime.sipPort };
  const { programs } = runtime;
  let folders = 0;
  const folder = (name: string): string => join(runtime.stateDir, 'phones', `${name}-${(folders += 1)}`);
  const all = contacts(db, { centre: config.centre.id, seal: makeSeal(runtime.secrets.storeKey) });
  const phone = async (options: Omit<PhoneOptions, 'programs' | 'folder' | 'server'>): Promise<Phone> => {
    const started = await startPhone({ programs, server, folder: folder(options.user), ...options });
    releases.push(() => started.stop());
    return started;
  };
  const ask = async (path: string): Promise<readonly { id: string }[]> => {
    const login = Buffer.from(`${runtime.ari.user}:${runtime.ari.password}`).toString('base64');
    const response = await fetch(`${runtime.ari.url}/ari/${path}`, { headers: { authorization: `Basic ${login}` } });
    return (await response.json()) as readonly { id: string }[];
  };
  const centre: Omit<LiveCentre, 'stop'> = {
    ...parts,
    contacts: all,
    agentPhone: async (agent, more) => {
      const registered = await phone({ user: agent, password: runtime.secrets.agents[agent]?.sip ?? '', ...more });
      await registered.waitFor('registered');
      return registered;
    },
    caller: (number, more) => phone({ user: number, ...more }),
    desktop: async (agent) => {
      const desktop = await openDesktop(service.url, agent, runtime.secrets.agents[agent]?.web ?? '');
      releases.push(() => desktop.close());
      const { me } = (await desktop.waitFor('snapshot')).message;
      if (me?.presence.status === 'offline' && config.agents.get(me.agent as never)?.role === 'agent') await desktop.command({ type: 'sign-in' });
      return desktop;
    },
    readyAgent: async (agent, more) => {
      const [registered, desktop] = await Promise.all([centre.agentPhone(agent, more), centre.desktop(agent)]);
      await desktop.command({ type: 'make-ready' });
      return { phone: registered, desktop };
    },
    sipp: async (options) => {
      const run = await startSipp({ programs, server, folder: folder('sipp'), ...options });
      releases.push(() => run.stop());
      return run;
    },
    ended: (contact, limitMs = 10_000) =>
      until(async () => {
        const story = await all.find(contact);
        return story?.endedAt ? story : undefined;
      }, { limitMs, everyMs: 50, what: `contact ${contact} ended in Postgres` }),
    channels: async () => (await ask('channels')).map(({ id }) => id),
    bridges: async () => (await ask('bridges')).map(({ id }) => id),
  };
  return centre;
}
