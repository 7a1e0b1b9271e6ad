/** My state and what I can do now. */
import { h, show } from './dom.js';
import { pick, say } from './words.js';

export function showSelf(place, desk) {
  const { me, centre } = desk.state;
  place.hidden = !me;
  if (!me) return;
  const { presence } = me;
  show(place,
    h('h2', {}, say('myState')),
    h('div', { class: `state ${presence.status}`, 'aria-live': 'polite' },
      h('span', { class: 'name' }, say(presence.status)),
      presence.until === undefined
        ? h('time', { 'data-since': presence.since })
        : h('time', { 'data-until': presence.until }),
      presence.status === 'paused' && h('span', { class: 'reason' }, reasonOf(presence.reason, centre))),
    me.then && h('p', { class: 'then' }, `${say('afterCall')}: ${me.then.status === 'offline' ? say('thenOffline') : `${say('thenPaused')} · ${reasonOf(me.then.reason, centre)}`} `,
      h('button', { class: 'link', 'data-key': 'take-back', onclick: () => desk.ask({ type: me.then.status === 'offline' ? 'sign-in' : 'make-ready' }) }, say('takeBackThen'))),
    me.asked && presence.status !== 'paused' && h('p', { class: 'then' }, `${say('askedBreak')} · ${reasonOf(me.asked.reason, centre)} `, h('button', { class: 'link', 'data-key': 'take-back-asked', onclick: () => desk.ask({ type: 'make-ready' }) }, say('takeBackThen'))),
    me.rest && h('p', { class: 'then', 'data-rest': me.rest.because ?? '' }, `${say('resting')} `, h('time', { 'data-until': me.rest.until }), ' ', h('button', { class: 'link', 'data-key': 'end-rest', onclick: () => desk.ask({ type: 'make-ready' }) }, say('doReady'))),
    h('div', { class: 'actions' }, actionsFor(presence.status, desk)),
    presence.status !== 'offline' && me.queues.length > 1 && myQueues(desk),
    h('p', { class: `phone ${me.device}` }, `${say('phone')}: `, h('b', {}, say(`device-${me.device}`))));
}

function actionsFor(status, desk) {
  const { me } = desk.state;
  const { call } = me;
  const act = (label, alt, type, look = '') =>
    h('button', { class: `big ${look}`, 'data-key': type, 'data-alt': alt, title: `Alt+${alt.toUpperCase()}`, onclick: () => desk.ask({ type }) }, say(label), h('kbd', {}, `Alt+${alt.toUpperCase()}`));
  switch (status) {
    case 'offline':
      return [act('doSignIn', 'i', 'sign-in', 'main')];
    case 'ready':
      return [pauses(desk), act('doSignOut', 'o', 'sign-out')];
    case 'paused':
      return [act('doReady', 'r', 'make-ready', 'go'), pauses(desk), act('doSignOut', 'o', 'sign-out')];
    case 'offered':
      // One that would not answer would drop the call.
      return [me.remoteAnswer ? act('doAnswer', 'a', 'answer', 'go') : h('p', { class: 'hint' }, say('answerOnPhone')), act('doReject', 'h', 'hang-up', 'stop')];
    case 'talking':
      return [
        act('doHangUp', 'h', 'hang-up', 'stop'),
        call?.experts && h('button', { class: 'big', 'data-key': 'escalate', onclick: () => desk.ask({ type: 'escalate' }) }, `${say('doEscalate')} · ${pick(call.experts.name)}`),
        call?.recording === 'on' && act('doPauseRecording', 'p', 'pause-recording'),
        call?.recording === 'paused' && act('doResumeRecording', 'p', 'resume-recording'),
        call?.wrapUp === 'optional' && !me.wantsWrapUp && h('button', { class: 'big', 'data-key': 'ask-wrap-up', onclick: () => desk.ask({ type: 'ask-wrap-up' }) }, say('doAskWrapUp')),
        pauses(desk, 'afterCall'),
      ];
    case 'wrap-up':
      return [pauses(desk, 'afterwards')];
    default:
      return [];
  }
}

/** Which of them may ring; the last change is seen in the button itself. */
function myQueues(desk) {
  return h('fieldset', { class: 'pauses' },
    h('legend', {}, say('myQueues')),
    desk.state.me.queues.map(({ queue, name, joined }) =>
      h('button', { 'data-key': `queue-${queue}`, 'aria-pressed': joined ? 'true' : 'false', onclick: () => desk.ask({ type: joined ? 'leave-queue' : 'join-queue', queue }) }, pick(name))));
}

/** One press per reason: pausing is done hundreds of times a day. */
function pauses(desk, heading = 'doPause') {
  const { me, centre } = desk.state;
  const now = me.presence.status === 'paused' ? me.presence.reason : me.then?.reason;
  return h('fieldset', { class: 'pauses' },
    h('legend', {}, heading === 'doPause' ? say('doPause') : `${say(heading)} · ${say('doPause')}`),
    centre.pauseReasons.map(({ code, name }) =>
      h('button', { 'data-key': `pause-${code}`, disabled: code === now, 'aria-pressed': code === now ? 'true' : 'false', onclick: () => desk.ask({ type: 'pause', reason: code }) }, pick(name))));
}

/** The router's own reasons have words of the page; the others come with the configuration. */
export function reasonOf(code, centre) {
  const named = centre?.pauseReasons.find((reason) => reason.code === code);
  if (named) return pick(named.name);
  return ['signed-in', 'missed', 'rejected'].includes(code) ? say(code) : code;
}
