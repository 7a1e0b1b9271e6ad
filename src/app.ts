/** The composition root: the only file that knows all parts. What is acquired first is released last. */
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { makeCentre } from './acd/centre.ts';
import { Engine } from './acd/engine.ts';
import type { JournalEvent } from './acd/messages.ts';
import type { Clock } from './base/clock.ts';
import { Releases } from './base/releases.ts';
import type { CentreConfig } from './config/centre-config.ts';
import type { Settings } from './config/env.ts';
import { openCti } from './cti/cti.ts';
import { makeServer } from './http/server.ts';
import type { Verify } from './http/passwords.ts';
import { createSessions } from './ivr/sessions.ts';
import type { Sessions } from './ivr/sessions.ts';
import { startFinalizer } from './recording/finalizer.ts';
import { intervals } from './reports/intervals.ts';
import { audit } from './store/audit.ts';
import { contacts } from './store/contacts.ts';
import { isPassing, openDatabase } from './store/database.ts';
import type { Database } from './store/database.ts';
import { directory } from './store/directory.ts';
import { createJournal } from './store/journal.ts';
import { acquireLease } from './store/lease.ts';
import type { Lease } from './store/lease.ts';
import { migrate } from './store/migrate.ts';
import { startProjector } from './store/projector.ts';
import { recordings } from './store/recordings.ts';
import { openRedis, redisRefusal } from './store/redis.ts';
import { connectTelephony } from './telephony/asterisk.ts';
import type { AsteriskOptions } from './telephony/asterisk.ts';
import type { Media } from './telephony/port.ts';

export type AppSettings = Pick<Settings, 'databaseUrl' | 'redisUrl' | 'ari' | 'ami' | 'recordingsDir' | 'soundsDir' | 'http' | 'sessionSecret' | 'volatileRedis'>;

export interface AppParts {
  readonly settings: AppSettings;
  readonly config: CentreConfig;
  /** Files of the web page. */
  readonly webDir: string;
  /** Sound names of what is said; every prompt has been rendered before. */
  readonly resolve: (media: Media) => readonly string[];
  readonly verify: Verify;
  readonly clock: Clock;
  readonly log: Logger;
  /** The process cannot go on: it must end, and a standby or a restart takes over. */
  readonly onFatal: (error: Error) => void;
}

export interface App {
  readonly address: { readonly host: string; readonly port: number };
  /** Contacts that are alive. */
  live(): number;
  /** New callers are left to the dialplan's apology; those who are here are served. */
  closeDoor(): void;
  stop(): Promise<void>;
}

export async function startApp(parts: AppParts): Promise<App> {
  const releases = new Releases();
  try {
    return await compose(parts, releases);
  } catch (error) {
    await releases.run();
    throw error;
  }
}

const leaseMs = 3_000;

