/** The composition root: with duty.ts the only files that know all parts. What is acquired first is released last. */
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { applyRouting } from './acd/apply-routing.ts';
import { nothingTouched } from './acd/touched.ts';
import { emptyCentre } from './acd/centre.ts';
import type { Engine } from './acd/engine.ts';
import type { Clock } from './base/clock.ts';
import type { WebShare } from './base/open-files.ts';
import { Releases } from './base/releases.ts';
import type { Text } from './base/text.ts';
import type { CentreConfig } from './config/centre-config.ts';
import type { Settings } from './config/env.ts';
import type { Loaded } from './config/load.ts';
import { makeReload } from './config/reload.ts';
import type { Reloaded } from './config/reload.ts';
import { openCti } from './cti/cti.ts';
import { LateDesk } from './cti/late-desk.ts';
import { refusalTexts } from './cti/refusals.ts';
import { takeDuty, type Duty } from './duty.ts';
import { openDoor, type Door } from './http/door.ts';
import type { Verify } from './http/passwords.ts';
import type { Health } from './http/routes/health.ts';
import { makeServer } from './http/server.ts';
import { intervals } from './reports/intervals.ts';
import { audit } from './store/audit.ts';
import { keepConfigurations } from './store/configuration-keeper.ts';
import { configurations } from './store/configurations.ts';
import { contacts } from './store/contacts.ts';
import { openDatabase } from './store/database.ts';
import { directory } from './store/directory.ts';
import { migrateWhenThere } from './store/migrate-when-there.ts';
import { recordings } from './store/recordings.ts';
import { openRedis, redisRefusal } from './store/redis.ts';
import { makeSeal } from './store/seal.ts';
import { sealCustomers } from './store/seal-customers.ts';
import { signOuts } from './store/sign-outs.ts';
import { whys } from './store/whys.ts';
import type { Media } from './telephony/port.ts';

export type AppSettings = Pick<Settings, 'databaseUrl' | 'redisUrl' | 'ari' | 'ami' | 'recordingsDir' | 'soundsDir' | 'http' | 'insecure' | 'sessionSecret' | 'storeKey' | 'volatileRedis'>;

export interface AppParts {
  readonly settings: AppSettings;
  readonly config: CentreConfig;
  /** The files as they are now. */
  readonly read: () => Loaded;
  /** Makes the prompts of another configuration; `use` is for when it holds. */
  readonly prepare: (config: CentreConfig) => Promise<Prepared>;
  /** Another configuration holds from now on. */
  readonly onConfigured: (config: CentreConfig) => void;
  /** Files of the web page. */
  readonly webDir: string;
  /** Sound names of what is said; every prompt has been rendered before. */
  readonly resolve: (media: Media) => readonly string[];
  readonly verify: Verify;
  readonly clock: Clock;
  readonly log: Logger;
  /** What the web port may take of the process's open files. */
  readonly share: WebShare;
  /** Log lines that could not be written anywhere. */
  readonly lostLogLines: () => number;
  /** Another process owns the centre; this one waits, warm, at the address. */
  readonly onStandby: (address: Address) => void;
  /** The process cannot go on: it must end, and a standby or a restart takes over. */
  readonly onFatal: (error: Error) => void;
}

export type Prepared = { readonly ok: true; readonly use: () => void } | { readonly ok: false; readonly failures: readonly { readonly text: Text }[] };

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface App {
  /** Resolves when this process owns the centre and calls are taken, with where its desktops find it. */
  readonly owning: Promise<Address>;
  /** Contacts that are alive. */
  live(): number;
  /** Takes the files as they are now, while calls go on. */
  reload(): Promise<Reloaded>;
  /** New callers are left to the dialplan's apology; those who are here are served. */
  closeDoor(): void;
  stop(): Promise<void>;
}

/** Resolves when it can be asked for its health; then it waits for its turn to own the centre. */
export async function startApp(parts: AppParts): Promise<App> {
  const releases = new Releases();
  try {
    return await compose(parts, releases);
  } catch (error) {
    await releases.run();
    throw error;
  }
}

