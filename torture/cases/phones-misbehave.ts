// Phones that answer 486, 603, 404, nothing, 180 for ever, or never hear that their answer was heard, among good ones.

import { quickRing, type Case } from '../case.ts';
import { oddPhones, type OddPhone } from '../actors/odd-phones.ts';
import { beginShift } from '../actors/shift.ts';
import { positionNow, rowsSince } from '../rows.ts';

/** What becomes of an offer to each; a caller who left meanwhile is nobody's fault. */
const outcomes: Partial<Readonly<Record<OddPhone, string>>> = {
  busy: 'busy',
  declines: 'rejected',
  'not-found': 'unreachable',
  silent: 'no-answer',
  'rings-for-ever': 'no-answer',
  'hears-no-ack': 'accepted',
};
const ofEach = 2;
const good = 10;
/** Past two phones that ring in vain, one after the other, and a talk. */
const patienceMs = 8_000;

export const phonesMisbehave: Case = {
  name: 'phones-misbehave',
  says: { en: 'phones that answer 486, 603, 404, nothing, 180 for ever, or never get the ACK', zh: '话机返回 486、603、404、无应答、一直 180，或收不到 ACK' },
  stage: quickRing,
  async run({ stage, size }) {
    const position = await positionNow(stage);
    const kinds = Object.keys(outcomes) as OddPhone[];
    const agentsOf = new Map(kinds.map((kind, index) => [kind, stage.agents.slice(index * ofEach, (index + 1) * ofEach)]));
    const shift = await beginShift(stage, [
      ...kinds.map((kind) => ({ agents: agentsOf.get(kind) ?? [], script: oddPhones[kind]() })),
      { agents: stage.agents.slice(kinds.length * ofEach, kinds.length * ofEach + good), script: { ringMs: 50, talkMs: 300, speaking: true } },
    ]);
    const calls = size === 'short' ? 30 : 600;
    const callers = await stage.callers({ calls, callsPerSecond: 15, stayMs: patienceMs, limitSeconds: 120 });
    const { successful, errors } = await callers.outcome;
    await shift.end();
    const { contacts, offers } = await rowsSince(stage.db, stage.config.centre.id, position);
    const unserved = contacts.filter(({ connected_at }) => connected_at === null).length;
    const wrong = kinds.flatMap((kind) => {
      const seen = [...new Set(offers.filter(({ agent }) => agentsOf.get(kind)?.includes(agent)).map(({ outcome }) => String(outcome)))];
      const expected = outcomes[kind] ?? '';
      return seen.includes(expected) && seen.every((outcome) => outcome === expected || outcome === 'withdrawn') ? [] : [`${kind}: ${seen.join(', ') || 'never rung'} instead of ${expected}`];
    });
    if (successful !== calls) throw new Error(`${successful} of ${calls} calls ended well: ${errors.slice(0, 500)}`);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    if (unserved > 0) throw new Error(`${unserved} of ${calls} callers met no agent`);
    return { placed: calls, figures: { offersPerCall: offers.length / calls } };
  },
};
