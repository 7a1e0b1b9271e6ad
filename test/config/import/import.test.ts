import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readAgents } from '../../../src/config/agents-file.ts';
import { readConf } from '../../../src/config/import/asterisk-conf.ts';
import type { Conf } from '../../../src/config/import/asterisk-conf.ts';
import { namer } from '../../../src/config/import/names.ts';
import { importQueues } from '../../../src/config/import/queues-conf.ts';
import { readQueues } from '../../../src/config/queues-file.ts';

const conf = (text: string, files: Readonly<Record<string, string>> = {}): Conf =>
  readConf('queues.conf', text, (pattern) => Object.entries(files).filter(([file]) => file === pattern || (pattern.includes('*') && file.startsWith(pattern.slice(0, pattern.indexOf('*'))))).map(([file, inside]) => ({ file, text: inside })));
const settings = (read: Conf, name: string): string[] => read.sections.find((section) => section.name === name)?.settings.map((setting) => `${setting.at.file}:${setting.at.line} ${setting.name}=${setting.value}`) ?? [];
const said = (text: string): string[] => importQueues(conf(text), undefined).notes.map(({ at, text: { en } }) => `${at.line} ${en}`);

describe('Asterisk’s syntax', () => {
  test('settings with = and =>, comments to the end of the line and over many, an escaped semicolon', () => {
    const read = conf('[a]\nx = 1 ; one\ny=>2\n;-- [b]\nz = 3\n--; w = 4\nv = a\\;b\n;---- a ruler\n');
    expect(settings(read, 'a')).toEqual(['queues.conf:2 x=1', 'queues.conf:3 y=2', 'queues.conf:6 w=4', 'queues.conf:7 v=a;b']);
    expect(read.sections.map(({ name }) => name)).toEqual(['a']);
  });

  test('templates come first, in their order, are no sections themselves, and a section may be one too', () => {
    const read = conf('[t](!)\na=1\nb=1\n[u](!,t)\nb=2\n[v](u)\nc=3\n[w](v,t)\nd=4\n');
    expect(read.sections.map(({ name }) => name)).toEqual(['v', 'w']);
    expect(settings(read, 'v').map((line) => line.split(' ')[1])).toEqual(['a=1', 'b=1', 'b=2', 'c=3']);
    expect(settings(read, 'w').map((line) => line.split(' ')[1])).toEqual(['a=1', 'b=1', 'b=2', 'c=3', 'a=1', 'b=1', 'd=4']);
  });

  test('more of a section, here or in an included file, goes on where the section is', () => {
    const read = conf('[a]\nx=1\n#include more/*.conf\n#tryinclude none.conf\n[a](+)\nz=3\n', { 'more/1.conf': 'y=2\n[b]\n', 'more/2.conf': 'w=5\n' });
    expect(settings(read, 'a')).toEqual(['queues.conf:2 x=1', 'more/1.conf:1 y=2', 'queues.conf:6 z=3']);
    expect(settings(read, 'b')).toEqual(['more/2.conf:1 w=5']);
    expect(read.notes).toEqual([]);
  });

  test('what cannot be read is told: nothing is run, and nothing is read for ever', () => {
    const read = conf('lost=1\n[a](none)\n[b](+)\nnonsense\n#exec /bin/true\n#include gone.conf\n#include self\n', { self: '#include self\n' });
    expect(read.notes.map(({ at, text }) => `${at.file}:${at.line} ${text.en}`)).toEqual([
      'queues.conf:1 not a setting of any section: lost=1',
      'queues.conf:2 there is no template [none]',
      'queues.conf:3 there is no section [b] to add to',
      'queues.conf:4 not a setting of any section: nonsense',
      'queues.conf:5 not run, and what it would have brought is missing: #exec /bin/true',
      'queues.conf:6 there is no such file: #include gone.conf',
      'self:1 too many or too deep includes, not read: #include self',
    ]);
  });
});

