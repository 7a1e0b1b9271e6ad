import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '../../src/acd/messages.ts';
import { agentId, contactId, legId } from '../../src/base/ids.ts';
import type { ContactQuery, ContactStory, FoundContact } from '../../src/store/contacts.ts';
import type { FoundRecording } from '../../src/store/recordings.ts';
import type { Reloaded } from '../../src/config/reload.ts';
import type { AuditEntry } from '../../src/store/audit.ts';
import { closeCodes } from '../../src/cti/protocol.ts';
import { Desktop } from '../cti/desktop.ts';
import { houseRouting, openHouse, password, type House } from '../cti/house.ts';

let house: House;
const asked: ContactQuery[] = [];
const audited: AuditEntry[] = [];
const broken = { postgres: false, audit: false };

beforeEach(async () => {
  asked.length = 0;
  audited.length = 0;
  reloaded = taken;
  broken.postgres = broken.audit = false;
  house = await openHouse({ parts: stored });
  await writeFile(join(house.recordingsDir, 'of-1001.wav'), 'RIFF0123456789');
});
afterEach(() => house.stop());

const row = (contact: string, agent: string | null): FoundContact => ({
  contact, agent, ani: '13800001234', dnis: '4000', language: 'zh', customer: null, arrivedAt: 1_753_000_000_000, queuedAt: 1_753_000_001_000, connectedAt: null, endedAt: null,
  queue: 'billing', reason: null, during: null, waitMs: null, talkMs: null, inTime: null, callbackAt: null, disposition: null, recordingFailed: false,
});
const story = (contact: string, agent: string | null): ContactStory => {
  const id = contactId(contact);
  const leg = legId('1700000000.1');
  const events: Event[] = [
    { type: 'contact-arrived', at: 1, n: 1, contact: id, leg, ani: '13800001234', dnis: '4000', language: 'zh', flow: 'hotline', version: 'v' },
    { type: 'flow-moved', at: 2, n: 2, contact: id, path: [{ node: 'menu', took: '1', at: 2 }], data: { card: '6222000' }, language: 'zh', memory: { pin: '9999' }, orders: [{ type: 'claim', leg }] },
    { type: 'transfer-failed', at: 3, n: 3, contact: id, leg, to: { number: '13911112222' }, end: 'busy', memory: { pin: '9999' } },
  ];
  return {
    ...row(contact, agent), path: [{ node: 'menu', took: '1', at: 2 }], data: { card: '6222000' }, legs: [], offers: [], recordings: ['of-1001'],
    events: events.map((event, index) => ({ id: `1-${index + 1}`, event })),
  };
};
const recording = (id: string, path: string | null, more: Partial<FoundRecording> = {}): FoundRecording => ({
  recording: id, contact: 'c-1', agent: '1001', queue: 'billing', startedAt: 1, stoppedAt: 2, status: 'finalised', reason: null, durationMs: 1000, sizeBytes: 14, sha256: 'aa', format: 'wav', path, ...more,
});
const recordings: Readonly<Record<string, FoundRecording>> = {
  'of-1001': recording('of-1001', 'of-1001.wav'),
  unfinished: recording('unfinished', 'of-1001.wav', { status: 'recording' }),
  outside: recording('outside', '../../../../etc/passwd'),
  absolute: recording('absolute', '/etc/passwd'),
  linked: recording('linked', 'link.wav'),
  folder: recording('folder', '.'),
  missing: recording('missing', 'nowhere.wav'),
};
const taken = { ok: true, version: 'v2', changed: true, warnings: [] } as const;
let reloaded: Reloaded;
const stored = {
  contacts: {
    search: async (query: ContactQuery) => {
      if (broken.postgres) throw Object.assign(new Error('connect ECONNREFUSED 13800001234'), { code: 'ECONNREFUSED' });
      asked.push(query);
      return Array.from({ length: Math.min(query.limit, 3) }, (_, index) => row(`c-${index}`, index === 0 ? '1001' : '1002'));
    },
    find: async (contact: string) => (contact === 'c-1' ? story(contact, '1001') : contact === 'c-2' ? story(contact, '1002') : null),
  },
  recordings: { find: async (id: string) => recordings[id] ?? null },
  reload: async () => reloaded,
  audit: {
    write: async (entry: AuditEntry) => {
      if (broken.audit) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      audited.push(entry);
    },
  },
};

