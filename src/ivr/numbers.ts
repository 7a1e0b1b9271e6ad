/** A number → the prompts that say it, one after another. */
import type { Language } from '../base/text.ts';

/** `counts`: of things, which is 两 where it is two and nothing else, and never 二. Past 9,999 the digits are read. */
export function numberWords(number: number, language: Language, counts = false): readonly string[] {
  if (number > 9_999) return [...String(number)].map((digit) => `digit-${digit}`);
  return language === 'zh' ? chinese(number, counts) : english(number);
}

const word = (number: number): string => `number-${number}`;

/** 二 in a row of digits and at the end, 两 before 百 and 千 and of two things; one 〇 (spoken 零) for places left out; 一十 within. */
function chinese(number: number, counts: boolean): string[] {
  if (number === 2 && counts) return ['number-two'];
  if (number < 20) return [word(number)];
  const said: string[] = [];
  let rest = number;
  for (const unit of [1_000, 100]) {
    const many = Math.floor(rest / unit);
    if (many > 0) said.push(many === 2 ? 'number-two' : word(many), word(unit));
    rest %= unit;
    if (said.length > 0 && rest > 0 && rest < unit / 10 && said.at(-1) !== word(0)) said.push(word(0));
  }
  if (rest >= 20) said.push(word(rest - (rest % 10)));
  else if (rest >= 10) said.push(word(1), word(10));
  if (rest % 10 > 0) said.push(word(rest % 10));
  return said;
}

function english(number: number): string[] {
  if (number <= 20) return [word(number)];
  const said: string[] = [];
  let rest = number;
  for (const unit of [1_000, 100]) {
    const many = Math.floor(rest / unit);
    if (many > 0) said.push(word(many), word(unit));
    rest %= unit;
  }
  if (rest > 20 && rest % 10 > 0) said.push(word(rest - (rest % 10)), word(rest % 10));
  else if (rest > 0) said.push(word(rest));
  return said;
}
