/**
 * The files of config/ → one frozen configuration, or every fault in them. A faulty set is refused as a whole. Reading
 * is synchronous: it happens at a start and at a reload, and the largest sample takes milliseconds.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readFlow } from '../ivr/flow.ts';
import type { Flow } from '../ivr/flow.ts';
import type { KnownNames } from '../ivr/flow-reader.ts';
import { callbackPrompts } from '../ivr/callback-prompts.ts';
import { queuePrompts } from '../ivr/queue-prompts.ts';
import { systemPromptNames } from '../ivr/system-prompts.ts';
import { readAgents } from './agents-file.ts';
import { queueId } from '../base/ids.ts';
import type { AgentId, QueueId } from '../base/ids.ts';
import type { AgentConfig } from './agent-config.ts';
import type { CentreConfig } from './centre-config.ts';
import { readCentre } from './centre-file.ts';
import { freeze } from './freeze.ts';
import { trunkFindings } from './callback-file.ts';
import { mobileFindings } from './mobile-file.ts';
import { readCalendars } from './hours-file.ts';
import { nameRule, nameShape, isRecord } from './schema.ts';
import type { Finding, Problem } from './problem.ts';
import { readPrompts } from './prompts-file.ts';
import { hoursFindings, withHours } from './queue-hours.ts';
import { mayServe, reachFindings, variableFindings } from './reach.ts';
import { readQueues } from './queues-file.ts';
import { fileBytesMax, readYaml } from './yaml-file.ts';
import type { YamlFile } from './yaml-file.ts';

export type Loaded =
  | { readonly ok: true; readonly config: CentreConfig; readonly warnings: readonly Problem[] }
  /** Errors first in each file's own order, then warnings. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const flowFilesMax = 500;
export const problemsMax = 1_000;

export function loadCentre(dir: string): Loaded {
  const files = readFiles(dir);
  return files.problem ? { ok: false, problems: [files.problem] } : readTexts(files.texts, dir, (config) => versionOf(files.texts, config));
}

/** One that held earlier, by its texts. The recordings of that time need not be there any more. */
export const readKept = (version: string, texts: ReadonlyMap<string, string>): Loaded => readTexts(texts, undefined, () => version);

function readTexts(texts: ReadonlyMap<string, string>, dir: string | undefined, version: (config: Pick<CentreConfig, 'prompts'>) => string): Loaded {
  const yaml = new Map<string, YamlFile>();
  for (const [name, text] of texts) yaml.set(name, readYaml(name, text));
  const problems: Problem[] = [...yaml.values()].flatMap((file) => file.problems);
  const place = (file: string, findings: readonly Finding[]): void => {
    const at = yaml.get(file);
    // Of a file that is not YAML nothing more can be said than where it stops being it.
    if (at && !at.problems.some(({ code }) => code === 'yaml-syntax')) problems.push(...findings.map((finding) => at.place(finding)));
  };
  for (const name of required) if (!yaml.has(name)) problems.push(missingFile(name));

  const values = new Map([...yaml].map(([name, file]) => [name, file.value] as const));
  const config = readValues(values, dir, place);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!config || errors.length > 0) {
    return { ok: false, problems: [...errors, ...problems.filter(({ severity }) => severity === 'warning')].slice(0, problemsMax) };
  }
  return { ok: true, config: freeze({ ...config, version: version(config), files: texts }), warnings: problems };
}

const required = ['centre.yaml', 'queues.yaml', 'agents.yaml', 'hours.yaml', 'prompts.yaml'];

type Placer = (file: string, findings: readonly Finding[]) => void;

