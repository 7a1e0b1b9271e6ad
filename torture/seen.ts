/** The centre as others have it: Asterisk's own lists, and the state that Redis holds. Neither is the service's word. */
import { createJournal } from '../src/store/journal.ts';
import type { Stored } from '../src/acd/journal-port.ts';
import type { Stage } from '../stage/stage.ts';

export interface Channel {
  readonly id: string;
  /** `PJSIP/<endpoint>-<count>` */
  readonly name: string;
  readonly state: string;
}
export interface Bridge {
  readonly id: string;
  readonly channels: readonly string[];
}
export interface Seen extends Stored {
  readonly channels: readonly Channel[];
  readonly bridges: readonly Bridge[];
}

export async function look(stage: Stage): Promise<Seen> {
  // An epoch of 0 owns nothing: this journal can only be read.
  const stored = await createJournal({ redis: stage.redis, centre: stage.config.centre.id, epoch: 0 }).load();
  const [channels, bridges] = await Promise.all([stage.ask<Channel>('channels'), stage.ask<Bridge>('bridges')]);
  return { ...stored, channels, bridges };
}

/** Whose phone the channel is a call of; undefined for a caller's. */
export function agentOf({ name }: Pick<Channel, 'name'>, agents: Stage['config']['agents']): string | undefined {
  const endpoint = /^PJSIP\/(.+)-[0-9a-f]+$/.exec(name)?.[1] ?? '';
  return [...agents.keys()].find((agent) => agent === endpoint);
}
