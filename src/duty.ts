/**
 * What only the owner of a centre does: hold the lease, decide, carry contacts between decider and flows, command the
 * switch, write what happened to Postgres. Taken when the lease is ours, handed over when somebody else waits.
 */
import type { Logger } from 'pino';
import { fillCentre } from './acd/centre.ts';
import { Engine } from './acd/engine.ts';
import { hearsKey } from './acd/leaving.ts';
import { whispered } from './acd/whisper.ts';
import { replay } from './acd/replay.ts';
import type { JournalEvent } from './acd/messages.ts';
import type { Centre } from './acd/model.ts';
import { logAlarms } from './alarm-log.ts';
import { watchWallClock } from './base/clock.ts';
import type { Clock } from './base/clock.ts';
import { Releases } from './base/releases.ts';
import type { ReleaseFailure } from './base/releases.ts';
import type { CentreConfig } from './config/centre-config.ts';
import type { Settings } from './config/env.ts';
import { createSessions } from './ivr/sessions.ts';
import type { Sessions } from './ivr/sessions.ts';
import { startFinalizer } from './recording/finalizer.ts';
import { acquireLease, type LeaseOptions } from './store/acquire-lease.ts';
import type { Database } from './store/database.ts';
import { ownName } from './store/holder.ts';
import { createJournal } from './store/journal.ts';
import type { Lease } from './store/lease.ts';
import { normaliseNumber } from './store/phone-number.ts';
import { startProjector } from './store/projector.ts';
import { recall } from './store/recall.ts';
import type { Seal } from './store/seal.ts';
import { connectTelephony } from './telephony/asterisk.ts';
import type { AsteriskOptions } from './telephony/asterisk-port.ts';
import type { Media } from './telephony/port.ts';

export interface DutyParts {
  readonly settings: Pick<Settings, 'ari' | 'ami' | 'insecure' | 'recordingsDir' | 'soundsDir'>;
  /** The configuration that holds now. */
  readonly config: () => CentreConfig;
  /** Empty until the duty is taken. */
  readonly centre: Centre;
  readonly redis: LeaseOptions['redis'];
  readonly db: Database;
  readonly seal: Seal;
  readonly resolve: (media: Media) => readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly onFatal: (error: Error) => void;
  /** Another process has the duty. */
  readonly onStandby: () => void;
  /** From here on the engine alone changes the centre. */
  readonly onEngine: (engine: Engine) => void;
  /** It is ours, and nothing is done yet. */
  readonly onTaken: (engine: Engine) => void;
  /** Gives up waiting for it. */
  readonly signal: AbortSignal;
}

export interface Duty {
  health(): { readonly owner: boolean; readonly switchUp: boolean; readonly redis: boolean; readonly postgres: { readonly up: boolean; readonly lagMs: number } };
  closeDoor(): void;
  /** Decides nothing more, and lets whoever waits begin before it clears away behind itself. */
  handOver(): Promise<readonly ReleaseFailure[]>;
}

const leaseMs = 3_000;

/** Resolves when calls are taken, however long another process has the duty before. */
export async function takeDuty(parts: DutyParts): Promise<Duty> {
  const releases = new Releases();
  try {
    return await take(parts, releases);
  } catch (error) {
    await releases.run();
    throw error;
  }
}