const get = async (url: string, agent: string | null, headers: Record<string, string> = {}) =>
  house.server.inject({ method: 'GET', url, headers: { ...headers, ...(agent === null ? {} : { authorization: `Bearer ${await house.token(agent)}` }) } });

describe('who may do what', () => {
  // Route → status for nobody, agent, supervisor, admin.
  const span = 'from=1753000000000&to=1753003600000';
  const matrix: Readonly<Record<string, readonly [method: 'GET' | 'POST' | 'DELETE', url: string, ...statuses: number[]]>> = {
    '/health/live': ['GET', '/health/live', 200, 200, 200, 200],
    '/health/ready': ['GET', '/health/ready', 200, 200, 200, 200],
    '/metrics': ['GET', '/metrics', 200, 200, 200, 200],
    'GET /api/session': ['GET', '/api/session', 401, 200, 200, 200],
    'POST /api/session': ['POST', '/api/session', 400, 400, 400, 400],
    '/api/cti-ticket': ['POST', '/api/cti-ticket', 401, 200, 200, 200],
    '/api/contacts': ['GET', '/api/contacts', 401, 200, 200, 200],
    '/api/contacts/{id}': ['GET', '/api/contacts/c-2', 401, 200, 200, 200],
    '/api/recordings/{id}': ['GET', '/api/recordings/of-1001', 401, 404, 200, 200],
    '/api/recordings/{id}/audio': ['GET', '/api/recordings/of-1001/audio', 401, 404, 200, 200],
    '/api/reports/intervals': ['GET', `/api/reports/intervals?${span}`, 401, 403, 200, 200],
    '/api/live': ['GET', '/api/live', 401, 403, 200, 200],
    'GET /api/live/callbacks': ['GET', '/api/live/callbacks', 401, 403, 200, 200],
    'GET /api/live/contacts/{id}/why': ['GET', '/api/live/contacts/c-none/why', 401, 403, 404, 404],
    'POST /api/live/contacts/{id}/withdraw': ['POST', '/api/live/contacts/c-none/withdraw', 401, 403, 400, 400],
    'POST /api/live/contacts/{id}/re-prioritise': ['POST', '/api/live/contacts/c-none/re-prioritise', 401, 403, 400, 400],
    'GET /api/contacts/{id}/why': ['GET', '/api/contacts/c-none/why', 401, 403, 404, 404],
    'POST /api/live/queues/{queue}/close': ['POST', '/api/live/queues/none/close', 401, 403, 400, 400],
    'POST /api/live/queues/{queue}/reopen': ['POST', '/api/live/queues/none/reopen', 401, 403, 404, 404],
    'POST /api/reload': ['POST', '/api/reload', 401, 403, 403, 200],
    'DELETE /api/session': ['DELETE', '/api/session', 401, 204, 204, 204],
  };
  test.each(Object.entries(matrix))('%s', async (_route, [method, url, ...statuses]) => {
    for (const [index, agent] of [null, '1002', '2001', '3001'].entries()) {
      const headers: Record<string, string> = agent === null ? {} : { authorization: `Bearer ${await house.token(agent)}` };
      expect((await house.server.inject({ method, url, headers })).statusCode, `${agent ?? 'nobody'}`).toBe(statuses[index]);
    }
  });

  test('every route of the OpenAPI document is in the matrix', () => {
    const documented = Object.entries(house.server.swagger().paths ?? {}).flatMap(([path, methods]) => Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`));
    const covered = Object.entries(matrix).map(([route, [method]]) => (route.startsWith('/') ? `${method} ${route}` : route));
    expect(covered.sort()).toEqual(documented.sort());
  });

  test('a role taken away in the configuration is gone at once', async () => {
    expect((await get('/api/live', '2001')).statusCode).toBe(200);
    const routing = houseRouting('next');
    await house.submit({ type: 'configure', routing: { ...routing, agents: new Map([...routing.agents].filter(([id]) => id !== '2001')) } });
    expect((await get('/api/live', '2001')).statusCode).toBe(401);
  });
});

test('of one who waits a supervisor is told why nobody is rung', async () => {
  const contact = await house.call('13800001234', 'billing');
  const response = await house.server.inject({ url: `/api/live/contacts/${contact}/why`, headers: { authorization: `Bearer ${await house.token('3001')}` } });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toMatchObject({ queue: 'billing', position: expect.any(Number), strategy: expect.any(String), candidates: expect.arrayContaining([expect.objectContaining({ agent: '1001', verdict: expect.objectContaining({ code: expect.any(String) }) })]) });
  expect(response.body).not.toContain('13800001234');
});

test('the answer of now is worked out where calls are routed: one person is given thirty a minute', async () => {
  const ask = async (agent: string) => (await house.server.inject({ url: '/api/live/contacts/c-none/why', headers: { authorization: `Bearer ${await house.token(agent)}` } })).statusCode;
  const asked: number[] = [];
  for (let count = 0; count < 31; count += 1) asked.push(await ask('3001'));
  expect(asked).toEqual([...Array.from({ length: 30 }, () => 404), 429]);
  expect(await ask('2001')).toBe(404);
});

describe('reload', () => {
  const ask = async () => house.server.inject({ method: 'POST', url: '/api/reload', headers: { authorization: `Bearer ${await house.token('3001')}` } });

  test('says what holds now, and who asked is found again', async () => {
    expect((await ask()).json()).toEqual({ version: 'v2', changed: true, warnings: [] });
    expect(audited.at(-1)).toMatchObject({ agent: '3001', action: 'reload', subject: 'configuration' });
  });

  test('a faulty set is 422 with each fault at its place', async () => {
    reloaded = { ok: false, problems: [{ file: 'queues.yaml', line: 4, column: 10, length: 6, severity: 'error', code: 'unknown-skill', text: { zh: '无', en: 'no' }, hint: { zh: '是', en: 'yes' }, source: 'needs: biling' }], reasons: [] };
    const response = await ask();
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ code: 'not-taken', faults: [{ file: 'queues.yaml', line: 4, column: 10, code: 'unknown-skill', hint: { en: 'yes' } }] });
  });

  test('without a record of who asked nothing is read', async () => {
    broken.audit = true;
    expect((await ask()).statusCode).toBe(503);
    broken.audit = false;
  });
});

describe('closing a queue', () => {
  const post = async (path: string, payload: object = {}) => house.server.inject({ method: 'POST', url: `/api/live/queues/${path}`, payload, headers: { authorization: `Bearer ${await house.token('2001')}` } });

  test('shows on the wall who did it and why, turns callers away, and is refused a second time', async () => {
    expect((await post('billing/close', { reason: 'fire drill' })).statusCode).toBe(204);
    const [billing] = (await get('/api/live', '2001')).json<{ queues: { queue: string; closed: object | null }[] }>().queues.filter(({ queue }) => queue === 'billing');
    expect(billing?.closed).toMatchObject({ by: '2001', reason: 'fire drill', waiting: 'serve' });
    const contact = await house.call('13800138000', 'billing');
    expect(house.engine.centre.contacts.get(contact)?.state.status).toBe('in-flow');
    const again = await post('billing/close');
    expect([again.statusCode, again.json()]).toMatchObject([409, { code: 'refused', refusal: { code: 'queue-closed', text: { zh: '该队列已经关闭。' } } }]);
    expect([(await post('none/close')).statusCode, (await post('billing/reopen')).statusCode, (await post('billing/reopen')).json()]).toMatchObject([404, 204, { refusal: { code: 'queue-open' } }]);
    expect((await post('billing/close', { waiting: 'sleep' })).statusCode).toBe(400);
  });
});

describe('a hand in the line', () => {
  const post = async (path: string, payload: object) => house.server.inject({ method: 'POST', url: `/api/live/contacts/${path}`, payload, headers: { authorization: `Bearer ${await house.token('2001')}` } });
  const journalled = (): Event[] => {
    const seen: Event[] = [];
    house.engine.onCommitted((events) => void seen.push(...events.map(({ event }) => event)));
    return seen;
  };

  test('withdraw takes the contact out of its line; who did it and why is in the journal', async () => {
    const contact = await house.call('13800138000', 'billing');
    const seen = journalled();
    expect((await post(`${contact}/withdraw`, { reason: 'card 6222021234567890128' })).statusCode).toBe(204);
    expect(house.engine.centre.contacts.get(contact)?.state.status).toBe('in-flow');
    expect(seen.find(({ type }) => type === 'contact-left-queue')).toMatchObject({ because: 'withdrawn', by: '2001', note: expect.stringMatching(/^card 622202\*+\d{4}$/) });
    const again = await post(`${contact}/withdraw`, {});
    expect([again.statusCode, again.json()]).toMatchObject([409, { code: 'refused', refusal: { code: 'not-waiting' } }]);
    expect((await post('c-none/withdraw', {})).statusCode).toBe(404);
  });

  test('who is to be called back is told in the order of the line, and withdrawn', async () => {
    const routing = houseRouting('calls back');
    const callback = { dial: 'customer-first', key: '9', allow: ['1'], otherNumber: false, accept: 'answer', near: 1, ringMs: 30_000, tries: 3, againMs: { busy: 60_000, noAnswer: 60_000, unreachable: 60_000 }, expiresMs: 3_600_000, openMax: 9 } as const;
    await house.submit({ type: 'configure', routing: { ...routing, queues: new Map([...routing.queues].map(([id, queue]) => [id, { ...queue, callback }])) } });
    const contact = await house.call('13800138000', 'billing');
    const { leg, state } = house.engine.centre.contacts.get(contact) ?? expect.fail('gone');
    // Without a memory of a flow nobody asks; this one has come by a ticket as it were.
    if (state.status === 'waiting') house.engine.centre.contacts.set(contact, { ...house.engine.centre.contacts.get(contact) ?? expect.fail('gone'), state: { ...state, memory: { node: 'line' } } });
    await house.submit({ type: 'key-pressed', leg, key: '9', heldMs: 80 });
    await house.submit({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: { node: 'bye' }, orders: [], callback: { number: '13800138000' }, exit: { to: 'end' } });
    const list = async () => (await get('/api/live/callbacks?queue=billing', '2001')).json() as { callbacks: { contact: string; callback: { number: string; attempts: number } }[] };
    expect((await list()).callbacks).toMatchObject([{ contact, status: 'callback', callback: { number: '13800138000', attempts: 0 } }]);
    const seen = journalled();
    expect((await post(`${contact}/withdraw`, { reason: 'solved' })).statusCode).toBe(204);
    expect(seen.find(({ type }) => type === 'contact-ended')).toMatchObject({ contact, reason: 'callback-withdrawn', by: '2001', note: 'solved' });
    expect((await list()).callbacks).toEqual([]);
  });

  test('re-prioritise moves it', async () => {
    const [first, second] = [await house.call('13800138000', 'billing'), await house.call('13800138001', 'billing')];
    const seen = journalled();
    expect((await post(`${second}/re-prioritise`, { priority: 7 })).statusCode).toBe(204);
    expect(seen.find(({ type }) => type === 'contact-re-prioritised')).toMatchObject({ contact: second, priority: 7, position: 1, by: '2001' });
    expect((await post(`${first}/re-prioritise`, { priority: 1_001 })).statusCode).toBe(400);
    expect((await post('c-none/re-prioritise', { priority: 1 })).statusCode).toBe(404);
  });
});

describe('sessions', () => {
  const post = (payload: object, headers: Record<string, string> = {}) => house.server.inject({ method: 'POST', url: '/api/session', payload, headers });

  test('the cookie is HttpOnly and SameSite, and is enough', async () => {
    const response = await post({ agent: '1001', password });
    const cookie = String(response.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await house.server.inject({ url: '/api/session', headers })).json()).toMatchObject({ agent: '1001', role: 'agent' });
    expect((await house.server.inject({ method: 'DELETE', url: '/api/session', headers })).statusCode).toBe(204);
    // The old cookie is worth nothing any more.
    expect((await house.server.inject({ url: '/api/session', headers })).statusCode).toBe(401);
  });

  test('a wrong password and an unknown agent look the same', async () => {
    const [wrong, unknown] = await Promise.all([post({ agent: '1001', password: 'x' }), post({ agent: '9999', password: 'x' })]);
    for (const response of [wrong, unknown]) expect(response.statusCode).toBe(401);
    expect(wrong.json()).toMatchObject({ code: 'wrong-password' });
    expect({ ...wrong.json<object>(), request: '' }).toEqual({ ...unknown.json<object>(), request: '' });
  });

  test('guessing is slowed down, for the guessed agent only', async () => {
    for (let guess = 0; guess < 10; guess += 1) await post({ agent: '1001', password: `guess ${guess}` });
    expect((await post({ agent: '1001', password })).statusCode).toBe(429);
    expect((await post({ agent: '1002', password })).statusCode).toBe(200);
  });

  test('a forged, an unsigned and a garbled token open nothing', async () => {
    const token = await house.token('2001');
    const [head, body] = token.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`;
    for (const bad of [`${head}.${body}.AAAA`, none, 'x', '']) {
      expect((await house.server.inject({ url: '/api/live', headers: { authorization: `Bearer ${bad}` } })).statusCode).toBe(401);
    }
  });

  test('an expired token opens nothing', async () => {
    const expired = house.server.jwt.sign({ sub: '2001', sid: 's', exp: Math.floor(Date.now() / 1000) - 60 });
    expect((await house.server.inject({ url: '/api/live', headers: { authorization: `Bearer ${expired}` } })).statusCode).toBe(401);
  });

  test('another site’s page can change nothing', async () => {
    const authorization = `Bearer ${await house.token('1001')}`;
    for (const origin of ['https://evil.example', 'null', 'not a url']) {
      expect((await house.server.inject({ method: 'POST', url: '/api/cti-ticket', headers: { authorization, origin } })).json()).toMatchObject({ code: 'foreign-origin' });
    }
    expect((await house.server.inject({ method: 'POST', url: '/api/cti-ticket', headers: { authorization, origin: 'http://desk.test', host: 'desk.test' } })).statusCode).toBe(200);
  });
});

describe('contacts', () => {
  test('agents see the numbers of their own contacts and masks of the others’', async () => {
    const { contacts } = (await get('/api/contacts', '1001')).json<{ contacts: { ani: string }[] }>();
    expect(contacts.map(({ ani }) => ani)).toEqual(['13800001234', '138****1234', '138****1234']);
    const all = (await get('/api/contacts', '2001')).json<{ contacts: { ani: string }[] }>();
    expect(new Set(all.contacts.map(({ ani }) => ani))).toEqual(new Set(['13800001234']));
  });

  test('of another’s contact an agent reads no number, key or data, and nobody reads the flow’s memory', async () => {
    const others = (await get('/api/contacts/c-2', '1001')).body;
    for (const secret of ['13800001234', '6222000', '13911112222', '"took":"1"', 'of-1001']) expect(others).not.toContain(secret);
    const own = (await get('/api/contacts/c-1', '1001')).body;
    for (const text of ['13800001234', '6222000', 'of-1001']) expect(own).toContain(text);
    for (const agent of ['1001', '2001', '3001']) expect((await get('/api/contacts/c-1', agent)).body).not.toContain('9999');
    expect((await get('/api/contacts/c-1', '2001')).json<{ events: { type: string; n: number }[] }>().events.map(({ type, n }) => [type, n])).toEqual([['contact-arrived', 1], ['flow-moved', 2], ['transfer-failed', 3]]);
  });

  test('a page names the next, which begins after its last contact', async () => {
    const first = (await get('/api/contacts?limit=2&queue=billing&ani=%2B8613800001234', '2001')).json<{ next: string }>();
    await get(`/api/contacts?limit=2&after=${first.next}`, '2001');
    expect(asked[0]).toMatchObject({ limit: 2, queue: 'billing', ani: '+8613800001234', before: undefined });
    expect(asked[1]?.before).toEqual({ arrivedAt: 1_753_000_000_000, contact: 'c-1' });
  });

  test.each([['limit=0', 'limit'], ['limit=9999', 'limit'], ['limit=x', 'limit'], ['ani=1;drop', 'ani'], ['from=-1', 'from'], ['from=NaN', 'from'], ['after=%5B%5D', 'after'], ['after=x', 'after'], ['outcome=lost', 'outcome'], ['unknown=1', '']])('%s is refused by name', async (query, field) => {
    const response = await get(`/api/contacts?${query}`, '2001');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'bad-request', field, text: { zh: expect.any(String), en: expect.any(String) } });
  });

  test('a database that is away is said to be away, and its words stay inside', async () => {
    broken.postgres = true;
    const response = await get('/api/contacts?ani=13800001234', '2001');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ code: 'unavailable' });
    expect(response.body).not.toContain('ECONNREFUSED');
  });

  test('no request is logged with a caller’s number', async () => {
    await get('/api/contacts?ani=13800001234', '2001');
    await get('/api/nothing/13800001234', '2001');
    expect(house.logged()).toContain('"route":"/api/contacts"');
    expect(house.logged()).not.toContain('13800001234');
  });
});

