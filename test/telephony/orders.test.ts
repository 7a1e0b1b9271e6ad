import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { agentId, bridgeId, contactId, legId, playId, recordingId } from '../../src/base/ids.ts';
import type { AriAnswer } from '../../src/telephony/ari/connection.ts';
import { addressOf } from '../../src/telephony/ari/connection.ts';
import { newLeg } from '../../src/telephony/legs.ts';
import { callsFor } from '../../src/telephony/orders.ts';
import type { OrderContext } from '../../src/telephony/orders.ts';
import { outcomeOfAmi, outcomeOfAri } from '../../src/telephony/outcome.ts';
import type { Order } from '../../src/telephony/port.ts';

const leg = legId('rexian-1795372061.0');
const contact = contactId('c-rexian-1795372061-0');
const to = legId('rx-a-c-rexian-1795372061-0-1');
const recorded = JSON.parse(readFileSync(new URL('recorded/answers.json', import.meta.url), 'utf8')) as Record<string, AriAnswer>;

function context(changes: Partial<OrderContext> = {}): OrderContext {
  return { app: 'rexian', legs: new Map(), resolve: (media) => (media.say === 'prompt' ? [media.name] : []), recordingsDir: '/srv/recordings', amiUp: () => true, ...changes };
}

/** What goes over the wire, one line a call. */
function wire(order: Order, within = context()): string[] {
  return callsFor(order, within).map((call) =>
    call.via === 'ari' ? `${call.request.method} ${addressOf(call.request)}` : Object.entries(call.action).map(([name, value]) => `${name}: ${value}`).join(' | '));
}

const play = (name: string): Order => ({ type: 'play', leg, play: playId('rx-p-1'), media: [{ say: 'prompt', name, language: 'zh' }] });

