/** Endings that every flow has. A colon cannot stand in a node's name, so nothing in a file can mean one of these. */
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

export const builtInNodes: ReadonlyMap<string, HangUpNode> = new Map(
  Object.values(builtIn).map((name) => [name, { kind: 'hangup', say: [name.slice('rexian:'.length)] }]),
);