async function compose({ settings, config, read, prepare, onConfigured, webDir, resolve, verify, clock, log, lostLogLines, share, onStandby, onFatal }: AppParts, releases: Releases): Promise<App> {
  const centreId = config.centre.id;
  await mkdir(settings.recordingsDir, { recursive: true });
  const seal = makeSeal(settings.storeKey);
  const db = openDatabase(settings.databaseUrl, { log });
  releases.push('database', () => db.destroy());
  const [redis] = await Promise.all([openRedis(settings.redisUrl, { name: 'engine', log }), migrateWhenThere(db, log, releases, () => sealCustomers(db, { centre: centreId, seal }))]);
  releases.push('redis', () => redis.disconnect());
  const refusal = await redisRefusal(redis);
  if (refusal !== null && !settings.volatileRedis) throw new Error(`${refusal.zh}\n${refusal.en}`);

  const keeper = keepConfigurations({ configurations: configurations(db, { centre: centreId, seal }), log });
  releases.push('configuration keeper', () => keeper.stop());
  keeper.keep(config);

  const centre = emptyCentre(config, clock.now());
  const desk = new LateDesk(centre);
  let role: Health['role'] = 'starting';
  let duty: Duty | undefined;
  let engine: Engine | undefined;
  // The decider's word is the only one on which configuration holds.
  const versions = new Map([[config.version, config]]);
  const holding = (): CentreConfig => versions.get(centre.routing.version) ?? config;
  let use = (): void => undefined;
  const holds = (): void => {
    use();
    for (const version of versions.keys()) if (version !== centre.routing.version) versions.delete(version);
    onConfigured(holding());
  };
  const reload = makeReload({
    now: holding,
    read,
    prepare: async (next) => {
      const prepared = await prepare(next);
      if (!prepared.ok) return prepared.failures.map(({ text }) => text);
      use = prepared.use;
      return [];
    },
    take: async (next) => {
      versions.set(next.version, next);
      // Begun before anything is decided under it.
      keeper.keep(next);
      if (engine === undefined) {
        // Nobody is in it yet.
        applyRouting(centre, next, nothingTouched());
        holds();
        return undefined;
      }
      const outcome = await engine.submit({ type: 'configure', at: clock.now(), routing: next });
      if (outcome.ok) return undefined;
      versions.delete(next.version);
      const { code, detail } = outcome.refusal;
      const text = refusalTexts[code];
      return detail === undefined ? text : { zh: `${detail}：${text.zh}`, en: `${detail}: ${text.en}` };
    },
  });
  const kept = signOuts(redis, { centre: centreId });
  const cti = openCti({
    desk,
    directory: directory(db, { centre: centreId, seal }),
    clock,
    name: () => holding().centre.name,
    onKnown: (contact, known) => engine?.post({ type: 'caller-known', at: clock.now(), contact, ...known }),
    onDirectoryAway: (error) => log.warn({ error: error.message }, 'customer records are away'),
    keepSignOut: (session, until) => void kept.keep(session, until).catch((error: unknown) => log.warn({ error: String(error) }, 'a sign-out is known to this process only')),
    standby: () => role !== 'owner',
  });
  releases.push('cti', () => cti.stop());
  const asked = whys(() => ({ databaseUrl: settings.databaseUrl, storeKey: settings.storeKey, centre: centreId, present: { version: holding().version, files: holding().files } }));
  releases.push('whys', () => asked.stop());
  const server = await makeServer({
    cti,
    contacts: contacts(db, { centre: centreId, seal }),
    whys: asked,
    recordings: recordings(db, { centre: centreId }),
    intervals: intervals(db, { centre: centreId, timeZone: () => holding().centre.timeZone }),
    audit: audit(db, { centre: centreId }),
    reload,
    health: () => ({ role, ...(duty?.health() ?? { owner: false, switchUp: false, redis: redis.status === 'ready', postgres: { up: true, lagMs: 0 } }) }),
    verify,
    secret: settings.sessionSecret,
    recordingsDir: settings.recordingsDir,
    webDir,
    origins: settings.http.origins,
    trustProxy: settings.http.trustProxy,
    log,
    lostLogLines,
    share,
  });
  releases.push('http', () => server.close());
  const { host, port, standbyPort } = settings.http;
  await server.listen({ host, port: standbyPort ?? port });
  // Bound to a host and a port, so it is never a pipe's name.
  const listening: Address = { host, port: (server.server.address() as AddressInfo).port };

  const ending = new AbortController();
  let door: Door | undefined;
  const own = async (): Promise<Address> => {
    duty = await takeDuty({
      settings, config: holding, centre, redis, db, seal, resolve, clock, log, onFatal, signal: ending.signal,
      onStandby: () => {
        role = 'standby';
        onStandby(listening);
      },
      onEngine: (ours) => {
        engine = ours;
        engine.onCommitted((events) => events.some(({ event }) => event.type === 'configured') && holds());
      },
      onTaken: (ours) => {
        role = 'taking-over';
        desk.serve(ours);
      },
    });
    // Before anybody can sign in here: who was the owner before us may have signed somebody out.
    await kept.load(clock.now()).then((known) => cti.signOuts.learn(known), (error: unknown) => log.warn({ error: String(error) }, 'earlier sign-outs are not known'));
    role = 'owner';
    if (standbyPort === undefined) return listening;
    door = await openDoor(server, { host, port, log, signal: ending.signal });
    return { host, port };
  };
  const owning = own();

  return {
    owning,
    live: () => centre.contacts.size,
    reload,
    closeDoor: () => duty?.closeDoor(),
    stop: async () => {
      role = 'stopping';
      door?.close();
      ending.abort(new Error('stopping'));
      // What fails here is told to whoever waits for the duty.
      await owning.catch(() => undefined);
      for (const { name, error } of [...((await duty?.handOver()) ?? []), ...(await releases.run())]) log.error({ part: name, error: String(error) }, 'did not stop cleanly');
    },
  };
}