describe('on the wire', () => {
  test('a ring says who calls, for how long, and comes back to us', () => {
    const order: Order = { type: 'ring', leg: to, to: { kind: 'agent', agent: agentId('1001') }, caller: '+86 139<sip:x>', contact, timeoutMs: 15_200 };
    const within = context();
    expect(wire(order, within)).toEqual([`POST channels/${to}?endpoint=PJSIP%2F1001&app=rexian&appArgs=agent&formats=alaw%2Culaw&timeout=16&callerId=%2B86139sipx`]);
    expect(within.legs.get(to)).toMatchObject({ role: 'agent', up: false });
  });

  test('a phone that is to answer by itself is told so in the words of each maker', () => {
    const order: Order = { type: 'ring', leg: to, to: { kind: 'agent', agent: agentId('1001') }, caller: '', contact, timeoutMs: 1_000, autoAnswer: true };
    const [call] = callsFor(order, context());
    expect(call?.via === 'ari' && call.request.body).toEqual({ variables: { 'PJSIP_HEADER(add,Call-Info)': '<sip:rexian>;answer-after=0', 'PJSIP_HEADER(add,Alert-Info)': '<http://rexian>;info=alert-autoanswer;delay=0' } });
  });

  test('a phone that rang beside others is told that one of them was answered', () => {
    expect(wire({ type: 'hang-up', leg: to, because: 'answered-elsewhere' })).toEqual([`DELETE channels/${to}?reason=answered_elsewhere`]);
  });

  test('a number goes through its trunk, or to a phone of ours', () => {
    const ring = (trunk?: string): Order => ({ type: 'ring', leg: legId('rx-t-1'), to: { kind: 'number', number: '13912345678', ...(trunk === undefined ? {} : { trunk }) }, caller: '', contact, timeoutMs: 1_000 });
    expect(wire(ring('carrier'))[0]).toContain('endpoint=PJSIP%2F13912345678%40carrier&');
    expect(wire(ring())[0]).toContain('endpoint=PJSIP%2F13912345678&');
  });

  test('an agent is rung at a number through a trunk, and the leg is an agent’s', () => {
    const within = context();
    expect(wire({ type: 'ring', leg: to, to: { kind: 'number', number: '13800001234', trunk: 'carrier' }, caller: '', contact, timeoutMs: 1_000 }, within)[0]).toContain('endpoint=PJSIP%2F13800001234%40carrier&app=rexian&appArgs=agent&');
    expect(within.legs.get(to)?.role).toBe('agent');
  });

  test('sounds go in one request, below their folder', () => {
    expect(wire(play('rexian/zh/welcome-1f3a'), context({ soundsDir: '/srv/sounds' }))).toEqual([`POST channels/${leg}/play?media=sound%3A%2Fsrv%2Fsounds%2Frexian%2Fzh%2Fwelcome-1f3a&playbackId=rx-p-1`]);
  });

  test('a play on a leg with music brings the music back by itself', () => {
    const legs = new Map([[leg, { ...newLeg('caller', { up: true }), music: 'default' }]]);
    expect(wire(play('a'), context({ legs })).map((line) => line.replace(/\?.*/, ''))).toEqual([`DELETE channels/${leg}/moh`, `POST channels/${leg}/play`, `POST channels/${leg}/moh`]);
  });

  test('ringing is begun and ended as such, and comes back by itself after a play', () => {
    const legs = new Map([[leg, newLeg('caller')]]);
    const within = context({ legs });
    const without = (order: Order): string[] => wire(order, within).map((line) => line.replace(/\?.*/, ''));
    expect(without({ type: 'start-music', leg, music: 'ringing' })).toEqual([`POST channels/${leg}/ring`]);
    expect(without(play('a'))).toEqual([`DELETE channels/${leg}/ring`, `POST channels/${leg}/play`, `POST channels/${leg}/ring`]);
    expect(without({ type: 'start-music', leg, music: 'default' })).toEqual([`DELETE channels/${leg}/ring`, `POST channels/${leg}/moh`]);
    expect(without({ type: 'start-music', leg, music: 'ringing' })).toEqual([`DELETE channels/${leg}/moh`, `POST channels/${leg}/ring`]);
    expect(without({ type: 'stop-music', leg })).toEqual([`DELETE channels/${leg}/ring`]);
    // Begun by a process that is no more.
    expect(without({ type: 'stop-music', leg })).toEqual([`DELETE channels/${leg}/moh`, `DELETE channels/${leg}/ring`]);
  });

  test('what plays is stopped before the legs are bridged, because a playing channel takes no command', () => {
    const playing = newLeg('caller', { up: true });
    playing.plays.set(playId('rx-p-7'), { stopped: false });
    expect(wire({ type: 'connect', bridge: bridgeId('rx-b-1'), legs: [leg, to] }, context({ legs: new Map([[leg, playing]]) }))).toEqual([
      'DELETE playbacks/rx-p-7', 'POST bridges/rx-b-1?type=mixing', `POST bridges/rx-b-1/addChannel?channel=rexian-1795372061.0%2C${to}`,
    ]);
    expect(playing.plays.get(playId('rx-p-7'))).toEqual({ stopped: true });
  });

  test('given again, a play, a recording and an answer do nothing', () => {
    const within = context({ legs: new Map([[leg, newLeg('caller', { up: true })]]) });
    const start: Order = { type: 'start-recording', recording: recordingId('rx-r-1'), leg };
    expect([wire(play('a'), within).length, wire(play('a'), within).length]).toEqual([1, 0]);
    expect(wire(start, within)).toEqual([`Action: MixMonitor | Channel: ${leg} | File: /srv/recordings/rx-r-1.raw | Options: D`]);
    expect(wire(start, within)).toEqual([]);
    expect(wire({ type: 'answer', leg }, within)).toEqual([]);
  });

  test('variables travel beside the channel where AMI is there', () => {
    expect(wire({ type: 'claim', leg })).toEqual([`Action: Setvar | Channel: ${leg} | Variable: TIMEOUT(absolute) | Value: 0`]);
    expect(wire({ type: 'claim', leg }, context({ amiUp: () => false }))).toEqual([`POST channels/${leg}/variable?variable=TIMEOUT%28absolute%29&value=0`]);
  });
});

