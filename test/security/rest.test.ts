// What is sent to the web port by those who mean harm, over real sockets.

import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionsMax } from '../../src/http/limits.ts';
import { openHouse, password, type House } from '../cti/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.token('1001');
});
afterAll(() => house.stop());

/** A body exactly as given; `inject` and fetch would mend some of them. */
async function send(body: Buffer | string, headers: Record<string, string> = { 'content-type': 'application/json' }, path = '/api/session', method = 'POST'): Promise<{ status: number; text: string; ms: number }> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${house.url}${path}`, { method, headers: { connection: 'close', 'content-length': String(Buffer.byteLength(body)), ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, ms: performance.now() - startedAt }));
    });
    // The server answers and closes before it has read 10 MB; the rest of the body meets a closed connection.
    request.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error)));
    request.end(body);
  });
}

const signIn = { agent: '1001', password };
const code = (text: string): unknown => (JSON.parse(text) as { code?: unknown }).code;
/** The next client is served at once. */
async function stillWell(): Promise<void> {
  const startedAt = performance.now();
  const answer = await fetch(`${house.url}/api/session`, { headers: { authorization: `Bearer ${await house.token('1001')}` } });
  expect([answer.status, performance.now() - startedAt < 1_000]).toEqual([200, true]);
}

describe('a body', () => {
  test.each([
    ['of 10 MB', JSON.stringify({ ...signIn, password: 'x'.repeat(10_000_000) }), 413],
    ['of 10 MB that says it has none', JSON.stringify('x'.repeat(10_000_000)), 413],
    ['nested 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000), 413],
    ['nested as deep as there is room', '['.repeat(32_000) + ']'.repeat(32_000), 400],
    ['nested and never closed', '{"a":'.repeat(12_000), 400],
    ['of a number with 60,000 digits', `{"agent":${'9'.repeat(60_000)}}`, 400],
    ['of 10,000 fields', JSON.stringify(Object.fromEntries(Array.from({ length: 7_000 }, (_, n) => [`f${n}`, 1]))), 413],
    ['with __proto__', '{"agent":"1001","password":"x","__proto__":{"role":"admin"}}', 400],
    ['with __proto__ written in escapes', '{"agent":"1001","password":"x","\\u005f_proto__":{"role":"admin"}}', 400],
    ['with a constructor', '{"agent":"1001","password":"x","constructor":{"prototype":{"role":"admin"}}}', 400],
    ['with a field too many', JSON.stringify({ ...signIn, role: 'admin' }), 400],
    ['that is an array', JSON.stringify([signIn]), 400],
    ['that is nothing', '', 400],
    ['that is null', 'null', 400],
    ['with a byte order mark', `\ufeff${JSON.stringify({ agent: '2001', password: 'x' })}`, 401],
    ['of bad UTF-8', Buffer.concat([Buffer.from('{"agent":"1001","password":"'), Buffer.from([0xff, 0xfe, 0xc3, 0x28]), Buffer.from('"}')]), 400],
    ['of an overlong slash', Buffer.concat([Buffer.from('{"agent":"1001","password":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]), 400],
    ['of half a surrogate pair', '{"agent":"2001","password":"\\ud800"}', 401],
    ['with a NUL', '{"agent":"1001\\u0000","password":"x"}', 400],
  ])('%s is refused', async (_, body, status) => {
    const answer = await send(body);
    expect([answer.status, answer.ms < 1_000]).toEqual([status, true]);
    expect(answer.text).not.toContain('at ');
    await stillWell();
  });

  test('in chunks that never say how much is to come is cut at its limit', async () => {
    const flooded = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(`${house.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' } }, (response) => resolve(response.statusCode ?? 0));
      request.on('error', reject);
      for (let n = 0; n < 100; n += 1) request.write('['.repeat(1_000));
      request.end();
    });
    expect(flooded).toBe(413);
  });

  test.each(['text/plain', 'text/html', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/json; charset=gbk', 'application/json; charset=utf-7', 'application/jsonp', 'application', '*/*', 'application/json/../x', 'APPLICATION/OCTET-STREAM'])('as %s is refused', async (type) => {
    const answer = await send(JSON.stringify(signIn), { 'content-type': type });
    expect([answer.status, code(answer.text)]).toEqual([415, 'bad-type']);
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"'])('as %s is read', async (type) => {
    expect((await send(JSON.stringify({ agent: '1002', password }), { 'content-type': type })).status).toBe(200);
  });

  test('nothing of it has changed what objects inherit', () => {
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('an address', () => {
  test.each([
    ['/..%2f..%2f..%2fetc%2fpasswd', 404], ['/%2e%2e/%2e%2e/package.json', 404], ['/../../package.json', 404], ['/.%00/index.html', 404], ['/index.html%00.png', 404], ['//etc/passwd', 404],
    ['/api/contacts/%ff', 400], ['/api/contacts/%', 400], [`/api/contacts/${'x'.repeat(129)}`, 404], [`/api/recordings/${'..%2f'.repeat(20)}x/audio`, 400], ['/api/recordings/..', 404], ['/api/recordings/%2e%2e/audio', 404],
    [`/${'x'.repeat(15_000)}`, 404], [`/?${'a=1&'.repeat(3_000)}`, 200],
  ])('gives nothing away: %#', async (path, status) => {
    const token = await house.token('1001');
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`);
    expect(Number(answer.split(' ')[1]), path.slice(0, 80)).toBe(status);
    expect(answer).not.toMatch(/root:|"dependencies"/);
  });

  test.each([
    ['headers of 100 kB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`, 431],
    ['a header that is folded', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n', 400],
    ['two lengths', 'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello', 400],
    ['a length and chunks', 'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['chunks of chunks', 'POST /api/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n', 400],
    ['a line feed alone', 'GET / HTTP/1.1\nHost: x\n\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['what is no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ])('%s is refused', async (_, text, status) => {
    expect(Number((await raw(text)).split(' ')[1])).toBe(status);
    await stillWell();
  });
});

describe('the slow', () => {
  /** How long the server bears with it, and what it said at last. */
  async function borne(first: string, drip: string): Promise<{ ms: number; said: string }> {
    const startedAt = performance.now();
    const socket = await open();
    let said = '';
    socket.on('data', (chunk) => (said += String(chunk)));
    socket.write(first);
    const dripping = setInterval(() => socket.writable && drip !== '' && socket.write(drip), 250);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(dripping);
    return { ms: performance.now() - startedAt, said };
  }

  test('are cut off in time, fifty of each kind at once, and nobody waits for them', async () => {
    const kinds = {
      silent: () => borne('', ''),
      headers: () => borne('GET / HTTP/1.1\r\nHost: x\r\n', 'X-a: b\r\n'),
      line: () => borne('G', 'E'),
      body: () => borne('POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{', ' '),
      chunks: () => borne('POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\n \r\n'),
    };
    const all = Object.entries(kinds).map(async ([kind, one]) => [kind, await Promise.all(Array.from({ length: 50 }, one))] as const);
    const asked: number[] = [];
    const asking = setInterval(() => {
      const at = performance.now();
      void fetch(`${house.url}/health/live`, { headers: { connection: 'close' } }).then(() => asked.push(performance.now() - at));
    }, 200);
    const ends = Object.fromEntries(await Promise.all(all));
    clearInterval(asking);
    for (const kind of ['silent', 'headers', 'line']) for (const { ms } of ends[kind] ?? []) expect(ms, kind).toBeLessThan(8_000);
    for (const kind of ['body', 'chunks']) for (const { ms } of ends[kind] ?? []) expect(ms, kind).toBeLessThan(13_000);
    expect(ends['headers']?.[0]?.said).toMatch(/^HTTP\/1\.1 408/);
    expect(asked.length).toBeGreaterThan(20);
    expect(Math.max(...asked)).toBeLessThan(500);
  }, 20_000);
});

