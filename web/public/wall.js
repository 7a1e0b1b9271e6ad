/** The live tables: queues for everyone, agents and contacts for supervisors. */
import { h, show } from './dom.js';
import { reasonOf } from './self.js';
import { pick, say } from './words.js';

export function showQueues(place, desk) {
  const { state } = desk;
  const rows = [...state.queues.values()].map(({ queue, name, waiting, callbacks, closed, longestSince, agents }) =>
    h('tr', { class: waiting > 0 ? 'waiting' : '' },
      h('th', { scope: 'row' }, pick(name), closed && h('span', { class: 'hint' }, ' ', h('span', { class: 'pill closed' }, say('queueClosed')), ` ${[closed.by, closed.reason].filter(Boolean).join(' ')}`), door(desk, queue, closed)),
      number(waiting, 'strong'), number(callbacks),
      h('td', {}, longestSince === null ? '–' : h('time', { 'data-since': longestSince })),
      number(agents.ready, 'ready'), number(agents.offered + agents.talking), number(agents.wrapUp), number(agents.paused)));
  show(place, h('h2', {}, say('queues')), table(['queue', 'waiting', 'callbacks', 'longest', 'colReady', 'colBusy', 'colWrapUp', 'colPaused'], rows, 'noQueues'));
}

/** A supervisor closes a queue with a reason, and opens it again. */
function door(desk, queue, closed) {
  if (desk.person.role === 'agent' || (closed && closed.by === null)) return null;
  const close = () => {
    const reason = prompt(say('whyClose'));
    if (reason !== null) desk.ask({ type: 'close-queue', queue, reason: reason.slice(0, 200) });
  };
  return h('span', { class: 'hint' }, ' ', h('button', { class: 'link', 'data-key': `door-${queue}`, onclick: closed ? () => desk.ask({ type: 'reopen-queue', queue }) : close }, say(closed ? 'doReopen' : 'doClose')));
}

export function showAgents(place, desk) {
  const { state } = desk;
  const order = ['talking', 'offered', 'wrap-up', 'ready', 'paused', 'offline'];
  const sorted = [...state.agents.values()].sort((a, b) => order.indexOf(a.presence.status) - order.indexOf(b.presence.status) || a.agent.localeCompare(b.agent));
  const rows = sorted.map(({ agent, name, team, presence, device, asked }) =>
    h('tr', {},
      h('th', { scope: 'row' }, agent), h('td', {}, pick(name)), h('td', {}, team),
      h('td', {}, h('span', { class: `pill ${presence.status}` }, say(presence.status)), presence.status === 'paused' && h('span', { class: 'hint' }, ` ${reasonOf(presence.reason, state.centre)}`), asked && asks(desk, agent, asked)),
      h('td', {}, h('time', { 'data-since': presence.since })),
      h('td', { class: `phone ${device}` }, say(`device-${device}`))));
  show(place, h('h2', {}, say('agents')), table(['agent', 'name', 'team', 'state', 'since', 'phone'], rows, 'nobody'));
}

/** A break that waits for a supervisor's word. */
const asks = (desk, of, { reason }) =>
  h('span', { class: 'hint' }, ` ${say('asksFor')} ${reasonOf(reason, desk.state.centre)} `,
    h('button', { class: 'link', 'data-key': `grant-${of}`, onclick: () => desk.ask({ type: 'grant-break', of }) }, say('doGrant')), ' ',
    h('button', { class: 'link', 'data-key': `deny-${of}`, onclick: () => desk.ask({ type: 'deny-break', of }) }, say('doDeny')));

const contactWords = { waiting: 'waiting-contact', callback: 'callbackContact', dialling: 'diallingContact', offered: 'offered-contact', connected: 'connectedContact' };

export function showContacts(place, desk) {
  const { state } = desk;
  const rows = [...state.contacts.values()].sort((a, b) => a.arrivedAt - b.arrivedAt).slice(0, 200).map((contact) =>
    h('tr', {},
      h('th', { scope: 'row' }, contact.ani),
      h('td', {}, say(contactWords[contact.status] ?? contact.status), toBeCalled(desk, contact)),
      h('td', {}, contact.queue === null ? contact.node ?? '' : pick(state.queues.get(contact.queue)?.name ?? { zh: contact.queue, en: contact.queue })),
      h('td', {}, contact.agent ?? '–'),
      h('td', {}, h('time', { 'data-since': contact.arrivedAt }))));
  show(place, h('h2', {}, say('contacts')), table(['caller', 'state', 'where', 'agent', 'since'], rows, 'nobody'));
}

/** Whom we owe a call, and a supervisor's way to end that. */
const toBeCalled = (desk, { contact, status, callback }) =>
  (status === 'callback' || status === 'dialling') && h('span', { class: 'hint' }, ` ${callback.number} ${callback.attempts > 0 ? `(${callback.attempts})` : ''} `,
    desk.person.role !== 'agent' && h('button', { class: 'link', 'data-key': `withdraw-${contact}`, onclick: () => desk.ask({ type: 'withdraw', contact, reason: '' }) }, say('doWithdraw')));

const number = (value, look = '') => h('td', { class: `number-cell ${look} ${value === 0 ? 'zero' : ''}` }, String(value));

const table = (columns, rows, none) =>
  rows.length === 0
    ? h('p', { class: 'hint' }, say(none))
    : h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col' }, say(column))))), h('tbody', {}, rows)));