describe('never sent', () => {
  const bad = ['..%2f..%2fasterisk', '../x', 'a/b', 'a b', 'a\r\nAction: Command', '${SHELL(id)}', 'a&b', 'a,b', '', 'x'.repeat(200), 'a..b'];
  test.each(bad)('the id %j', (id) => {
    const orders: Order[] = [
      { type: 'claim', leg: legId(id) }, { type: 'answer', leg: legId(id) }, { type: 'start-music', leg: legId(id), music: 'default' }, { type: 'hang-up', leg: legId(id), because: 'normal' },
      { type: 'dissolve', bridge: bridgeId(id) }, { type: 'connect', bridge: bridgeId('rx-b-1'), legs: [leg, legId(id)] }, { type: 'stop-play', leg, play: playId(id) },
      { type: 'start-recording', recording: recordingId(id), leg }, { type: 'stop-recording', recording: recordingId('rx-r-1'), leg: legId(id) },
      { type: 'ring', leg: legId(id), to: { kind: 'agent', agent: agentId('1001') }, caller: '', contact, timeoutMs: 1 },
    ];
    for (const order of orders) expect(() => callsFor(order, context())).toThrow(/not acceptable/);
  });

  test.each(['http://x/y', 'sound:x', '/etc/passwd', '../x', 'a/../b', 'a/./b', 'a,b', 'a&b', ''])('the sound %j', (name) => {
    expect(() => callsFor(play(name), context())).toThrow(/not acceptable/);
  });

  test.each(['1001&PJSIP/1002', '1001@evil.example', '1001/sip:x', '${EXTEN}', '+', '1'.repeat(21), ''])('the number %j', (number) => {
    expect(() => callsFor({ type: 'ring', leg: to, to: { kind: 'number', number }, caller: '', contact, timeoutMs: 1 }, context())).toThrow(/not acceptable/);
  });

  test('a leg to ring whose id is not one of ours', () => {
    expect(() => callsFor({ type: 'ring', leg, to: { kind: 'agent', agent: agentId('1001') }, caller: '', contact, timeoutMs: 1 }, context())).toThrow(/not acceptable/);
  });

  test('a play of nothing', () => {
    expect(() => callsFor({ type: 'play', leg, play: playId('rx-p-1'), media: [] }, context())).toThrow(/not acceptable/);
  });
});

describe('recorded answers', () => {
  const ari = (order: Order, answer: AriAnswer | undefined, which = 0) => {
    const call = callsFor(order, context())[which];
    if (call?.via !== 'ari' || answer === undefined) throw new Error('no such call');
    return outcomeOfAri(call, answer);
  };
  const connect: Order = { type: 'connect', bridge: bridgeId('rx-b-1'), legs: [leg, to] };
  const ring: Order = { type: 'ring', leg: to, to: { kind: 'agent', agent: agentId('1002') }, caller: '', contact, timeoutMs: 1 };

  test('a missing channel is gone, and ending it is done', () => {
    expect(ari({ type: 'answer', leg }, recorded['missing'])).toEqual({ result: 'failed', reason: 'gone', detail: '404 Channel not found' });
    expect(ari({ type: 'hang-up', leg, because: 'normal' }, recorded['missing'])).toEqual({ result: 'done' });
    expect(ari(connect, recorded['add-missing'], 1)).toMatchObject({ result: 'failed', reason: 'gone' });
  });

  test('a phone without registration is unreachable', () => {
    expect(ari(ring, recorded['unregistered'])).toEqual({ result: 'unreachable' });
  });

  test('a bridge that exists is made', () => {
    expect(ari(connect, recorded['id-exists'])).toEqual({ result: 'done' });
  });

  test('no answer is disconnected, and another refusal is refused', () => {
    expect(ari(ring, { answered: false, why: 'disconnected' })).toMatchObject({ reason: 'disconnected' });
    expect(ari(ring, { answered: true, status: 400, body: { message: 'Invalid endpoint specified' } })).toMatchObject({ reason: 'refused' });
  });

  test('AMI says gone in words', () => {
    const [call] = callsFor({ type: 'claim', leg }, context());
    if (call?.via !== 'ami') throw new Error('not over AMI');
    expect(outcomeOfAmi(call, { answered: true, ok: false, message: 'No such channel' })).toMatchObject({ reason: 'gone' });
    expect(outcomeOfAmi(call, { answered: true, ok: false, message: 'Permission denied' })).toMatchObject({ reason: 'refused' });
  });
});
