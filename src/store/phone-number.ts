// The full rules of each country: the short ones take a local number without its area code for a whole one.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * One spelling for each number, so that a caller is found however the line delivers it: E.164 for a public number
 * (13800138000, 013800138000 and +86 138-0013-8000 are one), the bare digits for anything else, such as an extension
 * or a service number. Numbers without a country code are Chinese.
 */
export function normaliseNumber(text: string): string {
  const bare = text.replace(/[^0-9+*#]/g, '').slice(0, lengthMax);
  if (bare.replace('+', '').length <= internalDigitsMax) return bare;
  const parsed = parsePhoneNumberFromString(bare, 'CN');
  return parsed?.isValid() ? parsed.number : bare;
}

/** Up to here it is one of our own extensions or a short code (95588), never a subscriber's number. */
const internalDigitsMax = 6;
/** E.164 has 15 digits; what is longer carries prefixes and is kept, but not for ever. */
const lengthMax = 40;
