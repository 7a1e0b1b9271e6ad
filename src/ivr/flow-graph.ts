/** What is wrong with the way nodes lead to one another. */
import { quoted, unknownName } from '../config/problem.ts';
import type { Finding } from '../config/problem.ts';
import type { Edge } from './flow-reader.ts';

interface Graph {
  readonly start: string | undefined;
  /** Nodes free of faults, those written in place included. */
  readonly nodes: ReadonlyMap<string, { readonly kind: string }>;
  readonly edges: readonly Edge[];
  /** Nodes with a name of their own, in the order of the file. */
  readonly names: readonly string[];
}

export function graphFindings(graph: Graph): Finding[] {
  return [...danglingTargets(graph), ...endlessLoops(graph), ...unreachableNodes(graph)];
}

function danglingTargets({ edges, names }: Graph): Finding[] {
  const known = new Set(names);
  // A node written in place has a name with a slash, which no target in a file can have.
  return edges.filter(({ from, to }) => !known.has(to) && !to.startsWith(`${from}/`)).map(({ to, path }) => ({ path, ...unknownName('node', to, names) }));
}

/** A circle in which nobody is asked for anything would say the same thing for ever, or spin without a word. */
function endlessLoops({ nodes, edges, names }: Graph): Finding[] {
  // A node that could not be read may well be one that waits.
  const waits = (name: string): boolean => ['menu', 'collect'].includes(nodes.get(name)?.kind ?? 'menu');
  // A caller who presses a key in a queue, or has waited there for as long as one may, has not gone on without a pause.
  const leavesQueue = ({ from, path }: Edge): boolean => nodes.get(from)?.kind === 'queue' && (path.at(-2) === 'keys' || path.at(-1) === 'waited');
  const ways = Map.groupBy(edges.filter((edge) => !waits(edge.from) && !waits(edge.to) && !leavesQueue(edge)), ({ from }) => from);
  const findings: Finding[] = [];
  const done = new Set<string>();
  const follow = (name: string, way: readonly Edge[]): void => {
    const entered = way.findIndex(({ from }) => from === name);
    if (entered >= 0) {
      const circle = way.slice(entered);
      const last = circle.at(-1);
      const text = [...circle.map(({ from }) => from), name].map(quoted).join(' → ');
      if (last) findings.push({ path: last.path, code: 'endless-loop', text: { zh: `循环中没有等待按键的节点：${text}`, en: `a loop that never waits for the caller: ${text}` }, hint: { zh: '请在循环中加入 menu，或转入队列、挂机', en: 'put a menu into the loop, or lead it to a queue or a hangup' } });
      return;
    }
    if (done.has(name)) return;
    for (const edge of ways.get(name) ?? []) follow(edge.to, [...way, edge]);
    done.add(name);
  };
  for (const name of names) follow(name, []);
  return findings;
}

/** Only where all nodes and targets are good: a faulty one may well lead to the rest. */
function unreachableNodes({ start, nodes, edges, names }: Graph): Finding[] {
  if (start === undefined || !nodes.has(start) || names.some((name) => !nodes.has(name)) || edges.some(({ to }) => !nodes.has(to))) return [];
  const ways = Map.groupBy(edges, ({ from }) => from);
  const reached = new Set([start]);
  for (const name of reached) for (const { to } of ways.get(name) ?? []) reached.add(to);
  return names
    .filter((name) => !reached.has(name))
    .map((name) => ({ path: ['nodes', name], onKey: true, severity: 'warning', code: 'unreachable', text: { zh: `没有任何途径到达节点 ${quoted(name)}`, en: `nothing leads to node ${quoted(name)}` } }));
}
