/** A violation with as much of the history as a person needs: only who it concerns, in order, in milliseconds of the run. */
import type { CallEventRow } from '../../src/store/tables.ts';
import { at, type History, type Violation } from './history.ts';

/** Before the first event of the contacts concerned, for what led to it. */
const beforeMs = 2_000;
const linesMax = 120;

export function told(history: History, { rule, what, contacts, agents, at: when }: Violation, startedAt: number): string {
  const concerned = history.events.filter(({ contact }) => contact !== null && contacts.includes(contact));
  const seen = concerned.map(at);
  const ends = when > 0 ? when : Math.max(...seen);
  const from = (seen.length > 0 ? Math.min(...seen) : ends - beforeMs) - beforeMs;
  const to = ends + beforeMs;
  const within = (time: number): boolean => time >= from && time <= to;
  const numbers = new Set(contacts.map((contact) => history.numbers.get(contact)));
  const lines = [
    ...history.events.filter((event) => within(at(event)) && (contacts.includes(event.contact ?? '') || (event.agent !== null && agents.includes(event.agent)) || event.type === 'switch-changed')).map((event) => [at(event), eventLine(event)] as const),
    ...history.asked.filter(({ agent, from: sent, to: answered }) => agents.includes(agent) && (within(sent) || within(answered))).flatMap(({ agent, wish, answer, from: sent, to: answered }) => [[sent, `${agent} asks: ${wish}`], [answered, `${agent} is answered: ${wish} ${answer}`]] as const),
    ...history.faults.filter((fault) => fault.from <= to && fault.to >= from).flatMap(({ fault, from: begun, to: over }) => [[begun, `fault: ${fault}`], [over, `fault over: ${fault}`]] as const),
    ...history.dials.filter((dial) => dial.numbers.some((number) => numbers.has(number))).flatMap((dial) => [[dial.from, `${dial.numbers.join()} dial${dial.leaveAfterMs === undefined ? '' : `, to leave after ${dial.leaveAfterMs} ms`}`], [dial.to, `${dial.numbers.join()}: SIPp counts ${dial.successful} whole${dial.cut ? ', cut off' : ''}`]] as const),
    ...history.phoneCalls.filter((call) => agents.includes(call.agent) && call.from <= to && call.to >= from).flatMap(({ agent, channel, from: up, to: last }) => [[up, `${agent}'s phone is up: ${channel}`], [last, `${agent}'s phone is last seen up: ${channel}`]] as const),
  ].toSorted(([a], [b]) => a - b);
  const shown = lines.slice(0, linesMax).map(([time, line]) => `  ${String(Math.round(time - startedAt)).padStart(8)}  ${line}`);
  return [`${rule}: ${what}`, ...shown, ...(lines.length > linesMax ? [`  … and ${lines.length - linesMax} lines more`] : [])].join('\n');
}

const untold: ReadonlySet<string> = new Set(['memory', 'orders', 'path', 'data', 'ani', 'contact', 'agent', 'type', 'at', 'n', 'version', 'language']);

function eventLine({ epoch, seq, type, contact, agent, body }: CallEventRow): string {
  const more = Object.entries(body).filter(([name]) => !untold.has(name)).map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  return `${epoch}-${seq} ${type} ${[contact, agent].filter((who) => who !== null).join(' ')} ${more.join(' ')}`;
}
