/**
 * A whole centre without servers: the real engine on a journal in memory, the real CTI and HTTP server on a free port,
 * a switch that only notes its orders. What Postgres would answer is given by the test.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { makeCentre } from '../../src/acd/centre.ts';
import { Engine } from '../../src/acd/engine.ts';
import type { Journal } from '../../src/acd/journal-port.ts';
import type { FlowInput, Input, Outcome } from '../../src/acd/messages.ts';
import type { Routing } from '../../src/acd/model.ts';
import { steadyClock, type Clock } from '../../src/base/clock.ts';
import { agentId, contactId, legId, queueId, type ContactId, type LegId } from '../../src/base/ids.ts';
import { openCti, type Cti } from '../../src/cti/cti.ts';
import type { Directory } from '../../src/cti/desk.ts';
import { passwordVerifier } from '../../src/http/passwords.ts';
import { makeServer, type ServerParts } from '../../src/http/server.ts';
import type { Order } from '../../src/telephony/port.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import { agent, sampleRouting } from '../support/sample-routing.ts';

export const password = 'correct horse';

export interface House {
  readonly engine: Engine;
  readonly cti: Cti;
  readonly server: FastifyInstance;
  readonly url: string;
  readonly orders: Order[];
  readonly recordingsDir: string;
  /** What the server logged. */
  readonly logged: () => string;
  submit(input: Untimed): Promise<Outcome>;
  /** A caller in the queue; answers when it is committed. */
  call(ani?: string, queue?: string): Promise<ContactId>;
  /** The phone that rings for the contact is picked up. */
  answer(contact: ContactId): Promise<void>;
  hangUp(contact: ContactId): Promise<void>;
  token(agent: string): Promise<string>;
  ticket(agent: string): Promise<string>;
  stop(): Promise<void>;
}

type Untimed = Input extends infer One ? (One extends Input ? Omit<One, 'at'> : never) : never;

export interface HouseOptions {
  readonly directory?: Directory;
  readonly routing?: Routing;
  readonly parts?: Partial<ServerParts>;
  readonly port?: number;
  /** Of the desktops alone. */
  readonly clock?: Clock;
}

/** Agents 1001 and 1002 of both queues, 1003 of general; 2001 is their supervisor, 3001 the admin. */
export const houseRouting = (version = 'test'): Routing => {
  const named = (zh: string, en: string, config: AgentConfig): AgentConfig => ({ ...config, name: { zh, en } });
  const routing = sampleRouting({
    version,
    agents: [
      named('李静', 'Li Jing', agent('1001', { billing: 5 })),
      named('陈浩', 'Chen Hao', agent('1002', { billing: 3 })),
      named('周敏', 'Zhou Min', agent('1003', {}, ['general'])),
      { ...named('赵磊', 'Zhao Lei', agent('2001', {}, [])), role: 'supervisor' },
      { ...named('孙悦', 'Sun Yue', agent('3001', {}, [])), role: 'admin' },
    ],
  });
  const texts = (each: Record<string, [string, string]>) => new Map(Object.entries(each).map(([code, [zh, en]]) => [code, { zh, en }]));
  return {
    ...routing,
    centre: {
      ...routing.centre,
      pauseReasons: texts({ lunch: ['用餐', 'Lunch'], rest: ['小休', 'Short break'], training: ['培训', 'Training'] }),
      dispositions: texts({ solved: ['已解决', 'Solved'], 'follow-up': ['需跟进', 'Needs follow-up'], complaint: ['投诉', 'Complaint'] }),
    },
    queues: new Map([...routing.queues].map(([id, queue]) => [id, { ...queue, name: id === 'billing' ? { zh: '账单组', en: 'Billing' } : { zh: '综合组', en: 'General' } }])),
  };
};

export const strangers: Directory = {
  lookUp: async () => null,
  earlierContacts: async () => [],
};

