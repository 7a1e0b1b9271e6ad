/** The real synthesiser and the real sox, from the same place as in `./rexian up`. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test } from 'vitest';
import { agentId, queueId } from '../../src/base/ids.ts';
import type { AgentId } from '../../src/base/ids.ts';
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { CentreConfig, Prompt, PromptSource, QueueConfig } from '../../src/config/centre-config.ts';
import { createPrompts } from '../../src/ivr/prompts.ts';
import { programRunner } from '../../src/ivr/run-program.ts';
import type { Run } from '../../src/ivr/synthesise.ts';
import { program } from '../../runtime/program.ts';
import { languages } from '../../src/base/text.ts';
import type { Language, Text } from '../../src/base/text.ts';
import { sampleRouting } from '../support/sample-routing.ts';

const command = (name: 'espeak-ng' | 'sox'): string[] => {
  const { command: first, args, env } = program(inject('runtime').programs, name, []);
  return [first, ...args, ...(env['ESPEAK_DATA_PATH'] ? [`--path=${env['ESPEAK_DATA_PATH']}`] : [])];
};
const run: Run = (name, args) => programRunner({ espeak: command('espeak-ng'), sox: command('sox') })(name, args);

const text = (words: string): PromptSource => ({ kind: 'text', text: words });
const prompt = (name: string, zh: PromptSource, en: PromptSource): [string, Prompt] => [name, { name, zh, en }];
const agent = (id: string): [AgentId, AgentConfig] => [agentId(id), { id: agentId(id), name: { zh: '王芳', en: 'Wang Fang' }, role: 'agent', team: '', queues: [], skills: {} }];
const config = (prompts: [string, Prompt][], agents: string[] = []): Pick<CentreConfig, 'version' | 'prompts' | 'agents' | 'queues'> => ({ version: 'v', queues: new Map(), prompts: new Map(prompts), agents: new Map(agents.map(agent)) });

type Spoken = ReturnType<typeof config>;
const queue = (id: string, name: Text): QueueConfig => ({ ...(sampleRouting().queues.get(queueId('general')) ?? expect.fail('no sample queue')), id: queueId(id), name });

function folders() {
  const root = mkdtempSync(join(tmpdir(), 'rexian-prompts-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return { root, soundsDir: join(root, 'sounds'), cacheDir: join(root, 'cache') };
}

function make(where = folders(), running: Run = run) {
  const warned: string[] = [];
  const prompts = createPrompts({ ...where, run: running, log: { warn: (_, message) => warned.push(message), error: (_, message) => warned.push(message) } });
  onTestFinished(() => prompts.stop());
  return { ...where, prompts, warned };
}

async function level(file: string): Promise<{ rms: number; peak: number; seconds: number }> {
  const [first = '', ...args] = command('sox');
  const { stderr } = await promisify(execFile)(first, [...args, file, '-n', 'stats']);
  const value = (name: string): number => Number(new RegExp(`^${name}\\s+(-?[\\d.]+)`, 'm').exec(stderr)?.[1]);
  return { rms: value('RMS lev dB'), peak: value('Pk lev dB'), seconds: value('Length s') };
}

/** How far a companded sound is from the WAV beside it, as sox hears it, in steps of the companding. */
async function farthest(wav: Buffer, file: string, type: string): Promise<number> {
  const [first = '', ...args] = command('sox');
  await promisify(execFile)(first, [...args, '-t', type, '-r', '8000', '-c', '1', file, '-b', '16', `${file}.back.wav`]);
  const back = readFileSync(`${file}.back.wav`);
  expect(back.length).toBe(wav.length);
  let steps = 0;
  for (let at = 44; at < wav.length; at += 2) {
    const sample = wav.readInt16LE(at);
    steps = Math.max(steps, Math.abs(back.readInt16LE(at) - sample) / Math.max(16, Math.abs(sample) / 16));
  }
  return steps;
}

const spoken = (language: Language, name: string) => ({ say: 'prompt' as const, name, language });

