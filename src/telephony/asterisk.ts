/** The port on a real Asterisk: calls over ARI, devices and recordings over AMI. */
import { join } from 'node:path';
import { legId } from '../base/ids.ts';
import type { RecordingId } from '../base/ids.ts';
import { connectAmi } from './ami.ts';
import type { AmiEvent } from './ami.ts';
import { openAri } from './ari/open.ts';
import type { AsteriskOptions, AsteriskTelephony } from './asterisk-port.ts';
import { isWorthReading, readEvent, unusedEvents } from './facts.ts';
import { Gate } from './gate.ts';
import { keepAlive } from './heartbeat.ts';
import { Intruders } from './intruders.ts';
import type { Legs } from './legs.ts';
import { PastLegs } from './past-legs.ts';
import { perform } from './perform.ts';
import { Phones } from './phones.ts';
import type { Fact, SeenDevice } from './port.ts';
import { watchRecorder } from './recorder-watch.ts';
import type { RecorderWatch } from './recorder-watch.ts';
import { keepMemory, lookAround } from './resync.ts';
import type { Sight } from './resync.ts';
import { reviver } from './revive.ts';
import { safeSwitch } from './safe-switch.ts';
import { secondTry } from './second-try.ts';
import { fileSettled } from './settled-file.ts';
import { urgentFirst } from './urgent.ts';
import { switchClock } from './switch-clock.ts';
import { watchTalks } from './talk-watch.ts';

/** How long the first comparison waits for AMI, so that it can tell of devices too. */
const amiWithinMs = 3_000;
const lookAgainMs = 1_000;
/** An Asterisk that hangs must not keep our process. */
const lastWordMs = 500;
/** Of a connection that goes again before it was compared. */
const missedMax = 100_000;

