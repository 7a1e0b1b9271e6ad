import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import { checkCommand } from '../../src/config/check-command.ts';
import { levelIn } from '../../src/config/agent-config.ts';
import { loadCentre } from '../../src/config/load.ts';
import { brief, problemsOf, sampleDir, sampleFile, sampleWith } from './sample.ts';

function loaded(dir: string) {
  const result = loadCentre(dir);
  if (!result.ok) throw new Error(checkCommand(dir, 'en').text);
  return result.config;
}

test('the sample centre is good and has no warnings', () => {
  const result = loadCentre(sampleDir);
  expect(result).toMatchObject({ ok: true, warnings: [] });
});

test('fields come out in the units and defaults of the one configuration', () => {
  const { centre, queues, agents } = loaded(sampleDir);
  expect(centre).toMatchObject({ id: 'demo', timeZone: 'Asia/Shanghai', language: 'zh', trunks: [], backOffMs: { busy: 5_000, unreachable: 30_000 } });
  expect(centre.recording).toEqual({ onFailure: 'go-on' });
  expect(centre.admission).toEqual({ callsPerSecond: 100, perCaller: { calls: 30, withinMs: 60_000, except: [] }, lateMs: 1_000, treatment: 'congestion' });
  expect([...centre.numbers]).toEqual([['4000', 'hotline'], ['4001', 'office'], ['4002', 'self-service']]);
  expect(queues.get(queueId('billing'))).toMatchObject({
    id: 'billing', ringMs: 15_000, wrapUpMs: 20_000, wrapUpMode: 'time-boxed', serviceLevelMs: 15_000, priority: 0,
    overflow: { afterMs: 180_000, to: 'general' }, maxWaiting: 1_000, music: 'default', record: 'always', sayAgentNumber: true,
  });
  expect(agents.get(agentId('1001'))).toEqual({ id: '1001', name: { zh: '王芳', en: 'Wang Fang' }, role: 'agent', team: 'first', queues: ['billing', 'general'], skills: { billing: 5, lang_zh: 5 } });
});

test('an agent stands at the front of each queue of a list, and where a level says otherwise at that', () => {
  const { agents } = loaded(sampleWith({ 'agents.yaml': sampleFile('agents.yaml', 'queues: [billing, faults, general]', 'queues: { billing: 2, faults: { level: 2, position: 3 }, general: 1 }') }));
  const one = agents.get(agentId('1001')) ?? { levels: {} };
  const other = agents.get(agentId('1002'));
  expect(levelIn(one, queueId('billing'))).toEqual({ level: 1, position: 1 });
  expect(other?.queues).toEqual(['billing', 'faults', 'general']);
  expect(other?.queues.map((queue) => levelIn(other, queue))).toEqual([{ level: 2, position: 1 }, { level: 2, position: 3 }, { level: 1, position: 1 }]);
});

test('all faults of all files are told at once, and nothing is taken', () => {
  const problems = problemsOf({
    'centre.yaml': sampleFile('centre.yaml', '4000: hotline', '4000: hotlin'),
    'queues.yaml': sampleFile('queues.yaml', 'ring: 20s', 'ring: 20'),
    'agents.yaml': sampleFile('agents.yaml', 'role: admin', 'role: root'),
    'hours.yaml': sampleFile('hours.yaml', 'week: { every-day: 00:00-24:00 }', 'week: { every-day: 00:00-25:00 }'),
    'flows/office.yaml': sampleFile('flows/office.yaml', 'queue: general', 'queue: sales'),
    'flows/hotline.yaml': sampleFile('flows/hotline.yaml', 'after: 5s, tries: 3, say: no-key, then: operator', 'after: 5, tries: 3, say: nokey, then: operater'),
  });
  expect(problems.map(brief)).toEqual([
    'centre.yaml:8:9 unknown-flow "hotline"',
    'queues.yaml:21:9 bad-duration',
    'agents.yaml:39:9 unknown-word',
    'hours.yaml:3:22 bad-hours',
    'flows/hotline.yaml:13:23 bad-duration',
    'flows/hotline.yaml:13:41 unknown-prompt "no-key"',
    'flows/hotline.yaml:13:54 unknown-node "operator"',
    'flows/office.yaml:5:53 unknown-queue',
  ]);
});

test('a queue with a fault is still a queue to those who name it', () => {
  const problems = problemsOf({ 'queues.yaml': sampleFile('queues.yaml', 'ring: 20s', 'ring: soon') });
  expect(problems.map(brief)).toEqual(['queues.yaml:21:9 bad-duration']);
});

