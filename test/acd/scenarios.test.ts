/**
 * Whole calls as text: each line of input is followed by what the decider made of it, indented. A change of behaviour
 * is a change of these files, and is reviewed there. `UPDATE_SCENARIOS=1 ./rexian test test/acd/scenarios` writes them.
 *
 *   rule ageing 30s · rule needs general TEXT · rule relax general 30s TEXT · rule strategy general linear · rule hours general 00:02-00:05 · rule closing general leave · rule music general ringing
 *   sign-in 1001 1002 · call A [4000] · queue A general [priority [position]] · queue A general 0 keys 1 * · press A 1 · answer A [1002] · hang-up A · phone A busy [1002]
 *   heard A · mobile 1001 13800001234 · confirm A 1001 1 · close general [serve|leave] · reopen general
 *   promise A 13900000000 · called A up · called A 1 · called A busy
 *   remember A 1001 · configure general sticky {"waitMs":30000} · wait 15s · ask 1001 pause lunch · device 1001 in-call · switch lost · switch seen [without A] · restart
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import { makeCentre } from '../../src/acd/centre.ts';
import type { Event } from '../../src/acd/messages.ts';
import type { Routing } from '../../src/acd/model.ts';
import { closingRules, strategies } from '../../src/config/centre-config.ts';
import type { AtClosing, NeedsRule, QueueConfig } from '../../src/config/centre-config.ts';
import { readCalendars } from '../../src/config/hours-file.ts';
import { readNeeds } from '../../src/config/needs.ts';
import { roleOf } from '../../src/telephony/ids.ts';
import type { Device, Key, LegEnd, Order } from '../../src/telephony/port.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre, supervised } from '../support/sample-routing.ts';

const folder = join(import.meta.dirname, 'scenarios');

test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', (name) => {
  const file = join(folder, name);
  const written = readFileSync(file, 'utf8');
  const played = play(written);
  if (process.env['UPDATE_SCENARIOS']) writeFileSync(file, played);
  else expect(played).toBe(written);
});

/** Keeps comments and inputs, and puts the present answers below each input. */
function play(text: string): string {
  const stage = new Stage();
  const inputs = text.split('\n').filter((line) => !line.startsWith('    '));
  return inputs.flatMap((line) => (line === '' || line.startsWith('#') ? [line] : [line, ...stage.play(line.split(' '))])).join('\n');
}

class Stage {
  readonly #names = new Map<string, ContactId>();
  #table = new Table(sampleCentre(supervised));
  #lines: string[] = [];

