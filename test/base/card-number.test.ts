import { expect, test } from 'vitest';
import { isCard, maskCards } from '../../src/base/card-number.ts';
import { maskNumbers } from '../../src/base/log.ts';

test.each([
  ['6222020200112233446', '622202*********3446'],
  ['4111111111111111', '411111******1111'],
  ['4111 1111 1111 1111', '4111 11** **** 1111'],
  ['4111-1111-1111-1111', '4111-11**-****-1111'],
  ['378282246310005', '378282*****0005'],
  ['５５５５５５５５５５５５４４４４', '５５５５５５******４４４４'],
  ['卡号4111111111111111，回电 13800138000', '卡号411111******1111，回电 13800138000'],
  ['13800138000 4111111111111111', '13800138000 411111******1111'],
  ['4111111111111111 5555555555554444', '411111******1111 555555******4444'],
])('%s is stored as %s', (text, stored) => {
  expect(maskCards(text)).toBe(stored);
});

test.each([
  ['a mobile number', '13800138000'], ['one with its country code', '8613800138002'], ['a landline', '02161234567'], ['an account of 8 digits', '88123456'],
  ['a card with a wrong check digit', '4111111111111112'], ['an order number', '1234567890123456'], ['a resident’s number', '440301199001013117'],
  ['a date and a time', '2026-11-22 10:30:00'], ['nothing', ''],
])('%s stays', (_, text) => {
  expect(maskCards(text)).toBe(text);
});

test('a resident’s number stays although it passes the cards’ check', () => {
  const passing = Array.from({ length: 999 }, (_, n) => `44030119900101${String(n).padStart(3, '0')}`)
    .flatMap((head) => Array.from({ length: 10 }, (_, check) => `${head}${check}`))
    .filter((id) => maskCards(id) === id && /^4/.test(id) && luhn(id));
  expect(passing.length).toBeGreaterThan(50);
  expect(passing.some(isCard)).toBe(false);
});

test('numbers in the text of a log line are masked, times and ids stay', () => {
  const line = JSON.stringify({ time: 1_795_372_061_000, contact: 'c-rexian-1795372061-0', leg: '1795372061.0', err: 'no route to sip:13800138000@10.0.0.1', about: '"+8613800138000"', card: '4111111111111111.' });
  expect(JSON.parse(maskNumbers(line))).toEqual({
    time: 1_795_372_061_000, contact: 'c-rexian-1795372061-0', leg: '1795372061.0', err: 'no route to sip:***8000@10.0.0.1', about: '"***8000"', card: '***1111.',
  });
});

const luhn = (digits: string): boolean =>
  [...digits].reverse().reduce((sum, digit, at) => sum + (at % 2 === 0 ? Number(digit) : Number(digit) * 2 > 9 ? Number(digit) * 2 - 9 : Number(digit) * 2), 0) % 10 === 0;
