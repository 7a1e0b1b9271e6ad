// What a supervisor sees of the centre, and what must be true of it when all is over.

import { readdir } from 'node:fs/promises';
import { expect } from 'vitest';
import type { LiveAgent, LiveContact } from '../../src/cti/shapes.ts';
import type { ContactStory } from '../../src/store/contacts.ts';
import { recordings } from '../../src/store/recordings.ts';
import { until } from '../../runtime/until.ts';
import type { LiveCentre } from './live-centre.ts';

export interface Watch {
  /** The first state of this caller's contact for which `accept` holds, already seen or still to come. */
  contact(ani: string, accept?: (contact: LiveContact) => boolean, limitMs?: number): Promise<LiveContact>;
  /** The agent as it is once `accept` holds. */
  agent(agent: string, accept: (agent: LiveAgent) => boolean, limitMs?: number): Promise<LiveAgent>;
  /** Nobody is in the centre and nothing in Asterisk. */
  empty(): Promise<void>;
}

export async function watchCentre(centre: LiveCentre, supervisor = '2001'): Promise<Watch> {
  const desktop = await centre.desktop(supervisor);
  const agentNow = (id: string): LiveAgent | undefined =>
    desktop.heard.reduce<LiveAgent | undefined>((now, { message }) => {
      if (message.type === 'snapshot') return message.agents.find(({ agent }) => agent === id);
      return message.type === 'agent-changed' && message.agent.agent === id ? message.agent : now;
    }, undefined);
  return {
    contact: async (ani, accept = () => true, limitMs = 15_000) =>
      (await desktop.waitFor('contact-changed', ({ contact }) => contact.ani === ani && accept(contact), limitMs)).message.contact,
    agent: (id, accept, limitMs = 10_000) =>
      until(() => {
        const now = agentNow(id);
        return now !== undefined && accept(now) ? now : undefined;
      }, { limitMs, everyMs: 5, what: `agent ${id}` }).catch((error: unknown) => {
        throw new Error(`${String(error)}; it is ${JSON.stringify(agentNow(id))}`);
      }),
    empty: async () => {
      const left = async (): Promise<{ contacts: number; channels: string[]; bridges: string[] }> =>
        ({ contacts: await centre.service.live(), channels: await centre.channels(), bridges: await centre.bridges() });
      await expect.poll(left, { timeout: 5_000 }).toEqual({ contacts: 0, channels: [], bridges: [] });
    },
  };
}

/** Presence is this one, for `Watch.agent`. */
export const is = (status: LiveAgent['presence']['status']) => ({ presence }: LiveAgent): boolean => presence.status === status;
/** Ready, and with a phone that can be rung. */
export const free = ({ presence, device }: LiveAgent): boolean => presence.status === 'ready' && device === 'idle';

let callers = 0;
/** A number that no other call of this file has. */
export const newNumber = (): string => `139${String((callers += 1)).padStart(8, '0')}`;

/** Numbered from 1 without a gap, one end, and that end as expected. */
export function expectOneEnd(story: ContactStory, end: { reason: string; during: string }): void {
  const numbers = story.events.flatMap(({ event }) => event.n ?? []);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(story.events.flatMap(({ event }) => (event.type === 'contact-ended' ? [{ reason: event.reason, during: event.during }] : []))).toEqual([end]);
}

/** For each talk one recording, for each recording one row and one file. Answers the files, below the recordings folder. */
export async function expectRecordings(centre: LiveCentre, story: ContactStory): Promise<string[]> {
  const talks = story.events.filter(({ event }) => event.type === 'contact-connected').length;
  expect(story.recordings).toHaveLength(talks);
  const reads = recordings(centre.db, { centre: centre.config.centre.id });
  const paths: string[] = [];
  for (const id of story.recordings) {
    const row = await until(async () => {
      const found = await reads.find(id);
      return found !== null && ['finalised', 'partial', 'failed'].includes(found.status) ? found : undefined;
    }, { limitMs: 15_000, everyMs: 50, what: `recording ${id} dealt with` });
    expect(row, JSON.stringify(row)).toMatchObject({ status: 'finalised', contact: story.contact });
    paths.push(row.path ?? '');
  }
  return paths;
}

/** Every WAV file below the recordings folder, and what lies there that is not finished. */
export async function recordingFiles(centre: LiveCentre): Promise<{ finished: string[]; unfinished: string[] }> {
  const all = (await readdir(centre.runtime.recordingsDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
  return { finished: all.filter((name) => name.endsWith('.wav')), unfinished: all.filter((name) => !name.endsWith('.wav')) };
}