  play([verb = '', ...words]: readonly string[]): string[] {
    this.#lines = [];
    const table = this.#table;
    const [first = '', second = '', third = ''] = words;
    switch (verb) {
      case 'rule':
        table.do({ type: 'configure', routing: changed(table.centre.routing, words) });
        this.#told();
        break;
      case 'sign-in':
        for (const agent of words) {
          table.do({ type: 'sign-in', agent: agentId(agent) });
          this.#told();
          table.do({ type: 'make-ready', agent: agentId(agent) });
          this.#told();
          table.at += 1;
        }
        break;
      case 'call':
        this.#names.set(first, table.call());
        this.#told();
        break;
      case 'queue':
        table.enqueue(this.#contact(first), second, Number(third || 0), words[3] === undefined ? {} : words[3] === 'keys' ? { keys: words.slice(4) as Key[], memory: { node: 'line' } } : { position: Number(words[3]) });
        this.#told();
        break;
      case 'press':
        table.press(this.#contact(first), second as Key);
        this.#told();
        break;
      case 'close':
        table.do({ type: 'close-queue', agent: agentId('2001'), queue: queueId(first), reason: 'fire drill', ...(second === '' ? {} : { waiting: second as AtClosing }) });
        this.#told();
        break;
      case 'reopen':
        table.do({ type: 'reopen-queue', agent: agentId('2001'), queue: queueId(first) });
        this.#told();
        break;
      case 'promise':
        table.do({ type: 'flow-moved', contact: this.#contact(first), path: [], data: {}, language: 'zh', memory: null, orders: [], callback: { number: second }, exit: { to: 'end' } });
        this.#told();
        break;
      case 'called': {
        const leg = table.centre.contacts.get(this.#contact(first))?.leg ?? expect.fail(`${first} is gone`);
        table.do(/^\d$/.test(second) ? { type: 'key-pressed', leg, key: second as Key, heldMs: 80 } : second === 'up' ? { type: 'leg-up', leg } : { type: 'leg-down', leg, end: second as LegEnd });
        this.#told();
        break;
      }
      case 'remember':
        table.do({ type: 'caller-known', contact: this.#contact(first), last: second === '' ? null : { agent: agentId(second), at: table.at } });
        this.#told();
        break;
      case 'configure':
        table.do({ type: 'configure', routing: this.#changed(first, second, JSON.parse(third)) });
        this.#told();
        break;
      case 'answer':
        table.answer(this.#contact(first), words[1]);
        this.#told();
        break;
      case 'hang-up':
        table.hangUp(this.#contact(first));
        this.#told();
        break;
      case 'mobile':
        table.do({ type: 'configure', routing: withMobile(table.centre.routing, first, second) });
        this.#told();
        break;
      case 'confirm':
        table.pressOn(this.#contact(first), second, third as Key);
        this.#told();
        break;
      case 'heard':
        table.heard(this.#contact(first));
        this.#told();
        break;
      case 'phone':
        table.phoneSays(this.#contact(first), second as LegEnd, words[2]);
        this.#told();
        break;
      case 'wait':
        table.wait(Number(first.replace('s', '')) * 1000);
        this.#told();
        break;
      case 'ask':
        table.do(second === 'pause' ? { type: 'pause', agent: agentId(first), reason: third } : { type: second as 'make-ready', agent: agentId(first) });
        this.#told();
        break;
      case 'device':
        table.do({ type: 'device-changed', agent: agentId(first), device: second as Device });
        this.#told();
        break;
      case 'switch':
        this.#switch(first, words.slice(2));
        this.#told();
        break;
      case 'restart':
        this.#restart();
        break;
      default:
        throw new Error(`a scenario does not know "${verb}"`);
    }
    return this.#lines.map((line) => `    ${line}`);
  }

  #contact(name: string): ContactId {
    const contact = this.#names.get(name);
    if (contact === undefined) throw new Error(`nobody is called ${name}`);
    return contact;
  }

  /** One field of one queue, taken live. */
  #changed(queue: string, field: string, value: unknown): Routing {
    const { routing } = this.#table.centre;
    return { ...routing, version: `${routing.version}+`, queues: new Map([...routing.queues].map(([id, config]) => [id, id === queue ? { ...config, [field]: value } : config])) };
  }

  #switch(what: string, without: readonly string[]): void {
    if (what === 'lost') return void this.#table.do({ type: 'switch-lost' });
    const gone = new Set(without.map((name) => this.#contact(name)));
    const ringing = new Set([...this.#table.centre.offers.values()].flatMap(({ leg, whisper }) => (whisper === undefined ? leg : [])));
    const legs = [...this.#table.centre.legs].filter(([, contact]) => !gone.has(contact)).map(([leg]) => ({ leg, role: roleOf(leg), state: ringing.has(leg) ? 'ringing' : 'up', ani: '', dnis: '4000', since: 0 }) as const);
    this.#table.do({ type: 'switch-seen', startedAt: 0, legs, bridges: [], devices: [] });
  }

  /** A new owner knows what was stored, and not yet whether the switch is there. */
  #restart(): void {
    const { centre, at } = this.#table;
    const again = makeCentre(centre.routing, { contacts: [...centre.contacts.values()], agents: [...centre.agents.values()], offers: [...centre.offers.values()], closed: [...centre.closed.values()] }, at);
    this.#table = new Table(again);
    this.#table.at = at;
  }

  #told(): void {
    const { last } = this.#table;
    if (!last.ok) {
      this.#lines.push(`refused: ${last.refusal.code}`);
      return;
    }
    this.#lines.push(...last.events.map((event) => this.#named(sentence(event))));
    if (last.orders.length > 0) this.#lines.push(this.#named(`→ ${last.orders.map(ordered).join(', ')}`));
  }

  #named(text: string): string {
    return [...this.#names].reduce((so, [name, id]) => so.replaceAll(id, name).replaceAll(id.replace(/^c-(\d+)-/, '$1.'), name), text);
  }
}

function withMobile(routing: Routing, agent: string, number: string): Routing {
  return { ...routing, version: `${routing.version}+`, agents: new Map([...routing.agents].map(([id, config]) => [id, id === agent ? { ...config, mobile: { number, trunk: 'carrier' } } : config])) };
}

/** The configuration with one rule more. */
function changed(routing: Routing, [what = '', first = '', ...rest]: readonly string[]): Routing {
  const version = `${routing.version}+`;
  const seconds = (text: string): number => Number(text.replace('s', '')) * 1_000;
  if (what === 'ageing') return { ...routing, version, centre: { ...routing.centre, order: { ...routing.centre.order, ageingMs: seconds(first) } } };
  const queue = routing.queues.get(queueId(first)) ?? expect.fail(`there is no queue ${first}`);
  const rule = (words: readonly string[]): NeedsRule => readNeeds(words.join(' '), new Set(['billing']), []).rule ?? expect.fail(words.join(' '));
  const rules: Readonly<Record<string, () => Partial<QueueConfig>>> = {
    needs: () => ({ needs: rule(rest) }),
    relax: () => ({ relax: [...(queue.relax ?? []), { afterMs: seconds(rest[0] ?? ''), needs: rule(rest.slice(1)) }] }),
    // Such as 00:02-00:05, of every day, by the scenario's own clock, which begins at midnight.
    hours: () => ({ hours: { calendar: readCalendars({ own: { week: { 'every-day': rest } } }).value.get('own') ?? expect.fail(rest.join(' ')), timeZone: 'UTC' } }),
    music: () => ({ music: rest[0] ?? '' }),
    closing: () => ({ atClosing: closingRules.find((name) => name === rest[0]) ?? expect.fail(rest[0]) }),
    strategy: () => ({ strategy: strategies.find((name) => name === rest[0]) ?? expect.fail(`there is no strategy ${rest[0]}`) }),
  };
  const change = rules[what]?.() ?? expect.fail(`a scenario does not know the rule "${what}"`);
  return { ...routing, version, queues: new Map([...routing.queues, [queue.id, { ...queue, ...change }]]) };
}

const left: ReadonlySet<string> = new Set(['type', 'at', 'memory', 'orders', 'version', 'flow', 'language', 'ani', 'dnis', 'data', 'path', 'bridge', 'restored', 'work']);

/** Type, then its fields; times and what never matters here are left out. */
function sentence(event: Event): string {
  const fields = Object.entries(event).flatMap(([name, value]) => {
    if (left.has(name)) return [];
    if (name === 'presence') return [`${(value as { status: string }).status}${'reason' in (value as object) ? `(${(value as { reason: string }).reason})` : ''}`];
    return typeof value === 'object' ? [`${name}=${JSON.stringify(value)}`] : [`${name}=${value}`];
  });
  return [event.type, ...fields].join(' ');
}

const ordered = (order: Order): string => `${order.type}${'leg' in order ? ` ${order.leg}` : ` ${order.bridge}`}`;
