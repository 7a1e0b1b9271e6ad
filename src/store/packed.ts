/**
 * An entity as JSON with all that is personal in it sealed as one text, and a reference in each place: a start opens
 * one text for each contact, and not one for each field. Nobody looks for an entity by what is sealed in it; in events,
 * where that is done, each field is sealed by itself.
 */
import { given, personal, stringifyWith } from './seal.ts';
import type { Seal } from './seal.ts';

/** `sealed` is its last field, so that it can be taken off again without a copy of the rest. */
export function pack(entity: object, seal: Seal): string {
  const texts: string[] = [];
  const json = stringifyWith(entity, (text) => {
    if (text === '') return '';
    const known = texts.indexOf(text);
    return `${mark}${known === -1 ? texts.push(text) - 1 : known}`;
  });
  return texts.length === 0 ? json : `${json.slice(0, -1)},"sealed":${JSON.stringify(seal.close(JSON.stringify(texts)))}}`;
}

/** Puts what was sealed in its places, from JSON of `pack`. Of another key all that is personal becomes empty. */
export function unpack(packed: Fields, seal: Seal): void {
  const { sealed } = packed;
  if (typeof sealed !== 'string') return;
  delete packed['sealed'];
  const opened = seal.openOnce(sealed);
  put(packed, opened === '' ? [] : (JSON.parse(opened) as readonly string[]), false);
}

type Fields = Record<string, unknown>;

function put(fields: Fields, texts: readonly string[], isData: boolean): void {
  for (const name of Object.keys(fields)) {
    const field = fields[name];
    if (typeof field === 'string') {
      if (field.startsWith(mark) && (isData || personal.has(name))) fields[name] = texts[Number(field.slice(mark.length))] ?? '';
    } else if (typeof field === 'object' && field !== null) put(field as Fields, texts, name === given);
  }
}

const mark = '#';
