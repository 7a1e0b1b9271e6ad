// Asterisk's configuration files from our templates and one set of values. Pure: texts in, texts out.
// Every value is checked against the narrowest shape that serves it, so none can add a line, a section or a comment.

export type AsteriskValues = Readonly<{
  systemName: string;
  folders: Readonly<{
    etc: string; modules: string; data: string; state: string; spool: string; run: string; log: string;
    sounds: string; music: string;
  }>;
  /** `announce` is the address at which phones reach us where it is not `host`: behind address translation. */
  sip: Readonly<{ host: string; port: number; announce?: string }>;
  rtp: Readonly<{ start: number; end: number }>;
  http: Readonly<{ host: string; port: number }>;
  ari: Readonly<{ user: string; password: string }>;
  /** Where our service listens for Asterisk's outbound websocket. */
  service: Readonly<{ url: string; user: string; password: string }>;
  /** `permit` is the only network that may log in. */
  ami: Readonly<{ host: string; port: number; user: string; password: string; permit: string }>;
  /** Networks whose phones and trunks may call the hotline without a password. */
  callersFrom: readonly string[];
  agents: readonly Readonly<{ id: string; password: string }>[];
  /**
   * What a caller gets while the service is away: pieces of music, each ended by another try. `claimSeconds` is how
   * long a service that is there may take to claim the call, `reclaimSeconds` the same after the apology.
   */
  away: Readonly<{ tries: number; musicSeconds: number; claimSeconds: number; reclaimSeconds: number }>;
}>;

export class UnsafeValue extends Error {
  constructor(name: string, value: unknown, wanted: string) {
    super(`${name}: ${JSON.stringify(value)} cannot stand in an Asterisk file; wanted: ${wanted}`);
    this.name = 'UnsafeValue';
  }
}

/** `templates` and the answer are keyed by file name. */
export function renderAsteriskConf(templates: Readonly<Record<string, string>>, values: AsteriskValues): Record<string, string> {
  const flat = checked(values);
  const files: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) files[name] = render(name, template, flat, repeated(values));
  return files;
}

type Shape = { wanted: string; allows: (value: string) => boolean };

const matches = (pattern: RegExp, wanted: string): Shape => ({ wanted, allows: (value) => pattern.test(value) });
const word = matches(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'letters, digits, - and _');
const secret = matches(/^[A-Za-z0-9_.~+/=-]{1,128}$/, 'letters, digits and _ . ~ + / = -');
const folder = matches(/^\/[A-Za-z0-9_./@+~-]*$/, 'an absolute path of letters, digits and _ . / @ + ~ - (no spaces)');
const host = matches(/^(\d{1,3}\.){3}\d{1,3}$/, 'an IPv4 address');
const network = matches(/^(\d{1,3}\.){3}\d{1,3}(\/(\d{1,2}|(\d{1,3}\.){3}\d{1,3}))?$/, 'an IPv4 address or network');
const url = matches(/^wss?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9_./-]*)?$/, 'a ws:// or wss:// address');
const port = between(1, 65_535);

function between(low: number, high: number): Shape {
  return { wanted: `a whole number from ${low} to ${high}`, allows: (value) => /^\d+$/.test(value) && Number(value) >= low && Number(value) <= high };
}

/** Section names of pjsip.conf that an agent's id would collide with. */
const reserved = new Set(['global', 'system', 'udp', 'tcp', 'codecs', 'callers', 'agent', 'agent-auth', 'agent-aor', 'anonymous', 'general']);

function checked(values: AsteriskValues): Map<string, string> {
  const flat = new Map<string, string>();
  const put = (name: string, value: string | number, shape: Shape): void => {
    if (!shape.allows(String(value))) throw new UnsafeValue(name, value, shape.wanted);
    flat.set(name, String(value));
  };
  put('systemName', values.systemName, word);
  for (const [name, value] of Object.entries(values.folders)) put(`folders.${name}`, value, folder);
  put('sip.host', values.sip.host, host);
  put('sip.port', values.sip.port, port);
  if (values.sip.announce !== undefined) put('sip.announce', values.sip.announce, host);
  put('rtp.start', values.rtp.start, port);
  put('rtp.end', values.rtp.end, between(values.rtp.start + 1, 65_535));
  put('http.host', values.http.host, host);
  put('http.port', values.http.port, port);
  put('ari.user', values.ari.user, word);
  put('ari.password', values.ari.password, secret);
  put('service.url', values.service.url, url);
  put('service.user', values.service.user, word);
  put('service.password', values.service.password, secret);
  put('ami.host', values.ami.host, host);
  put('ami.port', values.ami.port, port);
  put('ami.user', values.ami.user, word);
  put('ami.password', values.ami.password, secret);
  put('ami.permit', values.ami.permit, network);
  if (values.callersFrom.length === 0) throw new UnsafeValue('callersFrom', [], 'at least one network');
  values.callersFrom.forEach((value, index) => put(`callersFrom[${index}]`, value, network));
  flat.set('callersFrom', values.callersFrom.join(','));
  put('away.tries', values.away.tries, between(0, 1_000));
  put('away.musicSeconds', values.away.musicSeconds, between(1, 600));
  put('away.claimSeconds', values.away.claimSeconds, between(1, 600));
  put('away.reclaimSeconds', values.away.reclaimSeconds, between(1, 600));
  const seen = new Set<string>();
  for (const { id, password } of values.agents) {
    if (!word.allows(id) || reserved.has(id)) throw new UnsafeValue('agent id', id, `${word.wanted}, and not a name of Asterisk's own`);
    if (!secret.allows(password)) throw new UnsafeValue(`password of agent ${id}`, '…', secret.wanted);
    if (seen.has(id)) throw new UnsafeValue('agent id', id, 'every id once');
    seen.add(id);
  }
  return flat;
}

type Repeated = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;

/** What a template writes once for each element, or not at all. */
function repeated({ agents, sip }: AsteriskValues): Repeated {
  return { agents, announce: sip.announce === undefined ? [] : [{ address: sip.announce }] };
}

function render(file: string, template: string, flat: ReadonlyMap<string, string>, lists: Repeated): string {
  const written = template.replace(/\{\{#(\w+)\}\}\n([\s\S]*?)\{\{\/\1\}\}\n?/g, (_, list: string, block: string) =>
    (lists[list] ?? []).map((element) => Object.entries(element).reduce((text, [name, value]) => text.replaceAll(`{{${name}}}`, value), block)).join(''));
  return written.replace(/\{\{([^}]*)\}\}/g, (_, name: string) => {
    const value = flat.get(name);
    if (value === undefined) throw new Error(`${file}: no value is called ${name}`);
    return value;
  });
}