async function compose({ settings, config, webDir, resolve, verify, clock, log, onFatal }: AppParts, releases: Releases): Promise<App> {
  const centreId = config.centre.id;
  await mkdir(settings.recordingsDir, { recursive: true });
  const db = openDatabase(settings.databaseUrl, { log });
  releases.push('database', () => db.destroy());
  const [redis] = await Promise.all([openRedis(settings.redisUrl, { name: 'engine', log }), migrateWhenThere(db, log, releases)]);
  releases.push('redis', () => redis.disconnect());
  const refusal = await redisRefusal(redis);
  if (refusal !== null && !settings.volatileRedis) throw new Error(`${refusal.zh}\n${refusal.en}`);

  const takeLease = (): Promise<Lease> => acquireLease({ redis, centre: centreId, owner: `${hostname()}:${process.pid}`, ttlMs: leaseMs, clock, log, isDead });
  let lease = await takeLease();
  releases.push('lease', () => lease.release());
  const journalOf = (epoch: number) => createJournal({ redis, centre: centreId, epoch, onUnreadable: (unreadable) => log.error({ unreadable }, 'stored entity left out') });
  const journal = journalOf(lease.epoch);
  const centre = makeCentre(config, await journal.load(), clock.now());

  const engine: Engine = new Engine({
    centre,
    journal,
    epoch: lease.epoch,
    clock,
    send: (orders) => telephony.send(orders),
    onFatal,
    onAway: (away) => log.warn({ away }, away ? 'redis is away, going on from memory' : 'redis has all that waited'),
    onForgot: () => void takeAnew(),
  });
  let taking: Promise<void> | undefined;
  const takeAnew = (): Promise<void> =>
    (taking ??= (async () => {
      log.error({}, 'redis has forgotten what it acknowledged, writing everything again');
      // Its next renewal would find our own new epoch and take it for another owner's.
      void lease.release();
      lease = await takeLease();
      watchLease();
      await engine.rebase(journalOf(lease.epoch), lease.epoch);
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

  const sessions = createSessions({ config: () => config, clock, propose: (input) => engine.submit(input), log });
  const telephony = connectTelephony({
    ...ariOf(settings.ari),
    ami: settings.ami,
    app: 'rexian',
    agents: [...config.agents.keys()],
    soundsDir: settings.soundsDir,
    recordingsDir: settings.recordingsDir,
    resolve,
    log,
    clock,
  });
  engine.onCommitted((events) => carry(events, engine, sessions));
  releases.push('engine', () => engine.stop());
  releases.push('sessions', () => sessions.stop());

  const cti = openCti({
    desk: engine,
    directory: directory(db, { centre: centreId }),
    clock,
    name: () => config.centre.name,
    onDirectoryAway: (error) => log.warn({ error: error.message }, 'customer records are away'),
  });
  releases.push('cti', () => cti.stop());
  const finalizer = startFinalizer({ redis, db, centre: centreId, recordingsDir: settings.recordingsDir, timeZone: config.centre.timeZone, log });
  releases.push('finalizer', () => finalizer.stop());
  const projector = startProjector({
    redis, db, centre: centreId, clock, log,
    serviceLevelMs: (queue) => [...config.queues.values()].find(({ id }) => id === queue)?.serviceLevelMs,
    onRecordingStopped: (recording) => finalizer.enqueue(recording),
  });
  releases.push('projector', () => projector.stop());

  const server = await makeServer({
    cti,
    contacts: contacts(db, { centre: centreId }),
    recordings: recordings(db, { centre: centreId }),
    intervals: intervals(db, { centre: centreId, timeZone: config.centre.timeZone }),
    audit: audit(db, { centre: centreId }),
    health: () => ({ owner: !lease.lost.aborted, switchUp: centre.switchUp, redis: redis.status === 'ready' && engine.spooled === 0, postgres: { up: projector.lag().failing === null, lagMs: projector.lag().behindMs } }),
    verify,
    secret: settings.sessionSecret,
    recordingsDir: settings.recordingsDir,
    webDir,
    origins: settings.http.origins,
    log,
  });
  releases.push('http', () => server.close());
  // The switch first: the port is opened when there is something to serve behind it.
  await telephony.start((fact) => {
    // Each takes what is its business; keys and plays are the flows' alone.
    sessions.fact(fact);
    if (fact.type !== 'key-pressed' && fact.type !== 'play-ended') engine.post(fact);
  });
  releases.push('telephony', () => telephony.stop());
  const { host } = settings.http;
  await server.listen({ host, port: settings.http.port });
  const bound = server.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : settings.http.port;

  return {
    address: { host, port },
    live: () => centre.contacts.size,
    closeDoor: () => telephony.closeDoor(),
    stop: async () => {
      for (const { name, error } of await releases.run()) log.error({ part: name, error: String(error) }, 'did not stop cleanly');
    },
  };
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
        if (contact?.state.status === 'in-flow') sessions.arrived({ contact: contact.id, leg: contact.leg, ani: contact.ani, dnis: contact.dnis });
        break;
      case 'contact-repaired':
        if (contact?.state.status === 'in-flow') sessions.resume({ contact: contact.id, leg: contact.leg, ani: contact.ani, dnis: contact.dnis, memory: contact.state.memory });
        break;
      case 'contact-turned-away':
        sessions.turnedAway(event.contact, event.memory);
        break;
      case 'transfer-failed':
        sessions.transferFailed(event.contact, event.memory);
        break;
      case 'contact-ended':
        sessions.ended(event.contact);
        break;
      default:
        break;
    }
  }
}

/** Postgres may come later than we do: calls do not wait for it, and the tables are made when it is there. */
async function migrateWhenThere(db: Database, log: Logger, releases: Releases): Promise<void> {
  try {
    await migrate(db);
  } catch (error) {
    if (!isPassing(error) && !(error instanceof Error && isPassing(error.cause))) throw error;
    log.error({ error: String(error) }, 'postgres is away: calls go on, reports wait');
    const timer = setTimeout(() => void migrateWhenThere(db, log, releases).catch((later: unknown) => log.error({ error: String(later) }, 'the tables could not be made')), 2_000);
    releases.push('migration', () => clearTimeout(timer));
  }
}

/** A killed owner on this very machine need not be waited for. */
function isDead(holder: string): boolean {
  const [host, pid] = [holder.slice(0, holder.lastIndexOf(':')), Number(holder.slice(holder.lastIndexOf(':') + 1))];
  if (host !== hostname() || !Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