/** Names are taken from the files as they are written, so that one fault does not bring up others that are none. */
function readValues(values: ReadonlyMap<string, unknown>, dir: string | undefined, place: Placer): Omit<CentreConfig, 'version' | 'files'> | undefined {
  const keysOf = (file: string): string[] => {
    const value = values.get(file);
    return isRecord(value) ? Object.keys(value) : [];
  };
  const flowFiles = [...values.keys()].filter((name) => name.startsWith('flows/'));
  const queueNames = keysOf('queues.yaml');

  const centre = readCentre(values.get('centre.yaml'), flowFiles.map(flowName));
  place('centre.yaml', centre.findings);
  const promptNames = [...keysOf('prompts.yaml'), ...systemPromptNames, ...Object.keys(queuePrompts), ...Object.keys(callbackPrompts)];
  const queues = readQueues(values.get('queues.yaml'), skillsOf(values.get('agents.yaml')), promptNames);
  place('queues.yaml', queues.findings);
  place('queues.yaml', trunkFindings(values.get('queues.yaml'), trunksOf(values.get('centre.yaml'))));
  const agents = readAgents(values.get('agents.yaml'), queueNames);
  place('agents.yaml', agents.findings);
  place('agents.yaml', mobileFindings(values.get('agents.yaml'), trunksOf(values.get('centre.yaml'))));
  // Only of what is sound, or one fault would bring up others that are none.
  const sound = agents.findings.length + queues.findings.length === 0;
  const servedBy = sound ? serving(agents.value) : () => [];
  if (sound) for (const queue of queues.value.values()) place('queues.yaml', reachFindings(queue, servedBy(queue.id)));
  const calendars = readCalendars(values.get('hours.yaml'));
  place('hours.yaml', calendars.findings);
  place('queues.yaml', hoursFindings(values.get('queues.yaml'), keysOf('hours.yaml'), calendars.value));
  const prompts = readPrompts(values.get('prompts.yaml'), dir);
  place('prompts.yaml', prompts.findings);

  const known: KnownNames = {
    queue: queueNames,
    prompt: promptNames,
    calendar: keysOf('hours.yaml'),
    agent: keysOf('agents.yaml'),
    trunk: trunksOf(values.get('centre.yaml')),
    skill: [...skillsOf(values.get('agents.yaml'))],
    serving: (queue) => servedBy(queueId(queue)).filter((agent) => mayServe(agent, queues.value.get(queueId(queue)))),
  };
  const flows = new Map<string, Flow>();
  for (const file of flowFiles) {
    const name = flowName(file);
    const { flow, findings } = readFlow(name, values.get(file), known);
    place(file, nameShape.test(name) ? findings : [{ path: [], ...nameRule }, ...findings]);
    if (flow) flows.set(name, flow);
  }
  const variables = new Set([...flows.values()].flatMap((flow) => flow.variables));
  // One that a faulty flow sets is not known here.
  if (flows.size === flowFiles.length) for (const queue of queues.value.values()) place('queues.yaml', variableFindings(queue, variables));
  return centre.value && { centre: centre.value, queues: withHours(queues.value, values.get('queues.yaml'), calendars.value, centre.value.timeZone), agents: agents.value, calendars: calendars.value, prompts: prompts.value, flows };
}

function serving(agents: ReadonlyMap<AgentId, AgentConfig>): (queue: QueueId) => readonly AgentConfig[] {
  const byQueue = new Map<QueueId, AgentConfig[]>();
  for (const agent of agents.values()) for (const queue of agent.queues) byQueue.set(queue, [...(byQueue.get(queue) ?? []), agent]);
  return (queue) => byQueue.get(queue) ?? [];
}

const flowName = (file: string): string => file.slice('flows/'.length, -'.yaml'.length);

function skillsOf(agents: unknown): Set<string> {
  const skills = isRecord(agents) ? Object.values(agents).map((agent) => (isRecord(agent) ? agent['skills'] : undefined)) : [];
  return new Set(skills.flatMap((levels) => (isRecord(levels) ? Object.keys(levels) : [])));
}

function trunksOf(centre: unknown): string[] {
  const trunks = isRecord(centre) ? centre['trunks'] : undefined;
  return Array.isArray(trunks) ? trunks.filter((trunk) => typeof trunk === 'string') : [];
}

interface Files {
  /** By their names from the folder on, in order of name. */
  readonly texts: ReadonlyMap<string, string>;
  readonly problem?: Problem;
}

function readFiles(dir: string): Files {
  const texts = new Map<string, string>();
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return { texts, problem: missingFile(dir) };
  const isFolder = (name: string): boolean => statSync(join(dir, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
  const flows = isFolder('flows') ? readdirSync(join(dir, 'flows')).filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml')) : [];
  if (flows.length > flowFilesMax) {
    return { texts, problem: wholeFile('flows', 'too-many', { zh: `流程文件超过 ${flowFilesMax} 个`, en: `more than ${flowFilesMax} flow files` }) };
  }
  const names = [...required.filter((name) => statSync(join(dir, name), { throwIfNoEntry: false })?.isFile()), ...flows.map((name) => `flows/${name}`)];
  for (const name of names.sort()) texts.set(name, readLimited(join(dir, name)));
  return { texts };
}

/** One byte more than allowed is enough for the refusal. */
function readLimited(file: string): string {
  return statSync(file).size > fileBytesMax ? ' '.repeat(fileBytesMax + 1) : readFileSync(file, 'utf8');
}

const wholeFile = (file: string, code: string, text: Problem['text']): Problem => ({ file, line: 1, column: 1, length: 1, severity: 'error', code, text, source: '' });
const missingFile = (file: string): Problem => wholeFile(file, 'no-file', { zh: '找不到该文件', en: 'there is no such file or folder' });

function versionOf(texts: ReadonlyMap<string, string>, { prompts }: Pick<CentreConfig, 'prompts'>): string {
  const hash = createHash('sha256');
  for (const [name, text] of texts) hash.update(`${name}\0${text}\0`);
  for (const { zh, en } of prompts.values()) for (const source of [zh, en]) if (source.kind === 'file') hash.update(readFileSync(source.path));
  return hash.digest('hex').slice(0, 12);
}
