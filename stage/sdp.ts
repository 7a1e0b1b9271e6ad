/** The SDP in a SIP message: where its sender wants to hear. One stream of audio a call, as our phones offer it. */

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Undefined for a message without SDP, without audio, or with a held stream, which wants to hear nothing. */
export function audioIn(message: string): Place | undefined {
  const lines = partsOf(message)?.body.split('\r\n') ?? [];
  const at = lines.findIndex((line) => audio.test(line));
  const port = Number(audio.exec(lines[at] ?? '')?.[1] ?? 0);
  const next = lines.findIndex((line, index) => index > at && line.startsWith('m='));
  // The stream's own address counts before that of the whole.
  const own = lines.slice(at, next === -1 ? undefined : next);
  const host = [...own, ...lines].map((line) => connection.exec(line)?.[1]).find((found) => found !== undefined);
  return port === 0 || host === undefined || host === held ? undefined : { host, port };
}

/** The same message whose sender wants to hear at another place. */
export function withAudio(message: string, { host, port }: Place): string {
  const parts = partsOf(message);
  if (parts === undefined) return message;
  const body = parts.body.split('\r\n')
    // RTCP goes to the port behind, as it does where nothing is said.
    .filter((line) => !line.startsWith('a=rtcp:'))
    .map((line) => line.replace(audio, `m=audio ${port} `).replace(connection, `c=IN IP4 ${host}`))
    .join('\r\n');
  const head = parts.head.replace(/^(Content-Length|l)([ \t]*:[ \t]*)\d+/im, (_, name: string, colon: string) => `${name}${colon}${body.length}`);
  return `${head}${empty}${body}`;
}

/** The same message whose Contact leads somewhere else, where it led to `from`. */
export function withContact(message: string, from: Place, to: Place): string {
  const theirs = new RegExp(`(sip:|@)${textOf(from).replaceAll('.', '\\.')}(?!\\d)`, 'g');
  return message.replace(/^(?:Contact|m)[ \t]*:.*$/gim, (line) => line.replace(theirs, `$1${textOf(to)}`));
}

const empty = '\r\n\r\n';
const audio = /^m=audio ([1-9]\d*) /;
const connection = /^c=IN IP4 (\S+)/;
const held = '0.0.0.0';

const textOf = ({ host, port }: Place): string => `${host}:${port}`;

/** One character a byte, so that the body's length is its Content-Length. */
function partsOf(message: string): { readonly head: string; readonly body: string } | undefined {
  const at = message.indexOf(empty);
  if (at === -1) return undefined;
  const head = message.slice(0, at);
  return /^(?:Content-Type|c)[ \t]*:[ \t]*application\/sdp/im.test(head) ? { head, body: message.slice(at + empty.length) } : undefined;
}