describe('recordings', () => {
  test('a listening is written down, whole or in part', async () => {
    const whole = await get('/api/recordings/of-1001/audio', '1001');
    expect(whole.body).toBe('RIFF0123456789');
    expect(whole.headers).toMatchObject({ 'accept-ranges': 'bytes', 'cache-control': 'private, no-store', 'content-type': expect.stringContaining('audio/') });
    const part = await get('/api/recordings/of-1001/audio', '2001', { range: 'bytes=4-7' });
    expect([part.statusCode, part.body, part.headers['content-range']]).toEqual([206, '0123', 'bytes 4-7/14']);
    expect(audited).toMatchObject([{ agent: '1001', action: 'recording-listened', subject: 'of-1001', detail: { range: null } }, { agent: '2001', detail: { range: 'bytes=4-7' } }]);
    expect((await get('/api/recordings/of-1001/audio', '2001', { range: 'bytes=90-99' })).statusCode).toBe(416);
  });

  test('what cannot be written down is not played', async () => {
    broken.audit = true;
    const response = await get('/api/recordings/of-1001/audio', '2001');
    expect([response.statusCode, response.json()]).toMatchObject([503, { code: 'unavailable' }]);
  });

  test('no path leads out of the recordings folder', async () => {
    await mkdir(join(house.recordingsDir, 'empty'));
    await symlink('/etc/passwd', join(house.recordingsDir, 'link.wav'));
    for (const id of ['outside', 'absolute', 'linked', 'folder', 'missing']) {
      const response = await get(`/api/recordings/${id}/audio`, '3001');
      expect([id, response.statusCode]).toEqual([id, 404]);
    }
    for (const id of ['..%2F..%2Fetc%2Fpasswd', '%2Fetc%2Fpasswd', 'a%00b']) expect((await get(`/api/recordings/${id}/audio`, '3001')).statusCode).toBe(400);
    expect(audited).toEqual([]);
  });

  test('one that is still running is not ready', async () => {
    expect((await get('/api/recordings/unfinished/audio', '2001')).json()).toMatchObject({ code: 'not-ready' });
    expect((await get('/api/recordings/unfinished', '2001')).json()).toMatchObject({ status: 'recording' });
    expect((await get('/api/recordings/of-1001', '2001')).body).not.toContain('wav"');
  });
});

