/**
 * The service killed right after one of its orders was written to Asterisk's socket: the n-th since it was armed, over
 * ARI and AMI together. What it may have said after that is lost on the wires, so it is as if it had died there.
 */
import type { Wires } from './wires.ts';

export interface FaultPoint {
  /** Orders seen since it was armed, in their order, the fatal one last. */
  readonly orders: readonly string[];
  /** When the n-th was written; never, where there are fewer. */
  readonly struck: Promise<void>;
  disarm(): void;
}

/** With `n` beyond what comes it only counts. */
export function armFaultPoint({ ari, ami }: Wires, n: number): FaultPoint {
  if (ari === undefined || ami === undefined) throw new Error('a fault point needs the wires ari and ami');
  const orders: string[] = [];
  const { promise: struck, resolve } = Promise.withResolvers<void>();
  const isFatal = (order: string | undefined, other: { strand(): void }): boolean => {
    if (order === undefined || orders.length >= n) return false;
    orders.push(order);
    if (orders.length < n) return false;
    other.strand();
    return true;
  };
  const armed = [
    ari.lastWhen((request) => isFatal(ariOrder(request), ami), resolve),
    ami.lastWhen((message) => isFatal(amiOrder(message), ari), resolve),
  ];
  return {
    orders, struck,
    disarm: () => {
      for (const one of armed) one.cancel();
    },
  };
}

/** Looks, the heartbeat and the subscriptions of a reconnect change nothing for a caller. */
function ariOrder(request: string): string | undefined {
  const [method, address = ''] = request.split(' ');
  if (method === 'GET' || /^(applications|asterisk)\//.test(address)) return undefined;
  const [path = ''] = address.split('?');
  const [kind, id = '', what] = path.split('/');
  return ['ARI', method, kind, role(decodeURIComponent(id)), what].filter((part) => part !== undefined && part !== '').join(' ');
}

const amiActions = new Set(['Setvar', 'MixMonitor', 'MixMonitorMute', 'StopMixMonitor', 'PJSIPNotify']);

function amiOrder(message: string): string | undefined {
  const action = /^action: (\w+)/im.exec(message)?.[1] ?? '';
  if (!amiActions.has(action)) return undefined;
  return ['AMI', action, /^variable: ([^=\r\n]+)/im.exec(message)?.[1]].filter((part) => part !== undefined).join(' ');
}

const role = (id: string): string => (/^rx-([a-z])-/.test(id) ? id.slice(0, 4) : id === '' ? '' : 'caller');
