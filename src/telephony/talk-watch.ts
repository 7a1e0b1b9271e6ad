/**
 * Whether those who were connected really are. A phone that answers and hangs up within some tens of milliseconds can
 * leave a channel that is neither gone nor in the bridge (seen with Asterisk 22.10: the BYE is answered, no end is
 * told, not even a disconnect later removes it), and its other side would hear nothing for ever. So the bridge is
 * looked at once, and a leg that is not in it is hung up; if nothing is heard of that either, it is told as gone.
 */
import type { BridgeId, LegId } from '../base/ids.ts';
import type { AriConnection } from './ari/connection.ts';

export interface TalkWatchOptions {
  readonly ari: AriConnection;
  /** Still ours: neither ended nor forgotten. */
  readonly lives: (leg: LegId) => boolean;
  /** Not in its bridge: it is hung up now. */
  readonly missing: (leg: LegId) => void;
  /** Hung up in vain. */
  readonly lost: (leg: LegId) => void;
  readonly afterMs?: number;
}

export interface TalkWatch {
  connected(bridge: BridgeId, legs: readonly LegId[]): void;
  stop(): void;
}

/** A bridge is joined within milliseconds; a starved Asterisk is given time. */
const lookAfterMs = 2_000;

export function watchTalks({ ari, lives, missing: told, lost, afterMs = lookAfterMs }: TalkWatchOptions): TalkWatch {
  const timers = new Set<NodeJS.Timeout>();
  /** Where a leg was put last: one that has been put elsewhere since is not missing. */
  const places = new Map<LegId, BridgeId>();
  const later = (work: () => Promise<void>): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void work();
    }, afterMs);
    timers.add(timer.unref());
  };

  /** Nobody where the bridge is gone or cannot be asked: then there is no talk, or the comparison will see to it. */
  async function outside(bridge: BridgeId, legs: readonly LegId[]): Promise<readonly LegId[]> {
    const alive = legs.filter((leg) => lives(leg) && places.get(leg) === bridge);
    if (alive.length === 0) return [];
    const answer = await ari.request({ method: 'GET', path: ['bridges', bridge] });
    const members = answer.answered && answer.status === 200 ? membersOf(answer.body) : undefined;
    return members === undefined ? [] : alive.filter((leg) => lives(leg) && !members.has(leg));
  }

  return {
    connected(bridge, legs) {
      for (const leg of legs) places.set(leg, bridge);
      later(async () => {
        const missing = await outside(bridge, legs);
        for (const leg of legs) if (!missing.includes(leg) && places.get(leg) === bridge) places.delete(leg);
        for (const leg of missing) {
          told(leg);
          await ari.request({ method: 'DELETE', path: ['channels', leg], legs: [leg] });
          later(async () => {
            for (const still of await outside(bridge, [leg])) lost(still);
            places.delete(leg);
          });
        }
      });
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

function membersOf(body: unknown): ReadonlySet<string> | undefined {
  if (typeof body !== 'object' || body === null || !('channels' in body) || !Array.isArray(body.channels)) return undefined;
  return new Set(body.channels.map(String));
}