test('texts become 8 kHz mono sounds in the callers’ codecs, audible and of one loudness in both languages', async () => {
  const { prompts, soundsDir } = make();
  expect(await prompts.take(config([prompt('welcome', text('您好，欢迎致电客户服务热线。'), text('Hello, and welcome to our hotline.'))]))).toEqual({ ok: true });
  for (const language of ['zh', 'en'] as const) {
    const [sound = ''] = prompts.resolve(spoken(language, 'welcome'));
    expect(sound).toMatch(new RegExp(`^rexian/${language}/welcome-[0-9a-f]{8}$`));
    const wav = readFileSync(join(soundsDir, `${sound}.wav`));
    expect([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)]).toEqual([1, 8_000, 16]);
    const { rms, peak, seconds } = await level(join(soundsDir, `${sound}.wav`));
    expect(rms).toBeGreaterThan(-22.5);
    expect(rms).toBeLessThan(-17.5);
    expect(peak).toBeLessThanOrEqual(0);
    expect(seconds).toBeGreaterThan(1);
    for (const type of ['al', 'ul']) expect(await farthest(wav, join(soundsDir, `${sound}.${type}aw`), type)).toBeLessThanOrEqual(1);
  }
});

test('what was made once is not made again, for another centre either', async () => {
  const first = make();
  await first.prompts.take(config([]));
  const again = make({ ...first, soundsDir: join(first.root, 'other') }, () => Promise.reject(new Error('should not run')));
  expect(await again.prompts.take(config([]))).toEqual({ ok: true });
  expect(again.prompts.resolve(spoken('zh', 'sorry'))).toEqual(first.prompts.resolve(spoken('zh', 'sorry')));
});

test('a changed text is another sound, and the old one stays for who is still in the old flow', async () => {
  const { prompts, soundsDir } = make();
  await prompts.take(config([prompt('hello', text('您好'), text('Hello'))]));
  const before = prompts.resolve(spoken('en', 'hello'));
  await prompts.take(config([prompt('hello', text('您好'), text('Good morning'))]));
  expect(prompts.resolve(spoken('en', 'hello'))).not.toEqual(before);
  await prompts.take(config([]));
  expect(prompts.resolve(spoken('en', 'hello'))).toHaveLength(1);
  expect(readdirSync(join(soundsDir, 'rexian/en')).filter((name) => name.startsWith('hello-') && name.endsWith('.wav'))).toHaveLength(2);
});

test('what is prepared is heard by nobody before it is used', async () => {
  const { prompts } = make();
  await prompts.take(config([prompt('hello', text('您好'), text('Hello'))]));
  const before = prompts.resolve(spoken('en', 'hello'));
  const prepared = await prompts.prepare(config([prompt('hello', text('您好'), text('Good morning'))]));
  expect(prompts.resolve(spoken('en', 'hello'))).toEqual(before);
  if (prepared.ok) prepared.use();
  expect(prompts.resolve(spoken('en', 'hello'))).not.toEqual(before);
});

test('an agent’s number is one sentence; until it is made the digits are read one by one', async () => {
  const { prompts } = make();
  await prompts.take(config([], ['1001']));
  const zh = { say: 'agent-number' as const, agent: agentId('1001'), language: 'zh' as const };
  const digits = prompts.resolve(zh).map((sound) => sound.split('/')[2]?.replace(/-[0-9a-f]{8}$/, ''));
  expect(digits).toEqual(['digit-1', 'digit-0', 'digit-0', 'digit-1', 'agent-number-after']);
  expect(prompts.resolve({ ...zh, language: 'en' })[0]).toContain('agent-number-before');
  await prompts.settled();
  expect(prompts.resolve(zh)).toEqual([expect.stringMatching(/^rexian\/zh\/agent-1001-/)]);
});

test('the centre’s own words replace ours, one digit included', async () => {
  const said: string[] = [];
  const { prompts } = make(folders(), (name, args) => {
    if (name === 'espeak-ng') said.push(args.at(-1) ?? '');
    return run(name, args);
  });
  await prompts.take(config([prompt('digit-1', text('一'), text('one')), prompt('agent-number', text('工号{number}，很高兴为您服务。'), text('You are speaking to agent {number}.'))], ['1001']));
  await prompts.settled();
  expect(said).toEqual(expect.arrayContaining(['工号一零零一，很高兴为您服务。', 'You are speaking to agent one zero zero one.', '工号']));
  expect(said.some((words) => words.includes('幺'))).toBe(false);
});

