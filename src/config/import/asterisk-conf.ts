/**
 * Asterisk's own configuration syntax: sections and their settings in order, templates written out, includes read in,
 * each setting with the file and line it stands on.
 */
import type { Text } from '../../base/text.ts';

export interface Section {
  readonly name: string;
  readonly at: Place;
  /** Those of its templates first, in their order. A later one of the same name holds. */
  readonly settings: readonly Setting[];
}

export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly at: Place;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface Note {
  readonly at: Place;
  readonly text: Text;
}

export interface Conf {
  readonly sections: readonly Section[];
  /** What could not be read as Asterisk would read it. */
  readonly notes: readonly Note[];
}

/** The texts of the files that an include names, by their paths; more than one where it has a `*`. */
export type Finder = (pattern: string, from: string) => readonly { readonly file: string; readonly text: string }[];

const includesMax = 500;
const depthMax = 10;

export function readConf(file: string, text: string, find: Finder): Conf {
  const reading: Reading = { sections: new Map(), notes: [], includes: 0, current: undefined, find };
  readLines(reading, file, text, 0);
  const sections = [...reading.sections.values()].filter(({ template }) => !template).map(({ name, at, settings }) => ({ name, at, settings }));
  return { sections, notes: reading.notes };
}

interface Reading {
  readonly sections: Map<string, Open>;
  readonly notes: Note[];
  readonly find: Finder;
  includes: number;
  current: Open | undefined;
}
interface Open extends Section {
  readonly template: boolean;
  readonly settings: Setting[];
}

function readLines(reading: Reading, file: string, text: string, depth: number): void {
  let commented = false;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const at = { file, line: index + 1 };
    const bare = withoutComments(raw, commented);
    commented = bare.commented;
    const line = bare.text.trim();
    if (line === '') continue;
    if (line.startsWith('[')) openSection(reading, line, at);
    else if (line.startsWith('#')) include(reading, line, at, depth);
    else setting(reading, line, at);
  }
}

/** `;` to the end of the line, unless escaped, and `;--` to `--;` over many lines. */
function withoutComments(line: string, inside: boolean): { readonly text: string; readonly commented: boolean } {
  let commented = inside;
  let kept = '';
  for (let index = 0; index < line.length; index += 1) {
    if (commented) {
      if (!line.startsWith('--;', index)) continue;
      commented = false;
      index += 2;
    } else if (line.startsWith('\\;', index)) {
      kept += ';';
      index += 1;
    } else if (line.startsWith(';--', index) && line[index + 3] !== '-') {
      commented = true;
      index += 2;
    } else if (line[index] === ';') break;
    else kept += line[index];
  }
  return { text: kept, commented };
}

/** `[name]`, `[name](!)` for a template, `[name](a,b)` made from others, `[name](+)` for more of the same. */
function openSection(reading: Reading, line: string, at: Place): void {
  const match = /^\[([^\]]+)\]\s*(?:\(([^)]*)\))?/.exec(line);
  const name = match?.[1]?.trim() ?? '';
  if (name === '') return void reading.notes.push({ at, text: { zh: `无法识别的段：${line}`, en: `not a section: ${line}` } });
  const options = (match?.[2] ?? '').split(',').map((option) => option.trim()).filter((option) => option !== '');
  const known = reading.sections.get(name);
  if (options.some((option) => option.startsWith('+')) && known === undefined) reading.notes.push({ at, text: { zh: `没有可追加的段 [${name}]`, en: `there is no section [${name}] to add to` } });
  // Asterisk reads a section that comes twice as two, and app_queue then takes the settings of both.
  const section = known ?? { name, at, template: options.includes('!'), settings: [] };
  for (const option of options) {
    if (option === '!' || option.startsWith('+')) continue;
    const from = reading.sections.get(option);
    if (from === undefined) reading.notes.push({ at, text: { zh: `没有模板 [${option}]`, en: `there is no template [${option}]` } });
    else section.settings.push(...from.settings);
  }
  reading.sections.set(name, section);
  reading.current = section;
}

function setting(reading: Reading, line: string, at: Place): void {
  const match = /^([^=]+?)\s*=>?\s*(.*)$/.exec(line);
  if (match === null || reading.current === undefined) return void reading.notes.push({ at, text: { zh: `无法识别：${line}`, en: `not a setting of any section: ${line}` } });
  reading.current.settings.push({ name: (match[1] ?? '').trim().toLowerCase(), value: (match[2] ?? '').trim(), at });
}

function include(reading: Reading, line: string, at: Place, depth: number): void {
  const match = /^#(include|tryinclude)\s+["<]?([^">]+)[">]?$/.exec(line);
  const note = (zh: string, en: string): void => void reading.notes.push({ at, text: { zh, en } });
  if (match === null) return note(`未执行，内容未导入：${line}`, `not run, and what it would have brought is missing: ${line}`);
  if (depth >= depthMax || reading.includes >= includesMax) return note(`包含层数或数量过多，未读取：${line}`, `too many or too deep includes, not read: ${line}`);
  const files = reading.find((match[2] ?? '').trim(), at.file);
  if (files.length === 0 && match[1] === 'include') note(`找不到文件：${line}`, `there is no such file: ${line}`);
  for (const { file, text } of files) {
    reading.includes += 1;
    readLines(reading, file, text, depth + 1);
  }
}