async function take({ settings, config, centre, redis, db, seal, resolve, clock, log, onFatal, onStandby, onEngine, onTaken, signal }: DutyParts, releases: Releases): Promise<Duty> {
  const centreId = config().centre.id;
  const takeLease = (onWaiting: () => void): Promise<Lease> => acquireLease({ redis, centre: centreId, owner: ownName(), ttlMs: leaseMs, clock, log, signal, onWaiting });
  let lease = await takeLease(onStandby);
  // Both may run beside a successor's own, and they take their time to stop: the lease is given back before them.
  const finalizer = startFinalizer({ redis, db, centre: centreId, recordingsDir: settings.recordingsDir, timeZone: () => config().centre.timeZone, log });
  releases.push('finalizer', () => finalizer.stop());
  let stored: (position: string) => void = () => undefined;
  releases.push('wall clock', watchWallClock((byMs) => {
    // Stored times would jump with it; so they go on as they were, and people are told.
    log.error({ code: 'clock-set', byMs }, 'the machine’s clock was set: times go on by the old one until a restart');
    // Jobs wait by the machine's clock, and would wait an hour longer.
    finalizer.hurry();
  }, clock));
  const projector = startProjector({
    redis, db, centre: centreId, clock, log,
    serviceLevelMs: (queue) => [...config().queues.values()].find(({ id }) => id === queue)?.serviceLevelMs,
    numberOf: (ani) => seal.close(normaliseNumber(seal.open(ani))),
    onRecordingStopped: (recording) => finalizer.enqueue(recording),
    onStored: (position) => stored(position),
  });
  releases.push('projector', () => projector.stop());
  releases.push('lease', () => lease.release());
  const journalOf = (epoch: number) => createJournal({ redis, centre: centreId, epoch, seal, onUnreadable: (unreadable) => log.error({ unreadable }, 'stored entity left out') });
  const journal = journalOf(lease.epoch);
  const recalled = await recall({ redis, db, centre: centreId, seal, withinMs: { empty: 3_000, filled: 500 } }).catch((error: unknown) => {
    log.error({ error: String(error) }, 'Postgres cannot say whether Redis has all, going on with what Redis has');
    return null;
  });
  const kept = recalled === null ? await journal.load() : replay(config(), recalled);
  fillCentre(centre, kept, clock.now());

  // While it is taken anew, from a Redis that forgot it, the old one binds no more and nobody else has it.
  const owns = (): boolean => taking !== undefined || lease.binds();
  const engine: Engine = new Engine({
    centre,
    journal,
    epoch: lease.epoch,
    clock,
    owns,
    send: (orders) => telephony.send(orders),
    onFatal,
    onAway: (away) => log.warn({ away }, away ? 'redis is away, going on from memory' : 'redis has all that waited'),
    onForgot: () => void takeAnew(),
  });
  onEngine(engine);
  stored = (position) => engine.stored(position);
  if (recalled !== null) {
    log.error({ contacts: kept.contacts.length, agents: kept.agents.length, ...('leftOut' in kept ? { leftOut: kept.leftOut } : {}) }, 'Redis has forgotten, the state is what Postgres knows');
    await engine.rebase(journal, lease.epoch);
  }
  let taking: Promise<void> | undefined;
  const takeAnew = (): Promise<void> =>
    (taking ??= (async () => {
      log.error({}, 'redis has forgotten what it acknowledged, writing everything again');
      engine.awaitRebase();
      // Its next renewal would find our own new epoch and take it for another owner's.
      void lease.release();
      // We go on deciding meanwhile, so whoever was quicker than us is the only owner: no waiting for a turn here.
      lease = await takeLease(() => onFatal(new Error('another owner has taken the centre from a Redis that had forgotten us')));
      watchLease();
      await engine.rebase(journalOf(lease.epoch), lease.epoch);
      // The jobs that waited in it are forgotten too, and the sweep would come for them in ten minutes only.
      finalizer.hurry();
    })()
      .catch((error: unknown) => onFatal(error instanceof Error ? error : new Error(String(error))))
      .finally(() => (taking = undefined)));
  const watchLease = (): void => {
    const { lost } = lease;
    lost.addEventListener('abort', () => {
      const { because } = lost.reason as { because?: string };
      if (because === 'redis-forgot') void takeAnew();
      else onFatal(lost.reason as Error);
    });
  };
  watchLease();

  const sessions = createSessions({ config, clock, propose: (input) => engine.submit(input), log });
  const telephony = connectTelephony({
    ...ariOf(settings.ari),
    ami: settings.ami,
    insecure: settings.insecure,
    app: 'rexian',
    agents: [...config().agents.keys()],
    remoteAnswer: config().centre.remoteAnswer,
    soundsDir: settings.soundsDir,
    recordingsDir: settings.recordingsDir,
    resolve,
    log,
    clock,
    owns,
  });
  engine.onCommitted((events) => carry(events, engine, sessions));
  engine.onCommitted((events) => logAlarms(events, log));
  engine.onCommitted((events) => {
    if (events.some(({ event }) => event.type === 'configured')) telephony.setAgents([...config().agents.keys()], config().centre.remoteAnswer);
  });
  engine.onCommitted((events) => {
    if (events.some(({ event }) => event.type === 'alarm-cleared' && event.alarm.startsWith('recordings-'))) finalizer.hurry();
  });
  onTaken(engine);
  // Who waits for the lease begins when it has it, and finds the switch let go.
  releases.push('telephony', async () => telephony.stop(await lease.awaited()));
  releases.push('sessions', () => sessions.stop());
  // The batch in hand is committed and ordered before the switch is let go.
  releases.push('engine', () => engine.stop());
  const switchSeen = telephony.start((fact) => {
    // Each takes what is its business; keys and plays are the flows', but for whom a queue lets go by key and what an agent hears.
    sessions.fact(fact);
    if (fact.type === 'play-ended' && whispered(centre, fact) === undefined) return;
    if (fact.type !== 'key-pressed' || hearsKey(centre, fact)) engine.post(fact);
  });
  // With an Asterisk that does not come we would wait for ever.
  await Promise.race([switchSeen, aborted(signal)]);
  return {
    health: () => ({ owner: !lease.lost.aborted, switchUp: centre.switchUp, redis: redis.status === 'ready' && engine.spooled === 0, postgres: { up: projector.lag().failing === null, lagMs: projector.lag().behindMs } }),
    closeDoor: () => telephony.closeDoor(),
    handOver: () => releases.run(),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

function ariOf(ari: Settings['ari']): Pick<AsteriskOptions, 'connection' | 'listen' | 'ari'> {
  if (ari.mode === 'listen') return { connection: 'outbound', listen: ari };
  return { connection: ari.mode === 'classic' ? 'ari-client' : 'inbound', ari };
}

/** Carries a contact from the decider to its flow; the way back is the sessions' proposal. */
function carry(events: readonly JournalEvent[], { centre }: Engine, sessions: Sessions): void {
  for (const { event } of events) {
    const contact = 'contact' in event ? centre.contacts.get(event.contact) : undefined;
    switch (event.type) {
      case 'contact-arrived':
        if (contact?.state.status !== 'in-flow') break;
        if (contact.turnedAway === undefined) sessions.arrived({ contact: contact.id, leg: contact.leg, ani: contact.ani, dnis: contact.dnis });
        else sessions.notLetIn({ contact: contact.id, leg: contact.leg, ani: contact.ani, dnis: contact.dnis });
        break;
      case 'contact-repaired':
        if (contact?.state.status === 'in-flow') sessions.resume({ contact: contact.id, leg: contact.leg, ani: contact.ani, dnis: contact.dnis, memory: contact.state.memory });
        break;
      case 'contact-turned-away':
        if (event.memory !== null) sessions.turnedAway(event.contact, event.memory, event.reason === 'queue-removed' ? 'full' : event.reason);
        // Its queue was taken out of the configuration, and its flow has long been left.
        else if (contact?.state.status === 'in-flow') sessions.arrived({ contact: contact.id, leg: contact.leg, ani: contact.ani, dnis: contact.dnis });
        break;
      case 'contact-left-queue':
        if (contact?.state.status !== 'in-flow') break;
        // Only its ticket remembered it.
        if (event.memory === null) sessions.arrived({ contact: contact.id, leg: contact.leg, ani: contact.ani, dnis: contact.dnis });
        else if (event.because === 'key') sessions.turnedAway(event.contact, event.memory, 'full', event.key, contact.leg);
        else sessions.turnedAway(event.contact, event.memory, event.because, event.key, contact.leg);
        break;
      case 'transfer-failed':
        sessions.transferFailed(event.contact, event.memory);
        break;
      // The session has ended itself, or its caller has put down the phone.
      case 'callback-waiting':
      case 'contact-ended':
        sessions.ended(event.contact);
        break;
      default:
        break;
    }
  }
}
