/** What the decider did with each contact in one play, so that two plays can be told apart to the last decision. */
import type { AgentId, ContactId } from '../base/ids.ts';
import type { Event } from './decider.ts';

export interface Way {
  /** The queue that the flow led to first. */
  queue: string;
  /** In which it was answered, or left. */
  last: string;
  end: WayEnd;
  agent: AgentId | undefined;
  waitMs: number;
  /** The agents who were rung, in their order. */
  rung: string;
  /** Of everything that was decided about it, and when. */
  print: Print;
}
export type WayEnd = 'answered' | 'abandoned' | 'turned-away' | 'waiting';

export interface Ways {
  readonly contacts: Map<ContactId, Way>;
  readonly agents: Map<AgentId, Print>;
  /** What is about nobody, such as alarms. */
  centre: Print;
}

/** Two words of 32 bits: of a million contacts two that differ look alike once in ten million plays. */
export type Print = readonly [number, number];
const blank: Print = [0x9e3779b9, 0x243f6a88];

export const newWays = (): Ways => ({ contacts: new Map(), agents: new Map(), centre: blank });

export function note(ways: Ways, event: Event): void {
  if ('contact' in event) {
    const way = ways.contacts.get(event.contact) ?? { queue: '', last: '', end: 'waiting', agent: undefined, waitMs: 0, rung: '', print: blank };
    way.print = printed(way.print, event);
    follow(way, event);
    ways.contacts.set(event.contact, way);
  } else if ('agent' in event && event.agent !== undefined) ways.agents.set(event.agent, printed(ways.agents.get(event.agent) ?? blank, event));
  else ways.centre = printed(ways.centre, event);
}

function follow(way: Way, event: Event): void {
  switch (event.type) {
    case 'contact-arrived':
      if (event.turnedAway !== undefined) way.end = 'turned-away';
      return;
    case 'contact-queued':
      way.queue ||= event.queue;
      way.last = event.queue;
      way.end = 'waiting';
      return;
    case 'contact-turned-away':
      way.queue ||= event.queue;
      way.last = event.queue;
      way.end = 'turned-away';
      return;
    case 'contact-left-queue':
      way.end = 'turned-away';
      way.waitMs = event.waitMs;
      return;
    case 'contact-overflowed':
      way.last = event.queue;
      return;
    case 'offer-made':
      way.rung += ` ${event.agent}`;
      return;
    case 'contact-connected':
      way.end = 'answered';
      way.agent = event.agent;
      way.waitMs = event.waitMs;
      return;
    case 'contact-ended':
      if (way.end === 'waiting') [way.end, way.waitMs] = ['abandoned', event.waitMs];
      return;
    default:
      return;
  }
}

/** The version is the configuration's name and no decision. */
const printed = ([one, other]: Print, event: Event): Print => {
  const text = JSON.stringify('version' in event ? { ...event, version: undefined } : event);
  let [a, b] = [one, other];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return [a ^ (a >>> 16), b];
};

export const isSamePrint = (one: Print | undefined, other: Print | undefined): boolean => one?.[0] === other?.[0] && one?.[1] === other?.[1];
