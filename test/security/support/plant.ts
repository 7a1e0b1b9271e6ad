/** Numbers that are planted, and every place where one of them might come up unmasked. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { Database } from '../../../src/store/database.ts';

/** Mobile numbers; none begins as today's epoch does. */
export const phones = (count: number, from: number): string[] => Array.from({ length: count }, (_, n) => `13${String(from + n * 7_919).padStart(9, '0')}`.slice(0, 11));

/** Cards of 16 digits with a right check digit, of four issuers. */
export const cards = (count: number, from: number): string[] => Array.from({ length: count }, (_, n) => {
  const body = `${['622202', '411111', '555555', '622848'][n % 4] ?? ''}${String(from + n * 104_729).padStart(9, '0').slice(-9)}`;
  const sum = [...body].reverse().reduce((total, digit, at) => total + (at % 2 === 0 ? (Number(digit) * 2 > 9 ? Number(digit) * 2 - 9 : Number(digit) * 2) : Number(digit)), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
});

export interface Found {
  readonly number: string;
  readonly where: string;
}

/** Looks for any of the numbers, inside longer runs of digits too. */
export function finder(numbers: readonly string[]): (text: string, where: string) => Found[] {
  const planted = new Set(numbers);
  const lengths = [...new Set(numbers.map(({ length }) => length))];
  return (text, where) => {
    const found: Found[] = [];
    for (const [run] of text.matchAll(/\d{11,}/g)) {
      for (const length of lengths) for (let at = 0; at + length <= run.length; at += 1) {
        const number = run.slice(at, at + length);
        if (planted.has(number)) found.push({ number, where });
      }
    }
    return found;
  };
}

export async function inFiles(folder: string, leaveOut: readonly string[], find: ReturnType<typeof finder>): Promise<{ found: Found[]; bytes: number; files: number }> {
  const found: Found[] = [];
  let [bytes, files] = [0, 0];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (leaveOut.some((one) => name === one || name.startsWith(`${one}/`))) continue;
    found.push(...find(name, `the name ${name}`));
    if (!entry.isFile()) continue;
    // A server may remove a file of its own while we look.
    const content = await readFile(path, 'latin1').catch(() => '');
    bytes += content.length;
    files += 1;
    found.push(...find(content, name));
  }
  return { found, bytes, files };
}

export async function inPostgres(db: Database, find: ReturnType<typeof finder>): Promise<{ found: Found[]; rows: number }> {
  const { rows: tables } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(db);
  const found: Found[] = [];
  let count = 0;
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`select row_to_json(each)::text as text from ${sql.table(name)} as each`.execute(db);
    count += rows.length;
    for (const { text } of rows) found.push(...find(text, `table ${name}`));
  }
  return { found, rows: count };
}

export async function inRedis(redis: Redis, find: ReturnType<typeof finder>): Promise<{ found: Found[]; keys: number }> {
  const found: Found[] = [];
  const keys = await redis.keys('*');
  for (const key of keys) {
    found.push(...find(key, `the key ${key}`));
    const type = await redis.type(key);
    const value: unknown = type === 'string' ? await redis.get(key) : type === 'hash' ? await redis.hgetall(key) : type === 'list' ? await redis.lrange(key, 0, -1)
      : type === 'set' ? await redis.smembers(key) : type === 'zset' ? await redis.zrange(key, '0', '-1', 'WITHSCORES') : type === 'stream' ? await redis.xrange(key, '-', '+') : type;
    found.push(...find(JSON.stringify(value), `key ${key}`));
  }
  return { found, keys: keys.length };
}

/** A caller who says `[field0]` for a number and types the digits in `[field1]`, `[field2]` … as SIP INFO. */
export function typingScenario(digits: number): string {
  const inDialog = (method: string, cseq: number, body = ''): string => `<![CDATA[
${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Max-Forwards: 70
${body === '' ? 'Content-Length: 0\n' : `Content-Type: application/dtmf-relay\nContent-Length: [len]\n\n${body}`}
]]>`;
  const typed = Array.from({ length: digits }, (_, n) => `
  <send retrans="500">${inDialog('INFO', n + 2, `Signal=[field${n + 1}]\nDuration=80`)}</send>
  <recv response="200" />${n < digits - 1 ? '\n  <pause milliseconds="140" />' : ''}`).join('');
  return `<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="types">
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "[field0]" <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]p[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=p 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000

]]></send>
  <recv response="100" optional="true" />
  <recv response="180" optional="true" />
  <recv response="183" optional="true" />
  <recv response="200" rrs="true" />
  <send>${inDialog('ACK', 1)}</send>
  <pause milliseconds="300" />${typed}
  <recv request="BYE" />
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
`;
}

/** SIPp's injection file: the number, then each digit in a field of its own. */
export const injected = (rows: readonly { readonly ani: string; readonly typed: string }[]): string =>
  `SEQUENTIAL\n${rows.map(({ ani, typed }) => [ani, ...typed].join(';')).join('\n')}\n`;
