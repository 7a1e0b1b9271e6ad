/** The screen-pop: who calls, why, and what was before. Shown from the ring to the end of the wrap-up. */
import { h, show } from './dom.js';
import { pick, say, sayDate, saySpan } from './words.js';

const recordingWords = { on: 'recordingOn', paused: 'recordingPaused', failed: 'recordingFailed' };

export function showCard(place, desk) {
  const { card, me } = desk.state;
  const status = me?.presence.status;
  const ringing = status === 'offered';
  place.classList.toggle('ringing', Boolean(card) && ringing);
  // A supervisor who takes no calls needs no place for them.
  place.hidden = !card && desk.person.role !== 'agent' && (!me || status === 'offline');
  if (!card) {
    place.removeAttribute('role');
    return show(place, h('div', { class: 'empty' }, h('p', {}, say('noCall')), h('p', { class: 'hint' }, say('noCallHint'))));
  }
  if (ringing) place.setAttribute('role', 'alert');
  const talking = status === 'talking' && me.call;
  show(place,
    h('div', { class: 'card-top' },
      h('h2', {}, say(ringing ? (card.callback ? 'incomingCallback' : 'incoming') : talking ? (me.call.dialling ? 'diallingContact' : 'inCall') : 'wrap-up')),
      talking && h('time', { 'data-since': me.call.connectedAt }),
      talking && me.call.recording !== 'off' && h('span', { class: `recording ${me.call.recording}` }, say(recordingWords[me.call.recording]))),
    h('p', { class: 'number' }, card.callback?.number ?? card.ani),
    h('div', { class: 'about' }, customerOf(card), h('dl', {},
      fact('queue', pick(card.queueName)),
      fact('waited', saySpan(card.waitMs)),
      fact('language', say(card.language)),
      fact('pathTaken', path(card.path), 'wide'),
      Object.keys(card.data).length > 0 && fact('collected', Object.entries(card.data).map(([name, value]) => `${name}: ${value}`).join(' · '), 'wide'))),
    card.record && earlierOf(card.record.earlier, desk));
}

const fact = (label, value, look = '') => h('div', { class: look }, h('dt', {}, say(label)), h('dd', {}, value));

const path = (steps) => h('span', { class: 'path' }, steps.map(({ node, took }) => h('span', { class: 'step' }, node, took && h('kbd', {}, took))));

function customerOf({ record }) {
  if (!record) return h('p', { class: 'customer looking' }, say('lookingUp'));
  const { customer } = record;
  if (!customer) return h('p', { class: 'customer' }, h('span', { class: 'customer-name' }, say('stranger')));
  const more = Object.entries(customer.data);
  return h('div', { class: 'customer' },
    h('p', {}, h('span', { class: 'customer-name' }, customer.name), customer.tier && h('span', { class: 'tier' }, customer.tier.toUpperCase())),
    customer.note && h('p', { class: 'customer-note' }, customer.note),
    more.length > 0 && h('dl', {}, more.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
}

function earlierOf(contacts, { state }) {
  const dispositions = new Map(state.centre.dispositions.map(({ code, name }) => [code, pick(name)]));
  return h('div', { class: 'earlier' },
    h('h3', {}, say('earlier')),
    contacts.length === 0
      ? h('p', { class: 'hint' }, say('noEarlier'))
      : h('ul', {}, contacts.map((contact) => h('li', {},
          h('span', {}, sayDate(contact.arrivedAt)),
          h('span', {}, contact.answered ? `${say('byAgent')} ${contact.agent ?? '–'}` : say('unanswered')),
          h('span', {}, [dispositions.get(contact.disposition) ?? contact.disposition, contact.note].filter(Boolean).join(' · ') || '–')))));
}
