/**
 * What Redis and Postgres keep of a person is sealed: callers' numbers, what callers gave, notes. Who has the key reads
 * them, who has a dump, a disk or a replica does not.
 *
 * One text always gives one sealed text (the nonce is made from it, as in RFC 5297), so that a number can be looked
 * for, counted and joined on without being opened. That two calls came from one number stays visible; the number does
 * not, for without the key nobody can try numbers one after another.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface Seal {
  close(text: string): string;
  /** What is not sealed comes back as it is; what another key has sealed, or nobody, comes back empty. */
  open(text: string): string;
  /** The same, of a text that is met once: nothing is kept of it. */
  openOnce(text: string): string;
  /** JSON with the personal fields closed, at whatever depth they stand. */
  stringify(value: object): string;
  /** What `stringify` wrote. Throws as JSON.parse does. */
  parse(text: string): unknown;
  /** A value that was read from JSON, with what is closed in it opened in its place. */
  opened(value: unknown): unknown;
}

/** Where no key is given, as in tests of something else, and to who only looks and may not read what is personal. */
export const noSeal: Seal = { close: (text) => text, open: (text) => text, openOnce: (text) => (text.startsWith(sealedPrefix) ? '' : text), stringify: (value) => JSON.stringify(value), parse: (text) => JSON.parse(text) as unknown, opened: (value) => value };

export function makeSeal(key: string): Seal {
  // A key made ready once: from bare bytes each text took 24 µs instead of 6, and 100,000 waiting callers have several each.
  const derived = (purpose: string): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `rexian ${purpose}`, 32)));
  const [encryption, nonces] = [derived('seal'), derived('nonce')];
  // The same number is written with every step of its call.
  const known = new Map<string, string>();

  function close(text: string): string {
    if (text === '') return '';
    const before = known.get(text);
    if (before !== undefined) return before;
    const nonce = createHmac('sha256', nonces).update(text).digest().subarray(0, nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', encryption, nonce);
    const sealed = sealedPrefix + Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
    if (known.size >= knownMax) known.clear();
    if (text.length <= knownLengthMax) known.set(text, sealed);
    return sealed;
  }

  // It stands in its contact more than once, and in every event of its call.
  const opening = new Map<string, string>();

  function open(text: string): string {
    if (!text.startsWith(sealedPrefix)) return text;
    const before = opening.get(text);
    if (before !== undefined) return before;
    const opened = openOnce(text);
    if (opening.size >= knownMax) opening.clear();
    if (text.length <= sealedLengthMax) opening.set(text, opened);
    return opened;
  }

  function openOnce(text: string): string {
    if (!text.startsWith(sealedPrefix)) return text;
    const bytes = Buffer.from(text.slice(sealedPrefix.length), 'base64url');
    if (bytes.length <= nonceBytes + tagBytes) return '';
    const decipher = createDecipheriv('aes-256-gcm', encryption, bytes.subarray(0, nonceBytes));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
      // All of it comes with the first; asked for as text, each would bring a decoder of its own.
      const opened = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
      decipher.final();
      return opened.toString('utf8');
    } catch {
      // Another key's, or a caller's own idea of a sealed text: nothing that could be shown.
      return '';
    }
  }

  // A reviver would be asked of every value there is, and makes of a plain object a slow one: five times as long.
  function opened(value: unknown): unknown {
    if (typeof value === 'string') return open(value);
    if (typeof value !== 'object' || value === null) return value;
    const fields = value as Record<string, unknown>;
    for (const name of Object.keys(fields)) {
      const field = fields[name];
      if (typeof field === 'string') {
        if (field.startsWith(sealedPrefix)) fields[name] = open(field);
      } else if (typeof field === 'object') opened(field);
    }
    return value;
  }
  return {
    close, open, openOnce, opened,
    stringify: (value) => stringifyWith(value, close),
    parse: (text) => {
      const value: unknown = JSON.parse(text);
      return text.includes(sealedPrefix) ? opened(value) : value;
    },
  };
}

/** JSON in which another text stands for each personal one. */
export function stringifyWith(value: object, put: (text: string) => string): string {
  let data: unknown;
  return JSON.stringify(value, function (this: unknown, name: string, field: unknown): unknown {
    // By where it stands and not by its name alone: a variable of the flow may be called `number`, and is put once.
    if (typeof field === 'string') return personal.has(name) || this === data ? put(field) : field;
    if (name === given) data = field;
    return field;
  });
}

/** Fields of events and entities that hold what belongs to a person; test/security/seal.test.ts goes through them all. */
export const personal: ReadonlySet<string> = new Set(['ani', 'caller', 'number', 'note', 'digits']);
/** What the flow collected: the names are the configuration's, the values the caller's. */
export const given = 'data';

/** Begins every sealed text; the number is that of the way it was sealed. */
export const sealedPrefix = 'sealed.1.';
const nonceBytes = 12;
const tagBytes = 16;
const knownMax = 20_000;
/** As long as all that a contact usually holds of a person. */
const knownLengthMax = 200;
/** Of 64 letters. */
const sealedLengthMax = 132;