describe('queues', () => {
  test('take over what we have too; the last of a setting holds', () => {
    const { queues, notes } = importQueues(conf('[sales]\nmusicclass=jazz\ntimeout=10\ntimeout=20\nwrapuptime=15\nservicelevel=30\nmaxlen=50\nmonitor-format=wav\nstrategy=leastrecent\nautopause=yes\nringinuse=no\n'), undefined);
    expect(queues).toEqual({ sales: { name: { zh: 'sales', en: 'sales' }, record: 'always', whileWaiting: { music: 'jazz' }, ring: '20s', wrapUp: { time: '15s' }, serviceLevel: '30s', maxWaiting: 50 } });
    expect(notes).toEqual([]);
  });

  test('rings all where it did', () => {
    expect(importQueues(conf('[sales]\nstrategy=ringall\n'), undefined)).toMatchObject({ queues: { sales: { strategy: 'ring-all' } }, notes: [] });
  });

  test('a limit of ours that is narrower is told, and so is each option that has no equivalent', () => {
    expect(said('[sales]\ntimeout=1\nmaxlen=0\nweight=3\nstrategy=fairest\nannounce-position=yes\nmemberdelay=0\nmemberdelay=2\nflux=1\nwrapuptime=soon\n')).toEqual([
      '2 timeout = 1: it is 3 s here, from 3 to 300',
      '4 weight = 3: becomes the priority, which goes first always and not only where agents are short',
      '5 strategy = fairest: no such strategy: the longest idle agent is rung (leastrecent)',
      '6 announce-position = yes: never said, without an announce-frequency',
      '8 memberdelay = 2: no equivalent: talks are connected at once',
      '9 flux = 1: an option that we do not know',
      '10 wrapuptime = soon: not a number of seconds',
    ]);
  });

  test('what a template brings to many queues is said once', () => {
    expect(said('[t](!)\nretry=5\n[a](t)\n[b](t)\n')).toHaveLength(1);
  });

  test('rules of penalties are told with their file and line', () => {
    const { notes } = importQueues(conf('[a]\n'), readConf('queuerules.conf', '[wider]\npenaltychange => 30,+3\n', () => []));
    expect(notes.map(({ at, text }) => `${at.file}:${at.line} ${text.en}`)).toEqual(['queuerules.conf:2 [wider] penaltychange => 30,+3: not taken over; levelWait rings further levels after a longer wait']);
  });

  const emptiness = (text: string): unknown => importQueues(conf(`[a]\n${text}\n`), undefined).queues['a'];
  test.each([
    ['joinempty=yes', undefined],
    ['joinempty=no', { joining: ['unskilled', 'offline', 'paused'] }],
    ['joinempty=strict', { joining: ['unskilled', 'offline', 'paused', 'unreachable'] }],
    ['joinempty=loose\nleavewhenempty=no', { joining: ['unskilled', 'offline'] }],
    ['leavewhenempty=yes', { waiting: ['unskilled', 'offline', 'paused'] }],
    ['joinempty=paused,inuse,wrapup\nleavewhenempty=invalid,unknown,ringing', { joining: ['paused', 'talking', 'wrap-up', 'offline'], waiting: ['offline', 'unknown', 'ringing'] }],
  ])('%j', (text, empty) => expect((emptiness(text) as { empty?: unknown }).empty).toEqual(empty));

  test('a queues.conf as it stands in real centres: what is said and when, who rings, and the few points that are left', () => {
    const real = `[general]
persistentmembers = yes
autofill = yes
shared_lastcall = yes

[hotline](!)
musicclass = default
strategy = rrmemory
timeout = 20
retry = 5
wrapuptime = 15
servicelevel = 20
joinempty = paused,penalty,unavailable
leavewhenempty = strict
ringinuse = no
announce-frequency = 30
announce-position = limit
announce-position-limit = 8
announce-holdtime = once
periodic-announce = custom/please-hold,custom/use-the-app
periodic-announce-frequency = 60
random-periodic-announce = yes
reportholdtime = yes
monitor-format = wav
monitor-type = MixMonitor

[400-sales](hotline)
weight = 5
member => PJSIP/1001,0,Wang Fang
member => PJSIP/1002,1,Li Wei

[400-service](hotline)
strategy = linear
announce-holdtime = no
announce-position = yes
member => PJSIP/1002,0,Li Wei
member => PJSIP/1001,0,Wang Fang
context = leave-queue
`;
    const { queues, agents, notes } = importQueues(conf(real), undefined);
    const empty = { joining: ['paused', 'unskilled', 'unreachable', 'offline'], waiting: ['unskilled', 'offline', 'paused', 'unreachable'] };
    const comfort = { prompts: ['please-hold', 'use-the-app'], every: '60s', order: 'random' };
    const common = { ring: '20s', wrapUp: { time: '15s' }, serviceLevel: '20s', record: 'always', whisper: true, empty };
    expect(queues).toEqual({
      'q400-sales': { ...common, name: { zh: '400-sales', en: '400-sales' }, strategy: 'round-robin', priority: 5, whileWaiting: { music: 'default', place: { first: '1s', every: '30s', position: 'limit', limit: 8, estimate: 'once' }, comfort } },
      'q400-service': { ...common, name: { zh: '400-service', en: '400-service' }, strategy: 'linear', whileWaiting: { music: 'default', place: { first: '1s', every: '30s', position: 'yes' }, comfort } },
    });
    expect(agents).toMatchObject({ 1001: { queues: { 'q400-sales': 1, 'q400-service': { level: 1, position: 2 } } }, 1002: { queues: { 'q400-sales': 2, 'q400-service': { level: 1, position: 1 } } } });
    expect(notes.map(({ at, text }) => `${at.line} ${text.en}`)).toEqual([
      '10 retry = 5: no equivalent: no pause between rings: a free agent is rung at once',
      '20 periodic-announce = custom/please-hold,custom/use-the-app: add please-hold, use-the-app to prompts.yaml: they were sound files of Asterisk',
      '27 the queue [400-sales] is called q400-sales here',
      '28 weight = 5: becomes the priority, which goes first always and not only where agents are short',
      '32 the queue [400-service] is called q400-service here',
      '38 context = leave-queue: no equivalent: leaving by key while waiting: write keys in the flow’s queue node',
    ]);
    // What is written is what check takes, once the prompts are there.
    expect(readQueues(queues, new Set(), ['please-hold', 'use-the-app', 'all-busy']).findings).toEqual([]);
    expect(readAgents(agents, Object.keys(queues)).findings).toEqual([]);
  });

  test('names become ours, none twice', () => {
    const nameOf = namer();
    expect(['Sales Hotline', 'sales-hotline', '400', '客服', '客服 2'].map(nameOf)).toEqual(['sales-hotline', 'sales-hotline-2', 'q400', 'q', 'q2']);
  });
});

