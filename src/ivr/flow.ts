/** A flow as the interpreter reads it, and how it is made from one file of config/flows. */
import { z } from 'zod';
import { unknownName } from '../config/problem.ts';
import type { Finding, Path } from '../config/problem.ts';
import { isRecord, parse, strict } from '../config/schema.ts';
import { conditionFindings } from './conditions.ts';
import { graphFindings } from './flow-graph.ts';
import { newReader } from './flow-reader.ts';
import type { KnownNames, NamedKind, Place, Reader, ReadNode } from './flow-reader.ts';
import { readBranch } from './nodes/branch.ts';
import type { BranchNode } from './nodes/branch.ts';
import { readCollect } from './nodes/collect.ts';
import type { CollectNode } from './nodes/collect.ts';
import { readHangUp } from './nodes/hangup.ts';
import type { HangUpNode } from './nodes/hangup.ts';
import { readMenu } from './nodes/menu.ts';
import type { MenuNode } from './nodes/menu.ts';
import { readPlay } from './nodes/play.ts';
import type { PlayNode } from './nodes/play.ts';
import { readQueue } from './nodes/queue.ts';
import type { QueueNode } from './nodes/queue.ts';
import { readSet } from './nodes/set.ts';
import type { SetNode } from './nodes/set.ts';
import { readTransfer } from './nodes/transfer.ts';
import type { TransferNode } from './nodes/transfer.ts';
import { readWhen } from './nodes/when.ts';
import type { WhenNode } from './nodes/when.ts';

export interface Flow {
  readonly name: string;
  readonly start: string;
  /** A target written in place is a node of its own, named by where it stands: `menu/keys/0`. */
  readonly nodes: ReadonlyMap<string, FlowNode>;
  /** Names that the flow gives values to; a condition reads those not yet given as empty. */
  readonly variables: readonly string[];
}

export type FlowNode = PlayNode | MenuNode | CollectNode | WhenNode | BranchNode | SetNode | QueueNode | TransferNode | HangUpNode;

const readers: { readonly [Kind in FlowNode['kind']]: ReadNode<Extract<FlowNode, { kind: Kind }>> } = {
  play: readPlay,
  menu: readMenu,
  collect: readCollect,
  when: readWhen,
  branch: readBranch,
  set: readSet,
  queue: readQueue,
  transfer: readTransfer,
  hangup: readHangUp,
};
// The keys of an object literal typed just above.
const kinds = Object.keys(readers) as FlowNode['kind'][];

export const nodesMax = 1_000;

export function readFlow(name: string, raw: unknown, known: KnownNames): { readonly flow?: Flow; readonly findings: readonly Finding[] } {
  const shape = parse(strict({ start: z.string(), nodes: z.record(z.string(), z.unknown()) }), raw, []);
  const written = isRecord(raw) && isRecord(raw['nodes']) ? raw['nodes'] : {};
  const nodes = new Map<string, FlowNode>();
  const reader = newReader(known, (inPlace, place) => readInto(nodes, inPlace, place, reader));
  reader.findings.push(...shape.findings);
  if (Object.keys(written).length > nodesMax) reader.found(['nodes'], { code: 'too-many', text: { zh: `节点超过 ${nodesMax} 个`, en: `more than ${nodesMax} nodes` } });
  for (const [node, entry] of Object.entries(written).slice(0, nodesMax)) {
    const path: Path = ['nodes', node];
    if (!/^[\p{L}][\p{L}\p{N}_-]{0,63}$/u.test(node)) reader.findings.push({ path, onKey: true, ...badNodeName });
    readInto(nodes, entry, { name: node, path }, reader);
  }
  const { findings, edges, variables, secrets, conditions, mentions } = reader;
  for (const { text, path } of conditions) findings.push(...conditionFindings(text, path, variables, secrets));
  for (const { variable, path } of mentions) if (!variables.has(variable)) findings.push({ path, ...unknownName('variable', variable, variables) });
  const start = isRecord(raw) && typeof raw['start'] === 'string' ? raw['start'] : undefined;
  if (start !== undefined && !Object.hasOwn(written, start)) findings.push({ path: ['start'], ...unknownName('node', start, Object.keys(written)) });
  findings.push(...graphFindings({ start, nodes, edges, names: Object.keys(written) }));
  if (start === undefined || findings.some((finding) => finding.severity !== 'warning')) return { findings };
  return { flow: { name, start, nodes, variables: [...variables, ...secrets] }, findings };
}

function readInto(nodes: Map<string, FlowNode>, raw: unknown, place: Place, reader: Reader): void {
  const { name, path } = place;
  if (!isRecord(raw)) {
    reader.found(path, { code: 'wrong-type', text: { zh: '此处应为节点', en: 'this should be a node' }, hint: { zh: '例如：{ play: 提示音, next: 节点 }', en: 'such as { play: …, next: … }' } });
    return;
  }
  const has = kinds.filter((kind) => Object.hasOwn(raw, kind));
  const [kind, another] = has;
  if (kind === undefined) {
    const [first = ''] = Object.keys(raw);
    const { hint } = unknownName('word', first, kinds);
    reader.findings.push({ path: first ? [...path, first] : path, onKey: true, code: 'unknown-node-kind', text: { zh: '看不出是哪种节点', en: 'no telling which kind of node this is' }, ...(hint && { hint }) });
  } else if (another !== undefined) {
    reader.findings.push({ path: [...path, another], onKey: true, code: 'two-kinds', text: { zh: `节点不能既是 ${kind} 又是 ${another}`, en: `a node cannot be both ${kind} and ${another}` }, hint: { zh: '请分成两个节点', en: 'make it two nodes' } });
  } else {
    const node = readers[kind](raw, place, reader);
    if (node) {
      nodes.set(name, node);
      return;
    }
  }
  looseNames(raw, place, path, reader);
}

const targetFields: ReadonlySet<string> = new Set(['next', 'then', 'open', 'closed', 'to', 'else', 'full', 'empty', 'diverted', 'waited', 'withdrawn', 'failed']);

const nameFields: ReadonlyMap<string, NamedKind> = new Map([['play', 'prompt'], ['menu', 'prompt'], ['collect', 'prompt'], ['say', 'prompt'], ['queue', 'queue'], ['calendar', 'calendar'], ['trunk', 'trunk']]);

/** The names in a node with other faults, so that one that means nothing is not found only at the second try. */
function looseNames(raw: unknown, place: Place, path: Path, reader: Reader): void {
  const entries: [string | number, unknown][] = Array.isArray(raw) ? [...raw.entries()] : isRecord(raw) ? Object.entries(raw) : [];
  for (const [key, value] of entries) {
    const at = [...path, key];
    const kind = nameFields.get(String(typeof key === 'number' ? path.at(-1) : key));
    if (typeof value !== 'string') looseNames(value, place, at, reader);
    else if (targetFields.has(String(key)) || path.at(-1) === 'keys') reader.edges.push({ from: place.name, to: value, path: at });
    else if (kind) reader.check(kind, value, at);
  }
}

const badNodeName = {
  code: 'bad-name',
  text: { zh: '节点名不合规则', en: 'this cannot be the name of a node' },
  hint: { zh: '以文字开头，只含文字、数字、- 和 _，最多 64 个字符', en: 'start with a letter; letters, digits, - and _ only, 64 at most' },
};
