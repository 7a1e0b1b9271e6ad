/**
 * Everything that is said to Asterisk, held against a grammar of what we ever have reason to say, so that a value that
 * slipped through is found even where nobody thought of it.
 */

export interface Said {
  readonly line: string;
  /** What is wrong with it; undefined where we have reason to say it. */
  readonly fault: string | undefined;
}

/** A frame of REST over the websocket; one request of ours has a body. */
export function saidInFrame(frame: string): Said {
  const { type, method, uri, transaction_id: _, request_id: __, content_type: kind, message_body: body, ...others } = JSON.parse(frame) as Record<string, string>;
  const said = judged(`${method} ${uri}`);
  if (type !== 'RESTRequest' || Object.keys(others).length > 0) return { line: frame, fault: `not a request with nothing else: ${type} ${Object.keys(others).join()}` };
  if (kind === undefined && body === undefined) return said;
  const isFilter = uri === 'applications/rexian/eventFilter' && kind === 'application/json' && filter.test(body ?? '');
  return { line: frame, fault: isFilter ? said.fault : 'a body that is no event filter' };
}

const filter = /^\{"disallowed":\[(?:\{"type":"[A-Za-z]+"\},?)+\]\}$/;

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
const talk = '\\{(?:"agent":"\\d{3,6}",)?"leg":"rx-[at]-[\\w-]+","bridge":"rx-b-[\\w-]+","connectedAt":\\d+(?:,"recording":\\{"id":"rx-r-[\\w-]+","paused":(?:true|false)\\})?\\}';
const ticket = new RegExp(`^\\{"contact":"[\\w-]+","arrivedAt":\\d+,"language":"(?:zh|en)"(?:,"n":\\d+)?(?:,"queue":"[\\w-]+")?(?:,"queuedAt":\\d+)?(?:,"enteredAt":\\d+)?(?:,"priority":-?\\d+)?(?:,"talk":${talk})?\\}$`);

/** Every request that we ever have reason to make, with the shape of every value in it. */
const requests: readonly { readonly is: RegExp; readonly query?: Readonly<Record<string, RegExp>> }[] = [
  { is: on('GET asterisk info'), query: { only: /^(?:status|system)$/ } },
  { is: on('(?:GET|POST) asterisk variable'), query: { variable: /^REXIAN_[A-Z]+$|^EPOCH$/, value: /^\d{0,12}$/ } },
  { is: on('GET asterisk ping') },
  { is: on('GET (?:channels|bridges)') },
  { is: on('GET bridges ID') },
  { is: on('PUT applications rexian eventFilter'), query: { filter: /^/ } },
  { is: on('POST applications rexian subscription'), query: { eventSource: on('channel:ID') } },
  { is: on('GET channels ID variable'), query: { variable: /^(?:REXIAN_TICKET|MIXMONITOR_FILENAME)$/ } },
  { is: on('POST channels ID variable'), query: { variable: /^(?:REXIAN_TICKET|TIMEOUT\(absolute\))$/, value: new RegExp(`^0$|${ticket.source}`) } },
  { is: on('POST channels ID answer') },
  { is: on('POST channels ID play'), query: { playbackId: idIs, media: /^(?!.*\.\.)sound:[\w/@.+~-]+(?:,sound:[\w/@.+~-]+)*$/ } },
  { is: on('DELETE playbacks ID') },
  { is: on('POST channels ID moh'), query: { mohClass: /^\w[\w-]*$/ } },
  { is: on('DELETE channels ID moh') },
  { is: on('POST channels ID ring') },
  { is: on('DELETE channels ID ring') },
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
