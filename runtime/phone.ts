// A real SIP phone (baresip): it registers, dials, answers, presses keys, sends a tone and records what it hears.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { controlBaresip, type BaresipControl } from './baresip-control.ts';
import { freeSipPort, freeTcpPort, loopback } from './ports.ts';
import { startProcess, type RunningProcess } from './process.ts';
import { baresipModules, program, type Programs } from './program.ts';
import { until } from './until.ts';
import { decodeWav, type Wav } from './wav.ts';

export type PhoneOptions = {
  programs: Programs;
  /** A folder of this phone's own; made if it is not there. */
  folder: string;
  /** The user part of its address: an agent's id, or the caller's number. */
  user: string;
  server: { host: string; port: number };
  /** Registers with digest authentication; without it the phone is an outside caller. */
  password?: string;
  /** `when-told`: by itself, where the call asks for it (Call-Info: …;answer-after=0). */
  answer?: 'manual' | 'auto' | 'when-told';
  /** Hertz of the tone it sends in every call; 440 when not said. */
  tone?: number;
};

/** What the phone tells of itself, in order. `raw` is baresip's own message. */
export type PhoneEvent = {
  type: 'registered' | 'register-failed' | 'incoming' | 'ringing' | 'early-media' | 'established' | 'closed';
  at: number;
  peer: string;
  reason: string;
  raw: Readonly<Record<string, unknown>>;
};

export type Phone = {
  readonly user: string;
  readonly pid: number;
  readonly events: readonly PhoneEvent[];
  /** The next event of this type that `waitFor` has not answered yet, already seen or still to come. */
  waitFor(type: PhoneEvent['type'], limitMs?: number): Promise<PhoneEvent>;
  /** An event of this type came and nobody has waited for it. */
  pending(type: PhoneEvent['type']): boolean;
  onEvent(listener: (event: PhoneEvent) => void): () => void;
  dial(number: string): Promise<void>;
  answer(): Promise<void>;
  hangUp(): Promise<void>;
  /** RFC 4733, one key after another, as fast as fingers are. */
  sendKeys(digits: string): Promise<void>;
  unregister(): Promise<void>;
  /** The WAV of what it heard in its last call; whole once that call is closed. */
  received(): string;
  receivedWav(): Promise<Wav>;
  stop(): Promise<void>;
  /** As a phone whose power goes: no BYE, no unregistration. */
  kill(): Promise<void>;
};

/**
 * A key is on its way for some 100 ms. baresip keeps those that come meanwhile for another of its threads, and with eight at
 * once one was heard twice now and then (88123455 for 88123456).
 */
const betweenKeysMs = 200;

const eventTypes: Readonly<Record<string, PhoneEvent['type']>> = {
  REGISTER_OK: 'registered',
  REGISTER_FAIL: 'register-failed',
  CALL_INCOMING: 'incoming',
  CALL_RINGING: 'ringing',
  CALL_PROGRESS: 'early-media',
  CALL_ESTABLISHED: 'established',
  CALL_CLOSED: 'closed',
};

