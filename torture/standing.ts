/** Where everybody stands in the centre, to be compared before and after a fault. */
import type { Contact } from '../src/acd/contact.ts';
import type { Stage, StageOptions } from '../stage/stage.ts';
import { redisKeys } from '../src/store/keys.ts';
import { line } from '../stage/centre-files.ts';
import { look } from './seen.ts';

/** As `./rexian up` runs it: a second process, warm, beside the first. */
export const doubled: StageOptions = { agents: 30, service: { supervise: true, standby: true } };

export interface Standing {
  /** In their order, as Redis has it. */
  readonly line: readonly string[];
  /** Age and priority of all, and who is with whom. */
  readonly contacts: ReadonlyMap<string, Pick<Contact, 'arrivedAt' | 'state'>>;
  readonly agents: ReadonlyMap<string, object>;
}

/** As far as it is to be the same. */
export type Compared = Omit<Standing, 'contacts'> & { readonly contacts: ReadonlyMap<string, object> };

export async function standing(stage: Stage): Promise<Standing> {
  const { contacts, agents } = await look(stage);
  return {
    line: await stage.redis.zrange(redisKeys(stage.config.centre.id).line(line), '0', '-1'),
    contacts: new Map(contacts.map(({ id, arrivedAt, state }) => [id, { arrivedAt, state }])),
    agents: new Map(agents.map(({ id, presence }) => [id, presence])),
  };
}

/** What is not as it was, of those who were there before and are not among `moved`. */
export function changed(before: Compared, after: Compared, moved: readonly string[] = []): string[] {
  const left = before.line.filter((contact) => after.line.includes(contact));
  const order = after.line.filter((contact) => before.line.includes(contact));
  const differs = (what: 'contacts' | 'agents'): string[] => [...before[what]].flatMap(([id, was]) => {
    const [then, now] = [JSON.stringify(was), JSON.stringify(after[what].get(id))];
    return moved.includes(id) || then === now ? [] : [`${id} was ${then} and is ${now}`];
  });
  return [
    ...(left.join() === order.join() ? [] : [`the line was ${left.join()} and is ${order.join()}`]),
    ...before.line.filter((contact) => !after.line.includes(contact) && !moved.includes(contact)).map((contact) => `${contact} is no longer in line`),
    ...differs('contacts'), ...differs('agents'),
  ];
}