test('the configuration cannot be changed by anyone who gets it', () => {
  const { agents, centre, flows } = loaded(sampleDir);
  expect(() => Object.assign(centre, { id: 'other' })).toThrow(TypeError);
  expect(() => (agents as Map<unknown, unknown>).clear()).toThrow(TypeError);
  expect(() => (flows.get('hotline')?.nodes as Map<unknown, unknown>).delete('menu')).toThrow(TypeError);
});

test('the version is of the contents: the same for a copy, another after any change', () => {
  const version = loaded(sampleDir).version;
  expect(version).toMatch(/^[0-9a-f]{12}$/);
  expect(loaded(sampleWith()).version).toBe(version);
  expect(loaded(sampleWith({ 'hours.yaml': sampleFile('hours.yaml', '09:00-18:00', '09:00-17:30') })).version).not.toBe(version);
});

test('a recording is read from the configuration folder, and its bytes count for the version', () => {
  const wav = (level: number) => Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt '), Buffer.alloc(64, level)]);
  const dir = sampleWith({ 'prompts.yaml': sampleFile('prompts.yaml', 'zh: 没有收到您的选择。', 'zh: { file: no-key.wav }') });
  writeFileSync(join(dir, 'no-key.wav'), wav(1));
  const first = loaded(dir);
  expect(first.prompts.get('no-key')?.zh).toEqual({ kind: 'file', path: join(dir, 'no-key.wav') });
  writeFileSync(join(dir, 'no-key.wav'), wav(2));
  expect(loaded(dir).version).not.toBe(first.version);
});

test('a missing file and a missing folder are said as such', () => {
  expect(problemsOf({ 'hours.yaml': null })[0]).toMatchObject({ file: 'hours.yaml', code: 'no-file' });
  expect(loadCentre('/nowhere')).toMatchObject({ ok: false, problems: [{ file: '/nowhere', code: 'no-file' }] });
});

test('a file too large or nested too deeply is refused before it can do harm', () => {
  expect(problemsOf({ 'prompts.yaml': `# ${'x'.repeat(1_000_001)}` }).some(({ code }) => code === 'file-too-large')).toBe(true);
  expect(problemsOf({ 'prompts.yaml': '['.repeat(200_000) }).some(({ code }) => code.startsWith('yaml-'))).toBe(true);
});

test('aliases, tags and odd keys are refused, not interpreted', () => {
  const codes = (text: string) => problemsOf({ 'hours.yaml': text }).filter(({ file }) => file === 'hours.yaml').map(({ code }) => code);
  expect(codes('office: &o { week: { mon: 09:00-10:00 } }\nalways: *o')).toContain('yaml-alias');
  expect(codes('always: !!js/function "x"')).toContain('yaml-tag');
  expect(codes('? [a, b]\n: 1')).toContain('yaml-key');
  expect(codes('__proto__: { week: {} }')).toEqual(['bad-name']);
});

test('flow tests beside the flows are not flows', () => {
  expect([...loaded(sampleWith({ 'flows/hotline.test.yaml': 'anything: goes' })).flows.keys()]).toEqual(['hotline', 'office', 'self-service']);
});

test('a telephone number keeps its leading zero', () => {
  const dir = sampleWith({
    'centre.yaml': `${sampleFile('centre.yaml', '4000: hotline', '4000: hotline')}trunks: [carrier]\n`,
    'flows/self-service.yaml': sampleFile('flows/self-service.yaml', 'transfer: 2001', 'transfer: 01088886666, trunk: carrier'),
  });
  expect(loaded(dir).flows.get('self-service')?.nodes.get('manager')).toMatchObject({ number: '01088886666', trunk: 'carrier' });
});

test('check says what it took, and what it refused, in both languages', () => {
  expect(checkCommand(sampleDir, 'en')).toEqual({ ok: true, text: expect.stringMatching(/^The configuration is good, version [0-9a-f]{12}: 3 queues, 7 agents, 3 flows, 13 prompts\.$/) });
  const dir = sampleWith({ 'flows/office.yaml': sampleFile('flows/office.yaml', 'queue: general', 'queue: genral') });
  const { ok, text } = checkCommand(dir, 'zh');
  expect(ok).toBe(false);
  expect(text.split('\n')).toEqual([
    'flows/office.yaml:5:53: 错误: 没有名为 "genral" 的队列 [unknown-queue]',
    ' 5 |   hours: { when: { calendar: office, open: { queue: genral }, closed: closed } }',
    `   | ${' '.repeat(52)}^^^^^^`,
    '   提示：是否想写 "general"？',
    '',
    '共 1 处错误，配置未被采用。',
  ]);
});