export function connectTelephony(options: AsteriskOptions): AsteriskTelephony {
  const { app, log, clock, recordingsDir, owns = () => true } = options;
  const ari = openAri(options);
  const ami = options.ami === undefined ? undefined : connectAmi({ ami: options.ami, log });
  const legs: Legs = new Map();
  const past = new PastLegs();
  /** What Asterisk kept for us and nobody has read yet. */
  let missed: readonly unknown[] = [];
  const theirClock = switchClock();
  const alive = keepAlive(ari, clock, theirClock, { stalled: () => pulse('switch-stalled'), resumed: () => pulse('switch-resumed') });
  const revive = ami === undefined || options.connection !== 'outbound' ? undefined : reviver(ami, log);
  const again = secondTry(ari, legs);
  const dangerOf = safeSwitch({ ari, insecure: options.insecure ?? 'refuse', log });
  const ended = new AbortController();
  const gate = new Gate();
  const told = (device: SeenDevice): void => gate.pass(() => post({ type: 'device-changed', at: clock.now(), ...device }));
  const intruders = new Intruders({ clock, log });
  const phones = new Phones({ ami, agents: options.agents, remoteAnswer: options.remoteAnswer ?? [], tell: told });
  let post: (fact: Fact) => void = () => undefined;
  let round = 0;
  /** The comparison of this connection has been told. */
  let seen = false;
  let lastStart: number | undefined;
  let recorder: RecorderWatch | undefined;

  const talks = watchTalks({
    ari,
    lives: (leg) => legs.has(leg),
    missing: (leg) => log.warn({ leg }, 'a leg that was connected is not in its bridge: hanging it up'),
    lost: (leg) => {
      log.warn({ leg }, 'a leg that was connected is in no bridge and cannot be hung up');
      legs.delete(leg);
      past.ended(leg, clock.now(), true);
      post({ type: 'leg-down', at: clock.now(), leg, end: 'gone' });
    },
  });

  const context = { ...options, legs, amiUp: () => ami?.connected() === true };
  const performing = { context, ari, ami, secondTry: again, post: (fact: Fact) => post(fact), clock, log };

  function pulse(type: 'switch-stalled' | 'switch-resumed'): void {
    log.warn({}, type === 'switch-stalled' ? 'Asterisk does not answer, waiting for it' : 'Asterisk answers again');
    if (seen) post({ type, at: clock.now() });
  }

  function takeEvent(json: unknown): void {
    const { read, ...event } = readEvent(json, legs, past);
    if (read === 'unreadable') return log.warn(event, 'an ARI event that could not be read');
    if (!('fact' in event)) return;
    post({ ...event.fact, at: theirClock.ofEvent(event.fact.at, clock.now()) });
    if (event.fact.type === 'leg-down' && event.leg?.recording !== undefined) recordingEnded(event.leg.recording);
  }

  function recordingEnded(recording: RecordingId): void {
    void fileSettled(join(recordingsDir, `${recording}.raw`), ended.signal).then(() => {
      if (!ended.signal.aborted) post({ type: 'recording-stopped', at: clock.now(), recording });
    });
  }

  /** Posts `switch-seen` and lets what happened meanwhile follow it; looks again until it has seen or the connection is gone. */
  async function compare(mine: number, done: () => void, refuse: (error: Error) => void): Promise<void> {
    const danger = await dangerOf();
    if (danger !== undefined) return refuse(danger);
    await ari.request({ method: 'PUT', path: ['applications', app, 'eventFilter'], body: { disallowed: unusedEvents.map((type) => ({ type })) } });
    const [sight, devices] = await Promise.all([lookAround(ari, app), phones.look()]);
    if (mine !== round || ended.signal.aborted) return;
    if (sight === undefined || gate.overflowed) {
      log.warn('could not see all of the switch, looking again');
      gate.hold();
      setTimeout(() => mine === round && !ended.signal.aborted && void compare(mine, done, refuse), lookAgainMs).unref();
      return;
    }
    keepMemory(legs, sight.legs);
    const gone = [...legs].filter(([id]) => !sight.legs.has(id)).flatMap(([, { recording }]) => recording ?? []);
    legs.clear();
    for (const [id, leg] of sight.legs) legs.set(id, leg);
    post({ type: 'switch-seen', at: clock.now(), ...inOurTime(sight), bridges: sight.bridges, devices });
    const seenLegs = new Set(sight.legs.keys());
    for (const event of missed) if (isWorthReading(event, seenLegs)) takeEvent(event);
    missed = [];
    gate.open();
    gone.forEach(recordingEnded);
    log.info({ legs: sight.seen.length, bridges: sight.bridges.length, devices: devices.length }, 'switch seen');
    seen = true;
    done();
  }

  /** A switch that has not restarted since we last looked says the same start, whatever its clock says now. */
  function inOurTime({ startedAt, seen }: Sight): Pick<Extract<Fact, { type: 'switch-seen' }>, 'startedAt' | 'legs'> {
    const restarted = startedAt !== lastStart;
    lastStart = startedAt;
    return { startedAt: restarted ? theirClock.ours(startedAt) : 0, legs: seen.map((leg) => ({ ...leg, since: theirClock.ours(leg.since) })) };
  }

  function takeAmi(event: AmiEvent): void {
    phones.take(event);
    intruders.take(event);
    if (event['event'] !== 'MixMonitorStop') return;
    const leg = legs.get(legId(event['uniqueid'] ?? ''));
    const { recording } = leg ?? {};
    if (leg === undefined || recording === undefined) return;
    delete leg.recording;
    gate.pass(() => recordingEnded(recording));
  }

  function amiUp(): void {
    void tellDevices();
    void again.again((order) => perform(order, performing));
  }

  const tellDevices = async (): Promise<void> => (await phones.look()).forEach(told);

  async function stop(successor = false): Promise<void> {
    ended.abort();
    recorder?.stop();
    round += 1;
    revive?.end();
    again.stop();
    talks.stop();
    phones.stop();
    // Both are answered after what was sent before them, so that no order is lost on its way out.
    await Promise.all([alive.stop(successor), Promise.race([ami?.action({ Action: 'Ping' }), elapsed(lastWordMs)])]);
    post = () => undefined;
    await Promise.all([ari.stop(), ami?.stop()]);
  }

  return {
    start: async (to) => {
      post = to;
      recorder = watchRecorder({
        recordingsDir,
        running: () => [...legs.values()].flatMap(({ recording }) => recording ?? []),
        managed: context.amiUp,
        seen: (state) => post({ type: 'recorder-seen', at: clock.now(), ...state }),
        lost: (recording, why) => post({ type: 'recording-lost', at: clock.now(), recording, why }),
      });
      await recorder.firstLook;
      const manager = ami?.start({ up: amiUp, event: takeAmi, down: () => void tellDevices() });
      // A refused password rejects the start below; here it is only a wait that is over.
      const amiReady = Promise.race([manager?.catch(() => undefined), new Promise<void>((resolve) => setTimeout(resolve, amiWithinMs).unref())]);
      await new Promise<void>((resolve, reject) => {
        manager?.catch(reject);
        ari.start({
          up: (kept) => {
            round += 1;
            const mine = round;
            missed = [...missed, ...kept].slice(-missedMax);
            gate.hold();
            seen = false;
            revive?.end();
            alive.begin();
            void amiReady.then(() => (mine === round ? compare(mine, resolve, reject) : undefined));
          },
          event: (event) => gate.pass(() => takeEvent(event)),
          down: () => {
            round += 1;
            gate.drop();
            alive.end();
            seen = false;
            revive?.begin();
            post({ type: 'switch-lost', at: clock.now() });
          },
        }).catch(reject);
        revive?.begin();
      }).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
    },
    send: (orders) => {
      for (const order of urgentFirst(orders)) {
        // A process may be stopped between any two lines, and wake up when another has long taken over.
        if (!owns()) return log.error({ order: order.type }, 'an order is not given: the lease has run out');
        perform(order, performing);
        if (order.type === 'connect') talks.connected(order.bridge, order.legs);
      }
    },
    connected: () => ari.connected(),
    setAgents: (ids, remoteAnswer) => {
      phones.setAgents(ids, remoteAnswer);
      void tellDevices();
    },
    closeDoor: () => alive.closeDoor(),
    stop,
  };
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
