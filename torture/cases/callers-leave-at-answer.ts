// The caller hangs up at each millisecond around the agent's answer: BYE, 200 OK, bridge and recording cross in every order.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quickRing, type Case } from '../case.ts';
import { leavesAfterAnswer } from '../actors/hasty-callers.ts';
import { beginShift } from '../actors/shift.ts';
import { positionNow, rowsSince } from '../rows.ts';

const ringMs = 100;
/** Around the answer, which comes some milliseconds after the ringing began on the phone. */
const window = { fromMs: -30, toMs: 60 } as const;

export const callersLeaveAtAnswer: Case = {
  name: 'callers-leave-at-answer',
  says: { en: 'callers who hang up at each millisecond around the agent’s answer', zh: '主叫在座席接听前后的每一毫秒挂机' },
  stage: quickRing,
  async run({ stage, size }) {
    const position = await positionNow(stage);
    const shift = await beginShift(stage, [{ agents: stage.agents, script: { ringMs, speaking: true } }]);
    const moments = Array.from({ length: window.toMs - window.fromMs + 1 }, (_, index) => ringMs + window.fromMs + index);
    const rounds = size === 'short' ? 1 : 20;
    const all = Array.from({ length: rounds }, () => moments).flat();
    const file = join(await stage.folder('moments'), 'moments.csv');
    await writeFile(file, ['SEQUENTIAL', ...all.map((ms, call) => `${ms};137${String(call).padStart(8, '0')};`), ''].join('\n'));
    const callers = await stage.callers({ calls: all.length, callsPerSecond: 20, scenario: leavesAfterAnswer(), args: ['-inf', file], limitSeconds: 150 });
    const { successful, errors } = await callers.outcome;
    await shift.end();
    if (successful !== all.length) throw new Error(`${successful} of ${all.length} callers could hang up: ${errors.slice(0, 500)}`);
    const { contacts, offers } = await rowsSince(stage.db, stage.config.centre.id, position);
    const odd = contacts.filter(({ reason, during, connected_at }) => reason !== 'caller-hung-up' || during !== (connected_at === null ? 'queue' : 'talk'));
    if (odd.length > 0) throw new Error(`${odd.length} ended otherwise: ${odd[0]?.reason} in ${odd[0]?.during}`);
    const talked = contacts.filter(({ connected_at }) => connected_at !== null).length;
    const outcomes = new Set(offers.map(({ outcome }) => outcome));
    // Both sides of the edge were met, or the case was about nothing.
    if (talked === 0 || talked === contacts.length) throw new Error(`${talked} of ${contacts.length} were answered: the window is not around the answer`);
    if (![...outcomes].every((outcome) => outcome === 'accepted' || outcome === 'withdrawn')) throw new Error(`offers ended ${[...outcomes].join(', ')}`);
    // A talk of some milliseconds may leave no sample; then the row says so.
    return { placed: all.length, figures: { talkedShare: talked / contacts.length } };
  },
};
