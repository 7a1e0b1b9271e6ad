/** Who an agent is, and where in the lines of its queues it stands. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { Text } from '../base/text.ts';

export interface AgentConfig {
  readonly id: AgentId;
  readonly name: Text;
  readonly role: 'agent' | 'supervisor' | 'admin';
  readonly team: string;
  readonly queues: readonly QueueId[];
  /** Queue → where the agent stands in it; `levelIn` reads it. A queue that is not here is the front. */
  readonly levels?: Readonly<Record<string, QueueLevel>>;
  /** The phone answers by itself, and its agent hears a tone and whom it is for before the caller is there. */
  readonly autoAnswer?: true;
  /** Rung instead of the phone at the desk; `trunk` as in a transfer. */
  readonly mobile?: { readonly number: string; readonly trunk?: string };
  /** Where set, instead of the queue's. */
  readonly wrapUp?: { readonly ms?: number; readonly mode?: WrapUpMode };
  /** Skill → level 1 to 10; a skill that is not here is 0. */
  readonly skills: Readonly<Record<string, number>>;
}

/**
 * `optional` is none unless the agent asks for it during the talk, and then lasts until the agent ends it, as
 * `discretionary` always does. `time-boxed` ends at its time or when the agent says so, the last one at its time only.
 */
export const wrapUpModes = ['optional', 'discretionary', 'time-boxed', 'time-boxed-no-early-exit'] as const;
export type WrapUpMode = (typeof wrapUpModes)[number];

/** 梯次: those of level 1 come first, and within a level those of position 1. */
export interface QueueLevel {
  readonly level: number;
  readonly position: number;
  /** Of a draw by weight; 1 where it is not there. */
  readonly weight?: number;
}
export const frontLevel: QueueLevel = { level: 1, position: 1 };
export const levelIn = ({ levels }: Pick<AgentConfig, 'levels'>, queue: QueueId): QueueLevel => levels?.[queue] ?? frontLevel;
