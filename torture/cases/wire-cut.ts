// The connection to Asterisk is reset at one order after the other, while calls come: before the order gets there, right
// behind it, and when it has been done and only its answer is lost. No call may be lost by it, none be made twice.

import { until } from '../../runtime/until.ts';
import type { Stage } from '../../stage/stage.ts';
import { wired, type Case } from '../case.ts';
import { gather } from '../crowd.ts';

/** Longer than a reconnect, so that those who were joined late still talk. */
const talkMs = 2_000;

/** What the decider's orders are on ARI, but for `play` of prompts, which are the flows'. */
const overAri: Readonly<Record<string, RegExp>> = {
  answer: /^POST channels\/[^/]+\/answer/,
  'start-music': /^POST channels\/[^/]+\/moh/,
  ring: /^POST channels\/rx-a-[^/?]+\?/,
  'stop-music': /^DELETE channels\/[^/]+\/moh/,
  'connect, the bridge': /^POST bridges\/[^/?]+\?/,
  'connect, the legs': /^POST bridges\/[^/]+\/addChannel/,
  play: /^POST channels\/[^/]+\/play/,
  'hang-up': /^DELETE channels\/[^/?]+\?/,
  dissolve: /^DELETE bridges\//,
};
const overAmi: Readonly<Record<string, string>> = {
  claim: 'TIMEOUT(absolute)',
  'write-ticket': 'REXIAN_TICKET',
  'start-recording': 'Action: MixMonitor\r\n',
  // Asked by a desktop or a requeue only, and not tried here: pause, resume, stop, answer-phone.
};
const callEveryMs = 1_500;
const moments = { short: ['answered'], long: ['unsent', 'sent', 'answered'] } as const;

const cutCase = (name: string, says: Case['says'], cuts: (stage: Stage, when: 'unsent' | 'sent' | 'answered') => readonly (readonly [string, () => { readonly done: Promise<void> }])[]): Case => ({
  name, says, stage: wired,
  async run({ stage, size, say }) {
    const crowd = await gather(stage, { talking: 4, waiting: 0, talkMs });
    for (const when of moments[size]) {
      for (const [order, arm] of cuts(stage, when)) {
        say({ en: `${order}: ${when}`, zh: `${order}：${when}` });
        const cut = arm();
        // While AMI is not back from the cut before, what it takes goes over ARI; then another call must bring the order.
        await until(async () => {
          await crowd.call({ calls: 1 });
          return Promise.race([cut.done.then(() => true as const), new Promise<undefined>((resolve) => setTimeout(resolve, callEveryMs, undefined))]);
        }, { limitMs: 15_000, what: `a cut at ${order}, ${when}` });
        await until(async () => ((await fetch(`${stage.service.url}/health/ready`)).status === 200 || undefined), { limitMs: 5_000, what: `ready again after the cut at ${order}, ${when}` });
      }
    }
    await crowd.served();
    await crowd.talksWhole();
    await crowd.leave();
    // A talk may be over before AMI is back from the cut, and AMI alone can begin to record.
    return { placed: crowd.placed(), recordingsMayFail: true };
  },
});

export const wireCutAri = cutCase('wire-cut-ari', { en: 'ARI is reset at each order in turn: done, and its answer lost', zh: 'ARI 依次在每种指令处被重置：已执行，应答丢失' }, ({ wires: { ari } }, when) =>
  Object.entries(overAri).map(([order, request]) => [order, () => ari?.cutAt({ request, when }) ?? none()]));
export const wireCutAmi = cutCase('wire-cut-ami', { en: 'AMI is reset at each order in turn: done, and its answer lost', zh: 'AMI 依次在每种指令处被重置：已执行，应答丢失' }, ({ wires: { ami } }, when) =>
  Object.entries(overAmi).map(([order, pattern]) => [order, () => ami?.cutAt({ pattern, when }) ?? none()]));

function none(): never {
  throw new Error('the stage has no wire');
}
