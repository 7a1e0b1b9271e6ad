/**
 * The agent's phone answers and says goodbye within 50 ms, or before its answer was acknowledged. Now and then (once in
 * the first 4,580 calls of this case) Asterisk 22.10 keeps the phone's channel, in no bridge, and not even a hang-up
 * removes it. The caller and the agent are freed of it after 4 s; the channel stays, and promises 1, 2 and 8 say so.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callerScenario, talkingNumber } from '../../stage/scenarios.ts';
import type { StageOptions } from '../../stage/stage.ts';
import { oddPhones } from '../actors/odd-phones.ts';
import { beginShift } from '../actors/shift.ts';
import { reasonsOf } from '../behind-the-door.ts';
import type { Case } from '../case.ts';
import { positionNow, rowsSince } from '../rows.ts';

/**
 * Who hangs up that fast is rung again before a busy Asterisk has cleared the last call away, and from outside that looks
 * like two calls at once. With a moment between calls it does not.
 */
const withBreath: StageOptions = { agents: 30, ringSeconds: 3, wrapUpMs: 1_000 };
const staysMsMax = 50;
/**
 * The short form meets Asterisk's fault once in some two hundred times. A goodbye before the ACK, which no phone may send,
 * can overtake its own answer; Asterisk refuses it then, and only 20 s without voice tell that nobody is there.
 */
const sizes = { short: { calls: 24, callsPerSecond: 20, beforeTheAck: false }, long: { calls: 1_000, callsPerSecond: 20, beforeTheAck: true } } as const;
/** The bridge is looked at, the leg outside hung up, and told as gone if that was in vain; each time 2 s. */
const silenceMsMax = 5_000;

export const phonesLeaveAtOnce: Case = {
  name: 'phones-leave-at-once',
  says: { en: 'phones that answer and hang up within 50 ms, or before the ACK', zh: '话机接听后 50 毫秒内挂机，或在 ACK 之前挂机' },
  stage: withBreath,
  async run({ stage, size }) {
    const { calls, callsPerSecond, beforeTheAck } = sizes[size];
    const position = await positionNow(stage);
    const saidBefore = (await readFile(stage.service.logFile, 'utf8')).length;
    const third = stage.agents.length / 3;
    const shift = await beginShift(stage, [
      { agents: stage.agents.slice(0, third), script: { ringMs: 100, talkMs: 'callers-number' } },
      { agents: stage.agents.slice(third, 2 * third), script: { ringMs: 1, talkMs: 'callers-number' } },
      ...(beforeTheAck ? [{ agents: stage.agents.slice(2 * third), script: oddPhones['leaves-before-the-ack']() }] : []),
    ]);
    const numbers = join(await stage.folder('numbers'), 'numbers.csv');
    await writeFile(numbers, ['SEQUENTIAL', ...Array.from({ length: calls }, (_, call) => `${talkingNumber(call % (staysMsMax + 1), call)};`), ''].join('\n'));
    const callers = await stage.callers({ calls, callsPerSecond, scenario: callerScenario({}, '[field0]'), limitSeconds: 150, args: ['-inf', numbers] });
    const { successful, errors } = await callers.outcome;
    await shift.end();
    if (successful !== calls) throw new Error(`${successful} of ${calls} callers came to a good end: ${errors.slice(0, 500)}`);
    const reasons = await reasonsOf(stage, position);
    if (reasons['agent-hung-up'] !== calls) throw new Error(`${calls} agents hung up, Postgres has ${JSON.stringify(reasons)}`);
    const { events } = await rowsSince(stage.db, stage.config.centre.id, position);
    const silenceMs = Math.max(...events.filter(({ type }) => type === 'contact-ended').map(({ body }) => Number(body['talkMs'])));
    const said = (await readFile(stage.service.logFile, 'utf8')).slice(saidBefore);
    const times = (text: string): number => said.split(text).length - 1;
    const backInLine = events.filter(({ type }) => type === 'contact-requeued').length;
    if (silenceMs > silenceMsMax) throw new Error(`a caller was left with nobody for ${silenceMs} ms`);
    // A leg that never came into its bridge left nothing to record.
    return { placed: calls, recordingsMayFail: true, figures: { backInLine, leftOut: times('not in its bridge'), lost: times('cannot be hung up'), silenceMs } };
  },
};
