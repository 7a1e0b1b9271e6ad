/** What a condition's parser says of a mistake, in both languages and with its place in the text. */
import { ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { Text } from '../base/text.ts';
import { quoted } from './problem.ts';
import type { Finding, Path } from './problem.ts';

export const conditionCharsMax = 1_000;
/** Far more than anyone writes, far less than would be slow. */
export const celLimits = { maxAstNodes: 500, maxDepth: 50, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };

export function celFinding(error: unknown, text: string, path: Path): Finding {
  if (!(error instanceof ParseError) && !(error instanceof CelTypeError)) throw error;
  const { code, summary, range } = error;
  const said = known[code];
  const start = Math.min(range?.start ?? 0, Math.max(0, text.length - 1));
  return {
    path,
    within: { start, end: Math.max(start + 1, range?.end ?? text.length) },
    code: 'bad-condition',
    text: { zh: `条件有误：${said?.text.zh ?? summary}`, en: `condition: ${said?.text.en ?? summary}` },
    ...(said?.hint && { hint: said.hint }),
  };
}

/** By the parser's codes, never by its wording. */
const known: Readonly<Record<string, { readonly text: Text; readonly hint?: Text }>> = {
  unexpected_token: { text: { zh: '此处的符号多余，或缺少了一部分', en: 'something is missing here, or is too much' } },
  expected_token: { text: { zh: '缺少括号或符号', en: 'a bracket or a sign is missing' }, hint: { zh: '并且写 &&，或者写 ||，非写 !，相等写 ==', en: 'and is &&, or is ||, not is !, equals is ==' } },
  unexpected_character: { text: { zh: '无法识别的字符', en: 'this character means nothing here' }, hint: { zh: '并且写 &&，或者写 ||，非写 !，相等写 ==', en: 'and is &&, or is ||, not is !, equals is ==' } },
  unterminated_string: { text: { zh: '文字缺少结尾的引号', en: 'the closing quote is missing' } },
  newline_in_string: { text: { zh: '文字缺少结尾的引号', en: 'the closing quote is missing' } },
  no_such_overload: { text: { zh: '两边的类型不能这样比较', en: 'these two cannot be compared like this' }, hint: { zh: '变量都是文字：data.x == "1"，或 int(data.x) > 3', en: 'variables are texts: data.x == "1", or int(data.x) > 3' } },
  limit_exceeded: { text: { zh: '条件过长或嵌套过深', en: 'too long or nested too deeply' } },
};

export function tooLong(text: string, path: Path): Finding | undefined {
  if (text.length <= conditionCharsMax) return undefined;
  return { path, code: 'out-of-range', text: { zh: `条件超过 ${conditionCharsMax} 个字符：${quoted(text)}`, en: `the condition is longer than ${conditionCharsMax} characters` } };
}
