/** A desktop's message → the decider's command. An agent commands only itself, whatever its role. */
import type { Command } from '../acd/messages.ts';
import { assertNever } from '../base/assert.ts';
import { maskCards } from '../base/card-number.ts';
import { contactId, type AgentId } from '../base/ids.ts';
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
    case 'answer':
    case 'hang-up':
    case 'pause-recording':
    case 'resume-recording':
      return { type: message.type, at, agent };
    case 'pause':
      return { type: 'pause', at, agent, reason: message.reason };
    case 'dispose':
      return { type: 'dispose', at, agent, contact: contactId(message.contact), disposition: { ...message.disposition, note: maskCards(message.disposition.note) } };
    default:
      return assertNever(message);
  }
}
