/** Endings that every flow has, and how it is called back. A colon cannot stand in a node's name, so nothing in a file can mean one of these. */
import { callbackNodes } from './callback.ts';
import type { CallbackNode } from './callback.ts';
import type { HangUpNode } from './hangup.ts';

export const builtIn = {
  sorry: 'rexian:sorry',
  queueClosed: 'rexian:queue-closed',
  queueFull: 'rexian:queue-full',
  noAgents: 'rexian:no-agents',
  transferFailed: 'rexian:transfer-failed',
  unknownNumber: 'rexian:unknown-number',
  tooManyCalls: 'rexian:too-many-calls',
} as const;

const ending = (name: string): [string, HangUpNode] => [name, { kind: 'hangup', say: [name.slice('rexian:'.length)] }];

export const builtInNodes: ReadonlyMap<string, HangUpNode | CallbackNode> = new Map<string, HangUpNode | CallbackNode>([
  ...Object.values(builtIn).map(ending),
  [callbackNodes.confirm, { kind: 'callback', asks: 'confirm' }],
  [callbackNodes.number, { kind: 'callback', asks: 'number' }],
  ending(callbackNodes.promised),
]);