test('members are agents by their number, once, in all their queues; what is theirs alone is told', () => {
  const { agents, notes } = importQueues(conf('[a]\nmember => PJSIP/1001,0,Wang Fang\nmember => Local/7@agents,2,Li Wei,PJSIP/1002,yes,30\nmember => DAHDI/3\n[b]\nmember => PJSIP/1001,0,Wang Fang\nmember => SIP/1001\n'), undefined);
  const named = (name: string, ...queues: string[]) => ({ name: { zh: name, en: name }, queues });
  expect(agents).toEqual({ 1001: named('Wang Fang', 'a', 'b'), 1002: { name: { zh: 'Li Wei', en: 'Li Wei' }, queues: { a: 3 }, wrapUp: { time: '30s' } }, 900001: named('900001', 'a'), 900002: named('900002', 'b') });
  expect(notes.map(({ at, text }) => `${at.line} ${text.en}`)).toEqual([
    '3 Local/7@agents has the number 1002 here',
    '3 1002: ringinuse: an agent on a call is not rung',
    '4 DAHDI/3 has the number 900001 here',
    '7 SIP/1001 has the number 900002 here',
  ]);
});

describe('./rexian import', () => {
  let dir = '';
  beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'rexian-import-'))));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const root = resolve(import.meta.dirname, '../../..');
  const rexian = (...args: string[]) => promisify(execFile)(join(root, 'node_modules/.bin/node'), [join(root, 'cli/main.ts'), 'import', ...args], { timeout: 60_000, cwd: dir });

  test('writes files that check takes, tells the rest, and writes over nothing unasked', async () => {
    mkdirSync(join(dir, 'queues.d'));
    writeFileSync(join(dir, 'queues.conf'), '[general]\nautofill=yes\n[sales]\ntimeout=20\nretry=5\n#include queues.d/*.conf\n');
    writeFileSync(join(dir, 'queues.d/members.conf'), 'member => PJSIP/1001,0,王芳\n');
    const { stdout } = await rexian('queues.conf', '--out', 'new', '--lang', 'zh');
    expect(stdout).toBe('queues.conf:5: retry = 5：无对应功能：没有重试间隔，座席空闲即振铃\n\n已写入 new：1 个队列，1 名座席；以上 1 处请人工确认。\n');
    const [queues, agents] = ['queues.yaml', 'agents.yaml'].map((file) => parse(readFileSync(join(dir, 'new', file), 'utf8')));
    expect(readQueues(queues, new Set())).toMatchObject({ findings: [] });
    expect([...readAgents(agents, ['sales']).value.values()]).toMatchObject([{ id: '1001', name: { zh: '王芳' }, queues: ['sales'] }]);
    await expect(rexian('queues.conf', '--out', 'new')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    await rexian('queues.conf', '--out', 'new', '--force');
    await expect(rexian('none.conf')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('none.conf') });
  });
});
