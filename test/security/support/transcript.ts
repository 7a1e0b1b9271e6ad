/**
 * Everything that is said to Asterisk, byte for byte: a wire between it and us that keeps what goes to its side. What
 * was said is held against a grammar of what we ever have reason to say, so that a value that slipped through is found
 * even where nobody thought of it.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Tap {
  readonly port: number;
  /** What went to Asterisk, one buffer a connection. */
  said(): readonly Buffer[];
  close(): Promise<void>;
}

/** `asterisk`: which end it is at, the one that connects (`near`) or the one that is connected to (`far`). */
export async function tap(to: () => { readonly host: string; readonly port: number }, asterisk: 'near' | 'far'): Promise<Tap> {
  const kept: Buffer[][] = [];
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect({ ...to(), noDelay: true });
    const mine: Buffer[] = [];
    kept.push(mine);
    near.setNoDelay(true);
    (asterisk === 'near' ? far : near).on('data', (chunk: Buffer) => mine.push(chunk));
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // It listens on TCP.
    said: () => kept.map((chunks) => Buffer.concat(chunks)),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Text frames after the HTTP head, masked or not. */
export function frames(bytes: Buffer): string[] {
  const head = bytes.indexOf('\r\n\r\n');
  const texts: string[] = [];
  let text = '';
  for (let at = head + 4; head >= 0 && at + 2 <= bytes.length; ) {
    const [first = 0, second = 0] = bytes.subarray(at, at + 2);
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (at + 2 + lengthBytes > bytes.length) break;
    const length = lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const mask = second & 0x80 ? bytes.subarray(at + 2 + lengthBytes, at + 6 + lengthBytes) : undefined;
    const body = at + 2 + lengthBytes + (mask ? 4 : 0);
    const payload = Buffer.from(bytes.subarray(body, body + length));
    if (mask) for (let n = 0; n < payload.length; n += 1) payload[n] = (payload[n] ?? 0) ^ (mask[n % 4] ?? 0);
    const opcode = first & 0x0f;
    if (opcode <= 1) text += payload.toString('utf8');
    if (opcode <= 1 && first & 0x80) {
      texts.push(text);
      text = '';
    }
    at = body + length;
  }
  return texts;
}

export interface Said {
  readonly line: string;
  /** What is wrong with it; undefined where we have reason to say it. */
  readonly fault: string | undefined;
}

/** REST over the websocket. */
export function saidOverAri(bytes: Buffer): Said[] {
  return frames(bytes).map((text) => {
    const { type, method, uri } = JSON.parse(text) as { type: string; method: string; uri: string };
    return type === 'RESTRequest' ? judged(`${method} ${uri}`) : { line: text, fault: 'not a request' };
  });
}

/** Requests of ari-client, each on a socket of its own. */
export function saidOverHttp(bytes: Buffer): Said[] {
  const lines = bytes.toString('latin1').split('\r\n').filter((line) => / HTTP\/1\.[01]$/.test(line));
  return lines.filter((line) => !/\/ari\/(?:api-docs|events)/.test(line)).map((line) => judged(line.replace(/ HTTP\/1\.[01]$/, '').replace('/ari/', '')));
}

export function judged(line: string): Said {
  const [method = '', address = ''] = line.split(' ');
  const [path = '', query = ''] = address.split('?');
  const steps = path.split('/').map(decodeURIComponent);
  const whole = [method, ...steps].join(' ');
  const rule = requests.find(({ is }) => is.test(whole));
  if (rule === undefined) return { line, fault: `no such request: ${whole}` };
  const given = [...new URLSearchParams(query)];
  const wrong = given.find(([name, value]) => !rule.query?.[name]?.test(value));
  const twice = new Set(given.map(([name]) => name)).size !== given.length;
  return { line, fault: twice ? 'a parameter twice' : wrong && `${wrong[0]}=${wrong[1]}` };
}

const id = '[A-Za-z0-9](?:[A-Za-z0-9_-]|\\.(?!\\.)){0,127}';
const on = (text: string): RegExp => new RegExp(`^${text.replaceAll('ID', id)}$`);
const idIs = on('ID');
const ticket = /^\{"contact":"[\w-]+","arrivedAt":\d+,"language":"(?:zh|en)"(?:,"queue":"[\w-]+")?(?:,"queuedAt":\d+)?(?:,"priority":-?\d+)?\}$/;

/** Every request that we ever have reason to make, with the shape of every value in it. */
const requests: readonly { readonly is: RegExp; readonly query?: Readonly<Record<string, RegExp>> }[] = [
  { is: on('GET asterisk info'), query: { only: /^(?:status|system)$/ } },
  { is: on('(?:GET|POST) asterisk variable'), query: { variable: /^REXIAN_[A-Z]+$|^EPOCH$/, value: /^\d{0,12}$/ } },
  { is: on('GET (?:channels|bridges)') },
  { is: on('PUT applications rexian eventFilter'), query: { filter: /^/ } },
  { is: on('POST applications rexian subscription'), query: { eventSource: on('channel:ID') } },
  { is: on('GET channels ID variable'), query: { variable: /^(?:REXIAN_TICKET|MIXMONITOR_FILENAME)$/ } },
  { is: on('POST channels ID variable'), query: { variable: /^(?:REXIAN_TICKET|TIMEOUT\(absolute\))$/, value: new RegExp(`^0$|${ticket.source}`) } },
  { is: on('POST channels ID answer') },
  { is: on('POST channels ID play'), query: { playbackId: idIs, media: /^(?!.*\.\.)sound:[\w/@.+~-]+(?:,sound:[\w/@.+~-]+)*$/ } },
  { is: on('DELETE playbacks ID') },
  { is: on('POST channels ID moh'), query: { mohClass: /^\w[\w-]*$/ } },
  { is: on('DELETE channels ID moh') },
  { is: on('POST channels rx-[at]-ID'), query: {
    endpoint: /^PJSIP\/(?:\d{3,6}|\+?\d{1,20}(?:@\w[\w-]*)?)$/, app: /^rexian$/, appArgs: /^(?:agent|transfer)$/, formats: /^[a-z,]+$/, timeout: /^\d{1,4}$/, callerId: /^[0-9A-Za-z+*#._-]{1,32}$/,
  } },
  { is: on('DELETE channels ID'), query: { reason: /^(?:normal|busy|congestion)$/ } },
  { is: on('POST bridges ID'), query: { type: /^mixing$/ } },
  { is: on('POST bridges ID addChannel'), query: { channel: on('ID,ID') } },
  { is: on('DELETE bridges ID') },
];

/** AMI: actions, parted by empty lines. */
export function saidOverAmi(bytes: Buffer): Said[] {
  return bytes.toString('utf8').split('\r\n\r\n').filter((action) => action !== '').map((action) => {
    const lines = action.split('\r\n').map((line) => /^([A-Za-z]+): ?(.*)$/s.exec(line));
    if (lines.includes(null)) return { line: action, fault: 'a line that is no header' };
    const fields = new Map(lines.map((line) => [line?.[1]?.toLowerCase() ?? '', line?.[2] ?? '']));
    if (fields.size !== lines.length) return { line: action, fault: 'a header twice' };
    const shapes = actions[fields.get('action')?.toLowerCase() ?? ''];
    if (shapes === undefined) return { line: action, fault: 'no such action' };
    const wrong = [...fields].find(([name, value]) => name !== 'action' && name !== 'actionid' && !shapes[name]?.test(value));
    return { line: name(action), fault: wrong && `${wrong[0]}: ${wrong[1]}` };
  });
}

/** Without the password of the sign-in. */
const name = (action: string): string => action.replace(/^Secret: .*$/m, 'Secret: …');

const actions: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  login: { username: /^rexian$/, secret: /^\w+$/, event: /^on$/ },
  ping: {},
  devicestatelist: {},
  pjsipshowcontacts: {},
  reload: { module: /^res_ari\.so$/ },
  setvar: { channel: idIs, variable: /^(?:REXIAN_TICKET|TIMEOUT\(absolute\))$/, value: new RegExp(`^0$|${ticket.source}`) },
  mixmonitor: { channel: idIs, file: on('(?:/[\\w.@+~-]+)+/ID\\.raw'), options: /^D$/ },
  mixmonitormute: { channel: idIs, direction: /^both$/, state: /^[01]$/ },
  stopmixmonitor: { channel: idIs },
  pjsipnotify: { channel: /^PJSIP\/[\w.+-]+-[0-9a-f]+$/, endpoint: /^\d{3,6}$/, variable: /^Event=talk$/ },
};

/** For a test's message: what was said and should not have been. */
export const faults = (said: readonly Said[]): string[] => said.flatMap(({ line, fault }) => (fault === undefined ? [] : [`${fault} in ${JSON.stringify(line).slice(0, 300)}`]));