describe('the server', () => {
  test('big bodies, wrong types and unknown addresses are answered as problems', async () => {
    const big = await house.server.inject({ method: 'POST', url: '/api/session', payload: { agent: '1001', password: 'x'.repeat(70_000) } });
    expect([big.statusCode, big.json()]).toMatchObject([413, { code: 'too-large' }]);
    const xml = await house.server.inject({ method: 'POST', url: '/api/session', payload: '<a/>', headers: { 'content-type': 'text/xml' } });
    expect([xml.statusCode, xml.json()]).toMatchObject([415, { code: 'bad-type' }]);
    const broken = await house.server.inject({ method: 'POST', url: '/api/session', payload: '{', headers: { 'content-type': 'application/json' } });
    expect([broken.statusCode, broken.json()]).toMatchObject([400, { code: 'bad-request' }]);
    const proto = await house.server.inject({ method: 'POST', url: '/api/session', payload: '{"__proto__":{"agent":"1001"},"agent":"1001","password":"x"}', headers: { 'content-type': 'application/json' } });
    expect(proto.statusCode).toBe(400);
    for (const url of ['/nothing', '/api/nothing', '/../package.json', '/%2e%2e/package.json', '/.env']) expect((await house.server.inject(url)).statusCode, url).toBeGreaterThanOrEqual(400);
  });

  test('ready says what is not', async () => {
    expect((await house.server.inject('/health/ready')).json()).toMatchObject({ ready: true, owner: true, switchUp: true });
    await house.submit({ type: 'switch-lost' });
    const response = await house.server.inject('/health/ready');
    expect([response.statusCode, response.json()]).toMatchObject([503, { ready: false, switchUp: false }]);
  });

  test('metrics count the centre', async () => {
    await house.submit({ type: 'sign-in', agent: agentId('1001') });
    await house.call();
    const { body } = await house.server.inject('/metrics');
    expect(body).toContain('rexian_waiting{queue="general"} 1');
    expect(body).toContain('rexian_agents{presence="paused"} 1');
  });

  test('metrics are for this machine, or for supervisors', async () => {
    const from = async (agent: string | null) =>
      (await house.server.inject({ url: '/metrics', remoteAddress: '10.1.2.3', headers: agent === null ? {} : { authorization: `Bearer ${await house.token(agent)}` } })).statusCode;
    expect([await from(null), await from('1001'), await from('2001')]).toEqual([403, 403, 200]);
  });

  test('a person who asks too often is told to wait, and others are not', async () => {
    let last = 200;
    for (let count = 0; count < 700 && last === 200; count += 1) last = (await get('/api/session', '1001')).statusCode;
    expect(last).toBe(429);
    expect((await get('/api/session', '1002')).statusCode).toBe(200);
  });

  test('closing it says goodbye to desktops and does not wait for those that are deaf', async () => {
    const desktop = await Desktop.open(house, '1001');
    const deaf = await Desktop.open(house, '1002');
    deaf.socket.pause();
    await house.server.close();
    expect(await desktop.closed).toBe(closeCodes.goingAway);
    deaf.socket.terminate();
  });
});
