// kill -9 with people everywhere in the centre. Asterisk holds the calls, Redis the state, and another process goes on.

import { asteriskCli } from '../../stage/asterisk-cli.ts';
import { straight } from '../../stage/centre-files.ts';
import type { Stage } from '../../stage/stage.ts';
import { house, type Case, type Ground, type Played } from '../case.ts';
import { hangUp } from '../actors/shift.ts';
import { gather } from '../crowd.ts';
import { listenToMusic } from '../music.ts';
import { positionNow, rowsSince, type Position } from '../rows.ts';
import { look } from '../seen.ts';
import { changed, doubled, standing } from '../standing.ts';

/** The last of them ends while nobody is there, so that an agent is free for whoever waits longest. */
const talking = 11;
const waiting = 20;
const meanwhile = 5;
/** Until they are told to hang up. */
const talkMs = 120_000;
/** Everybody who waits is served by the rest of the house then, and briefly. */
const shortTalkMs = 1_000;

export const serviceKilled: Case = {
  name: 'service-killed',
  says: { en: 'kill -9 of the service with 11 talking and 20 waiting; a second process stands by', zh: '11 人通话、20 人排队时强杀服务进程；有备用进程' },
  stage: doubled,
  run: (ground) => killed(ground, async () => undefined),
};

export const serviceKilledAlone: Case = {
  name: 'service-killed-alone',
  says: { en: 'the same with nobody who stands by: the service is started anew', zh: '同上，没有备用进程：服务重新启动' },
  stage: house,
  run: (ground) => killed(ground, async (stage) => void (await stage.startAgain())),
};

async function killed({ stage, say }: Ground, revive: (stage: Stage) => Promise<void>): Promise<Played> {
  const crowd = await gather(stage, { talking, waiting, talkMs });
  const [before, position, music] = [await standing(stage), await positionNow(stage), await listenToMusic(stage)];
  const [hangsUp, served] = await someoneTalking(stage);

  const killedAt = Date.now();
  await stage.service.kill('SIGKILL');
  say({ en: 'killed; one caller hangs up and five call', zh: '已强杀；一人挂机，五人来电' });
  await asteriskCli(stage.runtime, `channel request hangup ${hangsUp.channel}`);
  await crowd.call({ calls: meanwhile, number: straight.low, callsPerSecond: 50 });
  await revive(stage);
  const seen = await crowd.until('those who called meanwhile wait', ({ contacts, offers }) => contacts.length === talking + waiting + meanwhile - 1 && offers.length + contacts.filter(({ state }) => state.status === 'connected').length >= talking);
  const { streams, longestSilenceMs } = await music.stop();

  const next = before.line[0] ?? '';
  const wrong = changed(before, await standing(stage), [hangsUp.contact, served, next]);
  if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));
  if (streams < waiting - 1) throw new Error(`${streams} of ${waiting} who waited heard music all the time`);
  if (longestSilenceMs > 500) throw new Error(`the music was silent for ${longestSilenceMs} ms`);
  const routedAgainMs = await firstOffer(stage, position, next) - killedAt;

  await Promise.all(stage.agents.slice(0, talking).map((agent) => hangUp(stage, agent)));
  const others = stage.agents.slice(talking);
  const phones = await stage.phones(others, { ringMs: 50, talkMs: shortTalkMs, speaking: true });
  const desktops = await stage.ready(others);
  await crowd.served();
  await Promise.all(desktops.map(async (desktop) => {
    await desktop.command({ type: 'sign-out' });
    await desktop.close();
  }));
  await phones.stop();
  await crowd.leave();
  await totals(stage, position, seen.contacts.length);
  return { placed: crowd.placed(), figures: { routedAgainMs, longestSilenceMs } };
}

/** One of the talkers: their channel, and the agent with them. */
async function someoneTalking(stage: Stage): Promise<[{ channel: string; contact: string }, agent: string]> {
  const { contacts } = await look(stage);
  const one = contacts.find(({ state }) => state.status === 'connected');
  if (one?.state.status !== 'connected') throw new Error('nobody talks');
  const channel = (await stage.ask<{ id: string; name: string }>('channels')).find(({ id }) => id === one.leg)?.name ?? '';
  return [{ channel, contact: one.id }, one.state.agent];
}

/** When whoever waited longest was offered to the agent who became free, by the new owner's own word. */
async function firstOffer(stage: Stage, position: Position, contact: string): Promise<number> {
  const { events } = await rowsSince(stage.db, stage.config.centre.id, position);
  const offer = events.find(({ type, contact: of }) => type === 'offer-made' && of === contact);
  if (offer === undefined) throw new Error(`${contact} waited longest and was not offered first`);
  return offer.at.getTime();
}

/** As in an undisturbed run: everybody answered once, by one offer each, with one recording each. */
async function totals(stage: Stage, position: Position, expected: number): Promise<void> {
  const { events, contacts } = await rowsSince(stage.db, stage.config.centre.id, position);
  const count = (type: string): number => events.filter((event) => event.type === type).length;
  const ends = contacts.filter(({ during, reason }) => during !== 'talk' || reason !== 'agent-hung-up');
  const found = { offers: count('offer-made'), answered: count('contact-connected'), recordings: count('recording-started'), requeued: count('contact-requeued') };
  const served = waiting + meanwhile;
  if (found.offers !== served || found.answered !== served || found.recordings !== served || found.requeued !== 0) throw new Error(`of ${served} who waited: ${JSON.stringify(found)}`);
  if (ends.length !== 1 || contacts.length !== expected + 1) throw new Error(`${contacts.length} contacts, of whom ${JSON.stringify(ends.map(({ id, during, reason }) => ({ id, during, reason })))} did not end as in an undisturbed run`);
}
