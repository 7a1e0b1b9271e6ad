import { assert } from '../base/assert.ts';

/**
 * Every name that Rexian uses in Redis. The braces keep one centre in one slot of a Redis Cluster, so that a script
 * may touch several of its keys.
 */
export function redisKeys(centre: string) {
  assert(/^[a-z0-9][a-z0-9-]*$/.test(centre), `a centre's id is lower-case letters, digits and dashes: ${centre}`);
  const key = (name: string): string => `rx:{${centre}}:${name}`;
  return {
    /** Stream of events, id `epoch-seq`, one field `e` with the event as JSON. */
    journal: key('journal'),
    /** `epoch-seq` of the newest event; outlives a trim of the stream. */
    tail: key('tail'),
    /** Hashes, id → JSON. */
    contacts: key('contacts'),
    agents: key('agents'),
    offers: key('offers'),
    /** Queues that a supervisor has closed. */
    closed: key('closed'),
    /** Places that callers who hung up may have back, by their contacts. */
    left: key('left'),
    /** Sorted set, the waiting line of a queue in its order. */
    line: (queue: string): string => key(`line:${queue}`),
    /** `epoch:owner`, with a time to live. */
    lease: key('lease'),
    /** The fencing number: grows with each owner and never expires. */
    epoch: key('epoch'),
    /** Who held it last and did not give it back; outlives the lease, so that who takes an expired one knows whose it was. */
    holder: key('holder'),
    /** Sorted set, sessions that were signed out before their end. */
    signedOut: key('signed-out'),
    /** Sorted set, processes that wait for the lease → until when their word counts. */
    standbys: key('standbys'),
  } as const;
}

/** BullMQ puts this in front of its own keys and asks for the braces itself. */
export const jobsPrefix = (centre: string): string => `{rx:${centre}}`;
