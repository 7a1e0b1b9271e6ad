/**
 * What a queue asks of its agents, written over their skills: `billing >= 3 && (lang_zh >= 1 || !trainee)`.
 * What the flow has found out may stand beside a skill: `lang == caller.lang`. The text is CEL; only the part of it that a router can index is taken. A skill's name alone means level 1 or more.
 */
import { parse } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import type { NeedsRule, Needs } from './centre-config.ts';
import type { Comparison } from './compare.ts';
import { celFinding, tooLong } from './cel.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding, Path, Saying } from './problem.ts';

export interface ReadNeeds {
  readonly rule?: NeedsRule;
  readonly findings: readonly Finding[];
}

/** `skills` are those that at least one agent has. */
export function readNeeds(text: string, skills: ReadonlySet<string>, path: Path): ReadNeeds {
  if (text.trim() === '') return { rule: { text, tree: { type: 'anyone' } }, findings: [] };
  const long = tooLong(text, path);
  if (long) return { findings: [long] };
  let ast: ASTNode;
  try {
    ast = parse(text).ast;
  } catch (error) {
    return { findings: [celFinding(error, text, path)] };
  }
  const findings: Finding[] = [];
  const found = (node: ASTNode, saying: Saying): Needs => {
    const { start, end } = node.range;
    findings.push({ path, within: { start, end }, ...saying });
    return { type: 'anyone' };
  };
  const tree = needsOf(ast, skills, found);
  return findings.length > 0 ? { findings } : { rule: { text, tree }, findings };
}

type Found = (node: ASTNode, saying: Saying) => Needs;

function needsOf(node: ASTNode, skills: ReadonlySet<string>, found: Found): Needs {
  switch (node.op) {
    case '&&':
      return { type: 'all', of: sides(node, '&&').map((side) => needsOf(side, skills, found)) };
    case '||':
      return { type: 'any', of: sides(node, '||').map((side) => needsOf(side, skills, found)) };
    case '!_':
      return { type: 'not', of: needsOf(node.args, skills, found) };
    case 'id':
      return skillKnown(node, node.args, skills, found) ?? { type: 'level', skill: node.args, is: '>=', level: 1 };
    case 'value':
      return node.args === true ? { type: 'anyone' } : found(node, notNeeds);
    case '>=':
    case '>':
    case '==':
    case '!=':
    case '<=':
    case '<':
      return comparison(node, node.op, node.args, skills, found);
    default:
      return found(node, notNeeds);
  }
}

function comparison(node: ASTNode, is: Comparison, [left, right]: readonly [ASTNode, ASTNode], skills: ReadonlySet<string>, found: Found): Needs {
  if (right.op === 'id' && (left.op === 'value' || variableOf(left) !== undefined)) return comparison(node, mirrored[is], [right, left], skills, found);
  const variable = variableOf(right);
  if (left.op === 'id' && variable !== undefined) return skillKnown(left, left.args, skills, found) ?? { type: 'variable', skill: left.args, is, variable };
  if (left.op !== 'id' || right.op !== 'value') return found(node, notNeeds);
  const level = Number(right.args);
  if (!Number.isInteger(level) || level < 0 || level > 10) {
    return found(right, { code: 'bad-level', text: { zh: `${quoted(right.args)} 不是技能等级`, en: `${quoted(right.args)} is not a skill's level` }, hint: { zh: '等级是 1 到 10 的整数，没有该技能为 0', en: 'levels are whole numbers from 1 to 10; not having the skill is 0' } });
  }
  return skillKnown(left, left.args, skills, found) ?? { type: 'level', skill: left.args, is, level };
}

/** `caller.lang`, or as flows write it `data.lang`. */
function variableOf(node: ASTNode): string | undefined {
  if (node.op !== '.') return undefined;
  const [of, name] = node.args;
  return of.op === 'id' && (of.args === 'caller' || of.args === 'data') ? name : undefined;
}

/** A skill nobody has would make a line that nobody ever answers. */
function skillKnown(node: ASTNode, skill: string, skills: ReadonlySet<string>, found: Found): Needs | undefined {
  if (skills.has(skill)) return undefined;
  const saying = unknownName('skill', skill, skills);
  return found(node, { ...saying, text: { zh: `没有座席具备技能 ${quoted(skill)}`, en: `no agent has the skill ${quoted(skill)}` } });
}

/** a && b && c is one `all` of three and not a ladder. */
function sides(node: ASTNode, op: '&&' | '||'): ASTNode[] {
  if (node.op !== op) return [node];
  return [...sides(node.args[0], op), ...sides(node.args[1], op)];
}

const mirrored: Readonly<Record<Comparison, Comparison>> = { '>=': '<=', '>': '<', '==': '==', '!=': '!=', '<=': '>=', '<': '>' };

const notNeeds: Saying = {
  code: 'bad-needs',
  text: { zh: '此处只能写技能条件', en: 'only conditions over skills can stand here' },
  hint: { zh: '例如：billing >= 3 && (lang_zh >= caller.lang || !trainee)', en: 'such as: billing >= 3 && (lang_zh >= caller.lang || !trainee)' },
};
