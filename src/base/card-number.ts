/**
 * Card numbers in what people type and write. They are of no use to a call centre once the call is over and of much to
 * a thief, so what is stored and shown of one is its first six and last four digits (the most that PCI DSS 3.4 lets be
 * shown).
 */
export function maskCards(text: string): string {
  return text.replace(digitGroups, (run) => maskIn(run));
}

/**
 * Digits, also in groups (6222 0202 0011 2233 447) and full-width (６２２２). Longer than the longest card, for a card may
 * stand beside a telephone number.
 */
const digit = '[0-9\uff10-\uff19]';
const separator = '[ \u00a0\u3000._\u2010-\u2015-]';
const digitGroups = new RegExp(`${digit}(?:${separator}?${digit}){12,63}`, 'g');
const separators = new RegExp(`(${separator})`);
const lengths = { least: 13, most: 19 } as const;

/** A card begins and ends with a group; the longest that can be one is one. */
function maskIn(run: string): string {
  // The separators stand between the groups, at the odd places.
  const parts = run.split(separators);
  for (let from = 0; from < parts.length; from += 2) {
    for (let to = parts.length; to > from; to -= 2) {
      const part = parts.slice(from, to).join('');
      if (isCard(digitsOf(part))) return [...parts.slice(0, from), masked(part), maskIn(parts.slice(to).join(''))].join('');
    }
  }
  return run;
}

const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '');

/** Spaces and dashes stay, so that people know it again. */
function masked(part: string): string {
  const count = digitsOf(part).length;
  let seen = 0;
  return part.replace(new RegExp(digit, 'g'), (one) => {
    seen += 1;
    return seen <= 6 || seen > count - 4 ? one : '*';
  });
}

/** By length, issuer and check digit. One number in ten passes the check by chance, so what is surely another thing is let be. */
export function isCard(digits: string): boolean {
  return digits.length >= lengths.least && digits.length <= lengths.most && issuers.test(digits) && luhn(digits) && !isResident(digits);
}

/** Mastercard's new range, American Express and Diners, Visa, Mastercard, UnionPay and its elders of Chinese banks (955…, 81…). */
const issuers = /^(?:2[2-7]|3|4|5|6|81|9[05])/;

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** 居民身份证号 of 18 digits: a birthday in the middle and a check digit of its own. */
function isResident(digits: string): boolean {
  if (!/^\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}$/.test(digits)) return false;
  const sum = residentWeights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return '10X98765432'[sum % 11] === digits[17];
}
const residentWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