const nothingStored: Pick<ServerParts, 'contacts' | 'whys' | 'recordings' | 'intervals' | 'audit' | 'reload'> = {
  contacts: { search: async () => [], find: async () => null },
  whys: { ask: async () => undefined },
  recordings: { find: async () => null },
  intervals: { read: async () => [] },
  audit: { write: async () => undefined },
  reload: async () => ({ ok: true, version: 'test', changed: false, warnings: [] }),
};

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const orders: Order[] = [];
  const log: string[] = [];
  const engine = makeEngine(options.routing ?? houseRouting(), orders);
  const cti = openCti({ desk: engine, directory: options.directory ?? strangers, clock: options.clock ?? steadyClock, name: () => ({ zh: '测试中心', en: 'Test centre' }), onDirectoryAway: () => undefined });
  const recordingsDir = await mkdtemp(join(tmpdir(), 'rexian-recordings-'));
  const server = await makeServer({
    cti,
    ...nothingStored,
    health: () => ({ role: 'owner', owner: true, switchUp: engine.centre.switchUp, redis: true, postgres: { up: true, lagMs: 0 } }),
    verify: passwordVerifier(async (each) => (engine.centre.routing.agents.has(agentId(each)) ? password : undefined)),
    secret: 'a secret for tests that is long enough',
    recordingsDir,
    webDir: join(import.meta.dirname, '../../web/public'),
    log: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
    ...options.parts,
  });
  await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  // A listening TCP server has an AddressInfo for its address.
  const { port } = server.server.address() as AddressInfo;
  const tokens = new Map<string, string>();
  const at = () => steadyClock.now();
  let calls = 0;

  const house: House = {
    engine, cti, server, orders, recordingsDir,
    url: `http://127.0.0.1:${port}`,
    logged: () => log.join(''),
    // The time is added: the input is whole again.
    submit: (input) => engine.submit({ ...input, at: at() } as Input),
    call: async (ani = '13800001234', queue = 'general') => {
      calls += 1;
      const contact = contactId(`c-1700000000-${calls}`);
      await house.submit({ type: 'call-arrived', contact, leg: callerLeg(contact), ani, dnis: '4000' });
      await house.submit(enqueued(contact, queue));
      return contact;
    },
    answer: async (contact) => void (await house.submit({ type: 'leg-up', leg: ringingLeg(engine, contact) })),
    hangUp: async (contact) => void (await house.submit({ type: 'leg-down', leg: callerLeg(contact), end: 'hung-up' })),
    token: async (each) => {
      const known = tokens.get(each);
      if (known !== undefined) return known;
      const response = await server.inject({ method: 'POST', url: '/api/session', payload: { agent: each, password } });
      const { token } = response.json<{ token: string }>();
      tokens.set(each, token);
      return token;
    },
    ticket: async (each) => {
      const response = await server.inject({ method: 'POST', url: '/api/cti-ticket', headers: { authorization: `Bearer ${await house.token(each)}` } });
      return response.json<{ ticket: string }>().ticket;
    },
    stop: async () => {
      cti.stop();
      await server.close();
      await engine.stop();
      await rm(recordingsDir, { recursive: true, force: true });
    },
  };
  await house.submit({ type: 'switch-seen', startedAt: at() - 1_000_000, legs: [], bridges: [], devices: ['1001', '1002', '1003'].map((each) => ({ agent: agentId(each), device: 'idle' as const, remoteAnswer: true })) });
  return house;
}

function makeEngine(routing: Routing, orders: Order[]): Engine {
  const journal: Journal = {
    load: async () => ({ contacts: [], agents: [], offers: [], closed: [] }),
    commit: async (batch) => ({ result: 'committed', events: batch.events.map((event, index) => ({ id: `1-${batch.firstSeq + index}`, event })) }),
  };
  return new Engine({
    centre: makeCentre(routing, { contacts: [], agents: [], offers: [], closed: [] }, steadyClock.now()),
    journal,
    epoch: 1,
    clock: steadyClock,
    send: (given) => void orders.push(...given),
    onFatal: (error) => {
      throw error;
    },
    onForgot: () => undefined,
  });
}

const enqueued = (contact: ContactId, queue: string): Omit<FlowInput, 'at'> => ({
  type: 'flow-moved',
  contact,
  path: [{ node: 'welcome', took: '', at: 1 }, { node: 'menu', took: '1', at: 2 }],
  data: { order: 'A-17' },
  language: 'zh',
  memory: { secret: 'of the flow' },
  orders: [],
  exit: { to: 'queue', queue: queueId(queue), priority: 0 },
});

export const callerLeg = (contact: ContactId): LegId => legId(contact.replace(/^c-(\d+)-/, '$1.'));

function ringingLeg({ centre }: Engine, contact: ContactId): LegId {
  for (const offer of centre.offers.values()) if (offer.contact === contact) return offer.leg;
  throw new Error(`no phone rings for ${contact}`);
}
