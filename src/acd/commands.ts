/** What people ask the decider for, and the reasons for which it refuses them. */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import type { AtClosing } from '../config/centre-config.ts';
import type { Disposition, PauseReason } from './agent.ts';

/** What a person asks for; each may be refused. */
export type Command =
  | { readonly type: 'sign-in'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'sign-out'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'make-ready'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'pause'; readonly at: number; readonly agent: AgentId; readonly reason: PauseReason }
  | { readonly type: 'finish-wrap-up'; readonly at: number; readonly agent: AgentId }
  /** Of one of the agent's own queues, while signed in. */
  | { readonly type: 'join-queue' | 'leave-queue'; readonly at: number; readonly agent: AgentId; readonly queue: QueueId }
  /** A supervisor's answer to what an agent asked for. */
  | { readonly type: 'grant-break' | 'deny-break'; readonly at: number; readonly agent: AgentId; readonly of: AgentId }
  /** During a talk: a wrap-up after it, where none comes by itself. */
  | { readonly type: 'ask-wrap-up'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'answer'; readonly at: number; readonly agent: AgentId }
  /** Ends the talk, or turns the offer away. */
  | { readonly type: 'hang-up'; readonly at: number; readonly agent: AgentId }
  /** Hands the caller on to the experts of the queue, who get the whole story; never back. */
  | { readonly type: 'escalate'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'dispose'; readonly at: number; readonly agent: AgentId; readonly contact: ContactId; readonly disposition: Disposition }
  /** A supervisor, `agent`, takes it out of the line; the flow goes on with it. */
  | { readonly type: 'withdraw'; readonly at: number; readonly agent: AgentId; readonly contact: ContactId; readonly reason: string }
  | { readonly type: 're-prioritise'; readonly at: number; readonly agent: AgentId; readonly contact: ContactId; readonly priority: number }
  /** Nobody enters it until it is opened again. `waiting`: what becomes of those who are in line; the queue's own rule where nothing is said. */
  | { readonly type: 'close-queue'; readonly at: number; readonly agent: AgentId; readonly queue: QueueId; readonly reason: string; readonly waiting?: AtClosing }
  | { readonly type: 'reopen-queue'; readonly at: number; readonly agent: AgentId; readonly queue: QueueId }
  | { readonly type: 'pause-recording'; readonly at: number; readonly agent: AgentId }
  | { readonly type: 'resume-recording'; readonly at: number; readonly agent: AgentId };

/** A reason, not an exception: `code` is looked up in cti/refusals for the person who asked. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly detail?: string;
}
export type RefusalCode =
  | 'unknown-agent'
  | 'unknown-contact'
  | 'unknown-queue'
  | 'queue-in-use'
  | 'unknown-reason'
  | 'unknown-disposition'
  | 'unknown-number'
  | 'not-signed-in'
  | 'already'
  | 'agent-on-call'
  | 'no-call'
  | 'no-offer'
  | 'no-remote-answer'
  | 'no-wrap-up'
  | 'wrap-up-fixed'
  | 'not-your-queue'
  | 'break-full'
  | 'no-break-asked'
  | 'no-escalation'
  | 'no-callback'
  | 'callbacks-full'
  | 'bad-number'
  | 'queue-takes-none'
  | 'no-recording'
  | 'not-waiting'
  | 'not-allowed'
  | 'bad-priority'
  | 'queue-closed'
  | 'queue-open'
  | 'not-in-flow'
  | 'nothing-to-do'
  | 'not-owner';
