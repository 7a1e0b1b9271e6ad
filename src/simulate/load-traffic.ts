/** `--traffic FILE`: a traffic file or a record of calls, read and checked, with every fault at its place. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loadCentre } from '../config/load.ts';
import type { Problem } from '../config/problem.ts';
import { readYaml } from '../config/yaml-file.ts';
import type { YamlFile } from '../config/yaml-file.ts';
import { assemble } from './assemble.ts';
import { generatedTraffic } from './generated.ts';
import { readCalls, recordBytesMax } from './recorded-calls.ts';
import type { CallRecord } from './recorded-calls.ts';
import type { Base } from './routing.ts';
import type { Scenario } from './scenario.ts';
import { readTraffic } from './traffic-file.ts';
import type { Written } from './traffic-file.ts';

export type LoadedTraffic =
  | { readonly ok: true; readonly scenario: Scenario; readonly passedOver: number }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Wanted {
  /** A file, or the word `generated`. */
  readonly traffic: string;
  /** The folder of the configuration. */
  readonly config: string;
  /** The configuration was asked for, and not only the one that there always is. */
  readonly configNamed: boolean;
  /** Where the traffic was written for another configuration, in this folder: queues and teams that are no more are no fault. */
  readonly writtenFor?: string;
}

export function loadTraffic({ traffic, config, configNamed, writtenFor }: Wanted): LoadedTraffic {
  if (traffic === 'generated') {
    const [made, centre] = [loadCentre(writtenFor ?? config), loadCentre(config)];
    if (!made.ok) return made;
    if (!centre.ok) return centre;
    return fromFile(readYaml('generated', generatedTraffic(made.config)), undefined, centre.config, writtenFor !== undefined);
  }
  const text = textOf(traffic, traffic);
  if (typeof text !== 'string') return refused(text);
  const yaml = readYaml(traffic, /\.csv$/i.test(traffic) ? forRecord(resolve(traffic), configNamed ? (writtenFor ?? config) : undefined) : text);
  const base = needsConfig(yaml, configNamed) ? loadCentre(config) : undefined;
  if (base !== undefined && !base.ok) return base;
  return fromFile(yaml, traffic, base?.config, writtenFor !== undefined);
}

/** A record alone. With a configuration, a class that has the name of a queue comes to that queue. */
function forRecord(file: string, config: string | undefined): string {
  const centre = config === undefined ? undefined : loadCentre(config);
  const queues = centre?.ok ? Object.fromEntries([...centre.config.queues.keys()].map((id) => [id, id])) : {};
  return `recorded: ${JSON.stringify({ file, queues })}\n${config === undefined ? 'agents: recorded\n' : ''}`;
}

const refused = (...problems: readonly Problem[]): LoadedTraffic => ({ ok: false, problems });

function fromFile(yaml: YamlFile, traffic: string | undefined, base: Base | undefined, another: boolean): LoadedTraffic {
  if (yaml.problems.length > 0) return refused(...yaml.problems);
  const { value, findings } = readTraffic(yaml.value);
  if (value === undefined) return refused(...findings.map((finding) => yaml.place(finding)));
  const record = recordIn(value, traffic);
  if (record.problems.length > 0) return refused(...record.problems);
  const { scenario, findings: more } = assemble(value, record.calls, base, another);
  return scenario === undefined ? refused(...more.map((finding) => yaml.place(finding))) : { ok: true, scenario, passedOver: record.passedOver };
}

/** A file that brings its agents and its lines needs no configuration beside it. */
function needsConfig({ value }: YamlFile, named: boolean): boolean {
  const { value: written } = readTraffic(value);
  if (named || written === undefined) return named;
  const queues = [...Object.values(written.classes).map(({ queue }) => queue), ...Object.values(written.recorded?.queues ?? {})].filter((queue) => queue !== undefined);
  return written.agents === undefined || (queues.length > 0 && written.queues === undefined);
}

function recordIn({ recorded }: Written, traffic: string | undefined): CallRecord {
  if (recorded === undefined) return { calls: [], passedOver: 0, problems: [] };
  const path = resolve(dirname(traffic ?? ''), recorded.file);
  const text = textOf(path, recorded.file);
  return typeof text === 'string' ? readCalls(recorded.file, text) : { calls: [], passedOver: 0, problems: [text] };
}

function textOf(path: string, name: string): string | Problem {
  const wrong = (code: string, zh: string, en: string): Problem => ({ file: name, line: 1, column: 1, length: 1, severity: 'error', code, text: { zh, en }, source: '' });
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return wrong('no-file', '找不到该文件', 'there is no such file');
  if (stat.size > recordBytesMax) return wrong('file-too-large', `文件超过 ${recordBytesMax} 字节`, `the file is larger than ${recordBytesMax} bytes`);
  return readFileSync(path, 'utf8');
}
