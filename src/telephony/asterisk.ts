/** The port on a real Asterisk: calls over ARI, devices and recordings over AMI. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { agentId, legId } from '../base/ids.ts';
import type { AgentId, RecordingId } from '../base/ids.ts';
import { connectAmi } from './ami.ts';
import type { AmiEvent, AmiOptions } from './ami.ts';
import type { AriConnection } from './ari/connection.ts';
import { inboundConnection } from './ari/inbound.ts';
import type { InboundOptions } from './ari/inbound.ts';
import { legacyConnection } from './ari/legacy.ts';
import { outboundConnection } from './ari/outbound.ts';
import type { OutboundOptions } from './ari/outbound.ts';
import { deviceIn } from './devices.ts';
import { readEvent, unusedEvents } from './facts.ts';
import { Gate } from './gate.ts';
import { keepAlive } from './heartbeat.ts';
import type { Legs } from './legs.ts';
import { perform } from './perform.ts';
import type { Fact, Media, SeenDevice, Telephony } from './port.ts';
import { keepMemory, lookAround } from './resync.ts';
import { fileSettled } from './settled-file.ts';

export interface AsteriskOptions {
  /** Who opens the ARI connection: Asterisk (`outbound`, the default), we, or we through ari-client for old servers. */
  readonly connection: 'outbound' | 'inbound' | 'ari-client';
  readonly listen?: OutboundOptions['listen'];
  readonly ari?: InboundOptions['ari'];
  /** Without it there are no device states, no recordings and no answering by the desktop. */
  readonly ami?: AmiOptions['ami'];
  readonly app: string;
  readonly agents: readonly AgentId[];
  readonly recordingsDir: string;
  /** Sound names below `soundsDir`, without endings. */
  readonly resolve: (media: Media) => readonly string[];
  /** The sounds' folder as Asterisk sees it; without it, Asterisk's own. */
  readonly soundsDir?: string;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface AsteriskTelephony extends Telephony {
  /** Whose phones are told of from now on. */
  setAgents(agents: readonly AgentId[]): void;
  /** New callers are left to the dialplan's apology; those who are here are served. */
  closeDoor(): void;
}

/** How long the first comparison waits for AMI, so that it can tell of devices too. */
const amiWithinMs = 3_000;
const lookAgainMs = 1_000;