test('what agents hear is made where somebody hears it, and no more of it', async () => {
  const { prompts, soundsDir } = make();
  const whispers: Spoken['queues'] = new Map([{ ...queue('billing', { zh: '账单组', en: 'Billing' }), whisper: true as const }, queue('quiet', { zh: '安静', en: 'Quiet' })].map((one) => [one.id, one]));
  expect(await prompts.take({ ...config([]), queues: whispers })).toEqual({ ok: true });
  for (const language of languages) for (const name of ['beep', 'queue-name-billing', 'waited-before', 'waited-seconds', 'waited-minute', 'waited-minutes', 'number-20']) expect(prompts.resolve(spoken(language, name)), name).toHaveLength(1);
  expect(prompts.resolve(spoken('zh', 'queue-name-quiet'))).toEqual([]);
  expect((await level(join(soundsDir, `${prompts.resolve(spoken('zh', 'beep'))[0]}.wav`))).seconds).toBeCloseTo(0.35, 1);
});

test('an agent whose phone answers by itself hears of each of the own queues', async () => {
  const { prompts } = make();
  const [id, person] = agent('1001');
  await prompts.take({ ...config([prompt('beep', text('叮'), text('ding'))]), agents: new Map([[id, { ...person, queues: [queueId('billing')], autoAnswer: true as const }]]), queues: new Map([[queueId('billing'), queue('billing', { zh: '账单组', en: 'Billing' })]]) });
  expect(prompts.resolve(spoken('en', 'queue-name-billing'))).toHaveLength(1);
  expect(prompts.resolve(spoken('en', 'beep'))).toHaveLength(1);
});

test('a recording of any rate and loudness becomes like the others', async () => {
  const where = folders();
  const [first = '', ...args] = command('sox');
  const file = join(where.root, 'quiet.wav');
  await promisify(execFile)(first, [...args, '-n', '-r', '44100', '-c', '2', file, 'synth', '1.5', 'sine', '440', 'vol', '0.02']);
  const { prompts, soundsDir } = make(where);
  expect(await prompts.take(config([prompt('quiet', { kind: 'file', path: file }, text('quiet'))]))).toEqual({ ok: true });
  const { rms, seconds } = await level(join(soundsDir, `${prompts.resolve(spoken('zh', 'quiet'))[0]}.wav`));
  expect(rms).toBeGreaterThan(-21.5);
  expect(rms).toBeLessThan(-18.5);
  expect(seconds).toBeCloseTo(1.65, 1);
});

test('every prompt that cannot be made is told, and the ones in use stay in use', async () => {
  const { prompts, root } = make();
  await prompts.take(config([prompt('hello', text('您好'), text('Hello'))]));
  const before = prompts.resolve(spoken('zh', 'hello'));
  const broken = join(root, 'broken.wav');
  writeFileSync(broken, 'RIFF\x24\0\0\0WAVEnonsense');
  const taken = await prompts.take(config([prompt('hello', text('再见'), text('Goodbye')), prompt('broken', { kind: 'file', path: broken }, text('……'))]));
  if (taken.ok) throw new Error('should fail');
  expect(taken.failures.map(({ prompt: name, language }) => `${name}/${language}`).sort()).toEqual(['broken/en', 'broken/zh']);
  expect(taken.failures[0]?.text.zh).toMatch(/^提示音 broken/);
  expect(prompts.resolve(spoken('zh', 'hello'))).toEqual(before);
});

test('a synthesiser that is not there is said by name', async () => {
  const { prompts } = make(folders(), programRunner({ espeak: ['/nowhere/espeak-ng'], sox: ['sox'] }));
  const taken = await prompts.take(config([]));
  expect(taken).toMatchObject({ ok: false });
  expect(!taken.ok && taken.failures[0]?.text.en).toMatch(/^prompt [a-z0-9-]+ \((zh|en)\) cannot be made: espeak-ng: not found$/);
});
