/** A desktop's message → the decider's command. An agent commands only itself, whatever its role. */
import type { Command } from '../acd/commands.ts';
import { assertNever } from '../base/assert.ts';
import { maskCards } from '../base/card-number.ts';
import { agentId, contactId, queueId, type AgentId } from '../base/ids.ts';
import type { CommandMessage } from './protocol.ts';

export type Asked = { readonly ok: true; readonly command: Command } | { readonly ok: false; readonly code: 'another-agent' };

export function toCommand(message: CommandMessage, agent: AgentId, at: number): Asked {
  if (message.agent !== undefined && message.agent !== agent) return { ok: false, code: 'another-agent' };
  return { ok: true, command: commandOf(message, agent, at) };
}

function commandOf(message: CommandMessage, agent: AgentId, at: number): Command {
  switch (message.type) {
    case 'sign-in':
    case 'sign-out':
    case 'make-ready':
    case 'finish-wrap-up':
    case 'ask-wrap-up':
    case 'escalate':
    case 'answer':
    case 'hang-up':
    case 'pause-recording':
    case 'resume-recording':
      return { type: message.type, at, agent };
    case 'join-queue':
    case 'leave-queue':
      return { type: message.type, at, agent, queue: queueId(message.queue) };
    case 'grant-break':
    case 'deny-break':
      return { type: message.type, at, agent, of: agentId(message.of) };
    case 'pause':
      return { type: 'pause', at, agent, reason: message.reason };
    case 'withdraw':
      return { type: 'withdraw', at, agent, contact: contactId(message.contact), reason: maskCards(message.reason) };
    case 'close-queue':
      return { type: 'close-queue', at, agent, queue: queueId(message.queue), reason: maskCards(message.reason), ...(message.waiting && { waiting: message.waiting }) };
    case 'reopen-queue':
      return { type: 'reopen-queue', at, agent, queue: queueId(message.queue) };
    case 're-prioritise':
      return { type: 're-prioritise', at, agent, contact: contactId(message.contact), priority: message.priority };
    case 'dispose':
      return { type: 'dispose', at, agent, contact: contactId(message.contact), disposition: { ...message.disposition, note: maskCards(message.disposition.note) } };
    default:
      return assertNever(message);
  }
}