export function connectTelephony(options: AsteriskOptions): AsteriskTelephony {
  const { app, log, clock, recordingsDir } = options;
  const ari = connectionOf(options);
  const ami = options.ami === undefined ? undefined : connectAmi({ ami: options.ami, log });
  const legs: Legs = new Map();
  // The dialplan compares it with the machine's time, which a machine that slept or was set has moved and ours has not.
  const alive = keepAlive(ari, { now: () => Date.now() });
  const ended = new AbortController();
  const gate = new Gate();
  let agents: ReadonlySet<string> = new Set(options.agents);
  let post: (fact: Fact) => void = () => undefined;
  let round = 0;

  const context = { ...options, legs, amiUp: () => ami?.connected() === true };
  const performing = { context, ari, ami, post: (fact: Fact) => post(fact), clock, log };

  function takeEvent(json: unknown): void {
    const { read, ...event } = readEvent(json, legs);
    if (read === 'unreadable') return log.warn(event, 'an ARI event that could not be read');
    if (!('fact' in event)) return;
    post(event.fact);
    if (event.fact.type === 'leg-down' && event.leg?.recording !== undefined) recordingEnded(event.leg.recording);
  }

  function recordingEnded(recording: RecordingId): void {
    void fileSettled(join(recordingsDir, `${recording}.raw`), ended.signal).then(() => {
      if (!ended.signal.aborted) post({ type: 'recording-stopped', at: clock.now(), recording });
    });
  }

  /** Posts `switch-seen` and lets what happened meanwhile follow it; looks again until it has seen or the connection is gone. */
  async function compare(mine: number, seen: () => void): Promise<void> {
    await ari.request({ method: 'PUT', path: ['applications', app, 'eventFilter'], body: { disallowed: unusedEvents.map((type) => ({ type })) } });
    const [sight, devices] = await Promise.all([lookAround(ari, app), listDevices()]);
    if (mine !== round || ended.signal.aborted) return;
    if (sight === undefined || gate.overflowed) {
      log.warn('could not see all of the switch, looking again');
      gate.hold();
      setTimeout(() => mine === round && !ended.signal.aborted && void compare(mine, seen), lookAgainMs).unref();
      return;
    }
    keepMemory(legs, sight.legs);
    const gone = [...legs].filter(([id]) => !sight.legs.has(id)).flatMap(([, { recording }]) => recording ?? []);
    legs.clear();
    for (const [id, leg] of sight.legs) legs.set(id, leg);
    post({ type: 'switch-seen', at: clock.now(), startedAt: sight.startedAt, legs: sight.seen, bridges: sight.bridges, devices });
    gate.open();
    gone.forEach(recordingEnded);
    log.info({ legs: sight.seen.length, bridges: sight.bridges.length, devices: devices.length }, 'switch seen');
    seen();
  }

  /** While AMI is away nothing is known of any phone: one last seen in a call would never be rung again. */
  async function listDevices(): Promise<readonly SeenDevice[]> {
    const items = await ami?.list({ Action: 'DeviceStateList' });
    return items?.flatMap((item) => deviceIn(item, agents) ?? []) ?? [...agents].map((agent) => ({ agent: agentId(agent), device: 'unknown' }));
  }

  const told = (device: SeenDevice): void => gate.pass(() => post({ type: 'device-changed', at: clock.now(), ...device }));

  function takeAmi(event: AmiEvent): void {
    const device = deviceIn(event, agents);
    if (device !== undefined) return told(device);
    if (event['event'] !== 'MixMonitorStop') return;
    const leg = legs.get(legId(event['uniqueid'] ?? ''));
    const { recording } = leg ?? {};
    if (leg === undefined || recording === undefined) return;
    delete leg.recording;
    gate.pass(() => recordingEnded(recording));
  }

  const tellDevices = async (): Promise<void> => (await listDevices()).forEach(told);

  async function stop(): Promise<void> {
    ended.abort();
    round += 1;
    await alive.stop();
    post = () => undefined;
    await Promise.all([ari.stop(), ami?.stop()]);
  }

  return {
    start: async (to) => {
      post = to;
      const manager = ami?.start({ up: () => void tellDevices(), event: takeAmi, down: () => void tellDevices() });
      // A refused password rejects the start below; here it is only a wait that is over.
      const amiReady = Promise.race([manager?.catch(() => undefined), new Promise<void>((resolve) => setTimeout(resolve, amiWithinMs).unref())]);
      await new Promise<void>((resolve, reject) => {
        manager?.catch(reject);
        ari.start({
          up: () => {
            round += 1;
            const mine = round;
            gate.hold();
            alive.begin();
            void amiReady.then(() => (mine === round ? compare(mine, resolve) : undefined));
          },
          event: (event) => gate.pass(() => takeEvent(event)),
          down: () => {
            round += 1;
            gate.drop();
            alive.end();
            post({ type: 'switch-lost', at: clock.now() });
          },
        }).catch(reject);
      }).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
    },
    send: (orders) => {
      for (const order of orders) perform(order, performing);
    },
    connected: () => ari.connected(),
    setAgents: (ids) => {
      agents = new Set(ids.map(agentId));
      void tellDevices();
    },
    closeDoor: () => alive.closeDoor(),
    stop,
  };
}

function connectionOf({ connection, listen, ari, app, log }: AsteriskOptions): AriConnection {
  if (connection === 'outbound') {
    if (listen === undefined) throw new Error('the outbound connection needs to know where to listen');
    return outboundConnection({ listen, app, log });
  }
  if (ari === undefined) throw new Error(`the ${connection} connection needs the address of ARI`);
  return connection === 'inbound' ? inboundConnection({ ari, app, log }) : legacyConnection({ ari, app, log });
}