export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const { folder, user, server, programs } = options;
  await mkdir(folder, { recursive: true });
  const received = join(folder, 'received.wav');
  const [sip, control] = [await freeSipPort(), await freeTcpPort()];
  await rm(received, { force: true });
  await writeFile(join(folder, 'config'), configuration(options, sip, control, received));
  await writeFile(join(folder, 'accounts'), '');
  await writeFile(join(folder, 'contacts'), '');

  const events: PhoneEvent[] = [];
  const waitedFor: Partial<Record<PhoneEvent['type'], number>> = {};
  const listeners = new Set<(event: PhoneEvent) => void>();
  const { command, args, env } = program(programs, 'baresip', ['-f', folder, '-4']);
  let connected: BaresipControl | undefined;
  const phone: RunningProcess = await startProcess({
    name: `phone ${user}`, command, args, cwd: folder,
    env: { ...env, HOME: folder },
    logFile: join(folder, 'phone.log'),
    ready: async () => (connected = await controlBaresip(control, take)) !== undefined,
  });
  let death = '';
  void phone.exited.then(({ code, signal }) => (death = signal ?? `exit code ${code}`));
  const tell = async (name: string, params?: string): Promise<void> => {
    if (death !== '') throw new Error(`phone ${user} ended (${death}) before "${name}"`);
    if (!connected) throw new Error('the phone has no control connection');
    await connected.tell(name, params);
  };

  function take(message: Readonly<Record<string, unknown>>): void {
    const type = eventTypes[String(message['type'])];
    if (!type) return;
    const event = { type, at: Date.now(), peer: String(message['peeruri'] ?? ''), reason: String(message['param'] ?? ''), raw: message };
    events.push(event);
    for (const listener of listeners) listener(event);
  }

  // The account comes last, so that no event of its registration comes before somebody listens.
  await tell('uanew', account(options));
  const nextOf = (type: PhoneEvent['type']): PhoneEvent | undefined => events.filter((event) => event.type === type)[waitedFor[type] ?? 0];
  return {
    user,
    get pid() {
      return phone.pid;
    },
    events,
    async waitFor(type, limitMs = 10_000) {
      const event = await until(() => {
        const found = nextOf(type);
        if (!found && !phone.running) throw new Error(`phone ${user} ended (${death}) while "${type}" was awaited`);
        return found;
      }, { limitMs, everyMs: 5, what: `phone ${user}: ${type}` });
      waitedFor[type] = (waitedFor[type] ?? 0) + 1;
      return event;
    },
    pending: (type) => nextOf(type) !== undefined,
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dial: (number) => tell('dial', `sip:${number}@${server.host}:${server.port}`),
    answer: () => tell('accept'),
    hangUp: () => tell('hangup'),
    async sendKeys(digits) {
      for (const [index, digit] of [...digits].entries()) {
        if (index > 0) await sleep(betweenKeysMs);
        await tell('sndcode', digit);
      }
    },
    unregister: () => tell('uadelall'),
    received: () => received,
    receivedWav: async () => decodeWav(await readFile(received)),
    async stop() {
      // `quit` hangs up and unregisters, which a bare signal would leave to timers of the other side.
      if (phone.running) await Promise.race([tell('quit').catch(() => {}), phone.exited]);
      const limit = new Promise((resolve) => setTimeout(resolve, 2_000).unref());
      await Promise.race([phone.exited, limit]);
      await phone.stop();
      connected?.close();
    },
    async kill() {
      if (phone.running) process.kill(phone.pid, 'SIGKILL');
      await phone.exited;
      connected?.close();
    },
  };
}

function configuration(options: PhoneOptions, sip: number, control: number, received: string): string {
  return [
    `sip_listen ${loopback}:${sip}`,
    'call_local_timeout 300',
    'call_max_calls 4',
    `net_interface ${loopback}`,
    'rtp_ports 34000-59000',
    'rtp_timeout 0',
    'jitter_buffer_delay 2-10',
    // ausine makes its tone at 48 kHz; baresip brings it down to the codec's 8 kHz.
    `audio_source ausine,${options.tone ?? 440}`,
    'ausrc_srate 48000',
    `audio_player aufile,${received}`,
    'auplay_srate 8000',
    'ausrc_channels 1',
    'auplay_channels 1',
    // Its own ringing would go into the same file as the call.
    ...['ring', 'ringback', 'callwaiting', 'notfound', 'busy', 'error', 'sip_autoanswer'].map((name) => `${name}_aufile none`),
    // It would wait for the end of a sound that is not there.
    'sip_autoanswer_beep no',
    'audio_level no',
    'ausrc_format s16',
    'auplay_format s16',
    'auenc_format s16',
    'audec_format s16',
    'audio_buffer 20-160',
    'audio_telev_pt 101',
    `ctrl_tcp_listen ${loopback}:${control}`,
    `module_path ${baresipModules(options.programs)}`,
    ...['g711', 'ausine', 'aufile'].map((name) => `module ${name}.so`),
    ...['account', 'ctrl_tcp', 'menu'].map((name) => `module_app ${name}.so`),
    '',
  ].join('\n');
}

function account({ user, password, server, answer = 'manual' }: PhoneOptions): string {
  const parameters = [
    ...(password ? [`auth_user=${user}`, `auth_pass=${password}`, 'regint=60'] : ['regint=0']),
    ...(answer === 'when-told' ? ['answermode=manual', 'sip_autoanswer=yes'] : [`answermode=${answer}`]),
    'audio_codecs=PCMA/8000/1,PCMU/8000/1',
    'dtmfmode=rtpevent',
    'ptime=20',
  ];
  return `<sip:${user}@${server.host}:${server.port}>;${parameters.join(';')}`;
}
