/** The agent's page: sign in, then everything follows from the CTI socket. */
import { showCard } from './card.js';
import { Connection } from './connection.js';
import { h, show } from './dom.js';
import { showSelf } from './self.js';
import { showSignIn } from './sign-in.js';
import { apply, emptyState } from './state.js';
import { showAgents, showContacts, showQueues } from './wall.js';
import { chooseLanguage, currentLanguage, pick, say, saySpan } from './words.js';
import { showWrapUp } from './wrap-up.js';

const top = document.getElementById('top');
const page = document.getElementById('page');
const notices = document.getElementById('notices');

/** Null while nobody is signed in. */
let desk = null;

void start();

async function start() {
  drawTop();
  const response = await fetch('/api/session').catch(() => null);
  if (response?.ok) openDesk(await response.json());
  else showSignIn(page, openDesk);
}

function openDesk(person) {
  const state = emptyState();
  const connection = new Connection({
    welcome: (welcome) => (desk.person = welcome),
    change: (message) => draw(apply(state, message)),
    state: (line) => {
      desk.line = line;
      drawTop();
      if (line === 'replaced') drawReplaced();
    },
    over: () => leaveDesk(),
  });
  desk = { person, state, connection, line: 'connecting', places: null, ask };
  drawTop();
  void connection.open();

  async function ask(command) {
    const reply = await connection.ask(command);
    if (!reply.ok) notice(reply.text ? pick(reply.text) : say('connecting'));
    return reply.ok;
  }
}

function leaveDesk() {
  desk?.connection.close();
  desk = null;
  document.title = 'Rexian 热线';
  drawTop();
  showSignIn(page, openDesk);
}

function draw(changed) {
  const { state } = desk;
  if (changed.includes('all') || !desk.places) lay();
  const all = changed.includes('all');
  if (all || changed.includes('me')) {
    showSelf(desk.places.self, desk);
    showWrapUp(desk.places.wrapUp, desk);
    drawTop();
  }
  if (all || changed.includes('card') || changed.includes('me')) showCard(desk.places.card, desk);
  if (all || changed.includes('queues')) showQueues(desk.places.queues, desk);
  if (all || changed.includes('agents')) showAgents(desk.places.agents, desk);
  if (all || changed.includes('contacts')) showContacts(desk.places.contacts, desk);
  const ringing = state.me?.presence.status === 'offered' && state.card;
  document.title = ringing ? `☎ ${state.card.ani} · ${say('incoming')}` : `${desk.person.agent} · Rexian 热线`;
  tick();
}

function lay() {
  const section = (name) => h('section', { class: name });
  desk.places = { self: section('panel self'), wrapUp: section('panel wrap-up'), card: section('panel card'), queues: section('panel queues'), agents: section('panel agents'), contacts: section('panel contacts') };
  const { self, wrapUp, card, queues, agents, contacts } = desk.places;
  const sees = desk.person.role !== 'agent';
  page.className = sees ? 'desk sees-all' : 'desk';
  page.replaceChildren(h('div', { class: 'column mine' }, self), h('div', { class: 'column call' }, wrapUp, card), h('div', { class: 'column live' }, queues, sees && agents, sees && contacts));
}

function drawTop() {
  const { person, state, line } = desk ?? {};
  document.documentElement.lang = currentLanguage() === 'zh' ? 'zh-CN' : 'en';
  const other = currentLanguage() === 'zh' ? ['en', 'English'] : ['zh', '中文'];
  show(top,
    h('div', { class: 'brand' }, h('img', { src: 'icon.svg', alt: '', width: 28, height: 28 }), h('strong', {}, 'Rexian 热线'), state?.centre && h('span', { class: 'centre' }, pick(state.centre.name))),
    h('div', { class: 'who' },
      desk && line !== 'replaced' && h('span', { class: `line ${line}` }, say(line === 'connected' ? 'connected' : 'connecting')),
      desk && h('span', { class: 'person' }, `${pick(person.name)} `, h('b', {}, person.agent)),
      h('button', { 'data-key': 'language', class: 'quiet', lang: other[0], onclick: () => switchLanguage(other[0]) }, other[1]),
      desk && h('button', { 'data-key': 'leave', class: 'quiet', onclick: signOut }, say('leavePage'))),
    state && !state.switchUp && line === 'connected' && h('p', { class: 'alarm', role: 'alert' }, say('switchDown')),
    state && line === 'connected' && state.alarms.map(({ text, trunk, ani, agent, queue, since }) =>
      h('p', { class: 'alarm', role: 'alert' }, [pick(text), trunk ?? ani ?? agent ?? queue, ''].filter((part) => part !== null).join(' '), h('time', { 'data-since': since }))));
}

function switchLanguage(next) {
  chooseLanguage(next);
  drawTop();
  if (!desk) showSignIn(page, openDesk);
  else if (desk.line === 'replaced') drawReplaced();
  else if (desk.places) draw(['all']);
}

async function signOut() {
  await fetch('/api/session', { method: 'DELETE' }).catch(() => null);
  leaveDesk();
}

function drawReplaced() {
  page.className = 'alone';
  show(page, h('section', { class: 'panel sign-in' }, h('p', {}, say('elsewhere')), h('button', { class: 'big main', onclick: () => openDesk(desk.person) }, say('takeBack'))));
  desk.places = null;
}

function notice(text) {
  const line = h('div', { class: 'notice' }, text);
  notices.append(line);
  setTimeout(() => line.remove(), 5000);
}

/** Every element with a since or until shows its time; nothing else is drawn anew. */
function tick() {
  if (!desk) return;
  const now = desk.connection.now();
  for (const element of document.querySelectorAll('[data-since]')) element.textContent = saySpan(now - Number(element.dataset.since));
  for (const element of document.querySelectorAll('[data-until]')) element.textContent = saySpan(Number(element.dataset.until) - now + 999);
}
setInterval(tick, 1000);

/** Alt and the letter on the button, so that the mouse is not needed in a call. */
document.addEventListener('keydown', (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const button = document.querySelector(`button[data-alt="${CSS.escape(event.code.replace('Key', '').toLowerCase())}"]:not(:disabled)`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
