/** Conditions of `branch` nodes: CEL over what is known of the call. */
import { Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { DateTime } from 'luxon';
import { maskCards } from '../base/card-number.ts';
import { celFinding, celLimits, tooLong } from '../config/cel.ts';
import { unknownName } from '../config/problem.ts';
import type { Finding, Path } from '../config/problem.ts';
import type { Visit } from './visit.ts';

const now = { date: 'string', time: 'string', hour: 'int', minute: 'int', weekday: 'int' };
const names = ['ani', 'dnis', 'language', 'priority', 'now', 'data', 'secret'];

/** Faults of a condition; `variables` are the names that the flow gives values to. */
export function conditionFindings(text: string, path: Path, variables: ReadonlySet<string>, secrets: ReadonlySet<string>): Finding[] {
  const long = tooLong(text, path);
  if (long) return [long];
  const fields = (known: ReadonlySet<string>) => Object.fromEntries([...known].map((name) => [name, 'string']));
  const environment = declared().registerVariable('now', { schema: now }).registerVariable('data', { schema: fields(variables) }).registerVariable('secret', { schema: fields(secrets) });
  const { valid, type, error } = environment.check(text);
  if (valid) {
    return type === 'bool' || type === 'dyn' ? [] : [{ path, code: 'bad-condition', text: { zh: '条件的结果应为真或假', en: 'a condition must be true or false' }, hint: { zh: '例如：data.vip == "1"', en: 'such as: data.vip == "1"' } }];
  }
  const finding = celFinding(error, text, path);
  const { start, end } = finding.within ?? { start: 0, end: 0 };
  const word = text.slice(start, end);
  if (error?.code === 'unknown_variable') return [{ ...finding, ...unknownName('variable', word, names) }];
  if (error?.code === 'no_such_key') return [{ ...finding, ...unknownName('variable', word, /\bnow\.$/.test(text.slice(0, start)) ? Object.keys(now) : [...variables, ...secrets]) }];
  return [finding];
}

/** A condition that cannot be worked out, such as int("") of what nobody entered, does not hold. */
export function holds(text: string, { at, memory, live, setting }: Visit, variables: readonly string[]): boolean {
  const local = DateTime.fromMillis(at, { zone: setting.centre.timeZone });
  const empty = Object.fromEntries(variables.map((name) => [name, '']));
  try {
    return (
      environment.evaluate(text, {
        ani: memory.ani,
        dnis: memory.dnis,
        language: memory.language,
        priority: BigInt(memory.priority),
        now: { date: local.toISODate(), time: local.toFormat('HH:mm'), hour: BigInt(local.hour), minute: BigInt(local.minute), weekday: BigInt(local.weekday) },
        data: { ...empty, ...memory.data, ...stillTrue(live.whole, memory.data) },
        secret: { ...empty, ...live.secrets },
      }) === true
    );
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof ParseError || error instanceof CelTypeError) return false;
    throw error;
  }
}

/** The whole of a card number, unless the flow has set the variable to something else since. */
function stillTrue(whole: Visit['live']['whole'], data: Visit['memory']['data']): Record<string, string> {
  return Object.fromEntries(Object.entries(whole).filter(([name, digits]) => data[name] === maskCards(digits)));
}

const declared = () => new Environment({ limits: celLimits }).registerVariable('ani', 'string').registerVariable('dnis', 'string').registerVariable('language', 'string').registerVariable('priority', 'int');

const environment = declared().registerVariable('now', { schema: now }).registerVariable('data', 'map<string, string>').registerVariable('secret', 'map<string, string>');