test('connections beyond the limit are turned away, and files are left for the servers behind', () => {
  expect(connectionsMax(1_048_576)).toBe(12_000);
  expect(connectionsMax(1_024)).toBe(736);
  expect(connectionsMax(64)).toBe(16);
});

test('/metrics is for this machine itself, not for whom a proxy on it speaks', async () => {
  const status = async (headers: Record<string, string>) => (await fetch(`${house.url}/metrics`, { headers })).status;
  expect(await status({})).toBe(200);
  for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']) expect(await status({ [header]: '127.0.0.1' })).toBe(403);
  await house.call('13800001234');
  const { text } = await send('', {}, '/metrics', 'GET');
  expect(text).toContain('rexian_contacts 1');
  expect(text).not.toContain('13800001234');
});

test('a proxy that is believed tells whose request it is, and any other does not', async () => {
  const behind = await openHouse({ parts: { trustProxy: ['127.0.0.1'] } });
  const cookieOf = async (url: string, headers: Record<string, string>) =>
    (await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ agent: '1003', password }) })).headers.get('set-cookie');
  expect(await cookieOf(behind.url, { 'x-forwarded-proto': 'https' })).toMatch(/; Secure/);
  expect(await cookieOf(house.url, { 'x-forwarded-proto': 'https' })).not.toMatch(/; Secure/);
  expect((await fetch(`${behind.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(403);
  expect((await fetch(`${behind.url}/metrics`, { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(200);
  await behind.stop();
});

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(house.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

async function raw(text: string): Promise<string> {
  const socket = await open();
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  socket.write(text, 'latin1');
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}
