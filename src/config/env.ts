/** The process's own settings: the only reader of process.env in src. Read once, whole, and frozen. */
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Language, Text } from '../base/text.ts';
import { nearest } from './nearest.ts';

export interface Settings {
  readonly language: Language;
  readonly configDir: string;
  /** All that this centre keeps: recordings, sounds, secrets. */
  readonly stateDir: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly ari: AriSettings;
  readonly ami: { readonly host: string; readonly port: number; readonly user: string; readonly password: string };
  readonly http: { readonly host: string; readonly port: number; readonly origins: readonly string[] };
  /** A Redis that may forget or throw away is taken all the same; callers' places may be lost with it. */
  readonly volatileRedis: boolean;
  /** Signs the sign-ins; the launcher makes one for each state folder. */
  readonly sessionSecret: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Asterisk's folders as this process sees them. */
  readonly soundsDir: string;
  readonly recordingsDir: string;
  /** What prompts are made with, and where sounds are kept for the next start. */
  readonly espeak: readonly string[];
  readonly sox: readonly string[];
  readonly soundCacheDir: string;
}

export type AriSettings =
  /** Asterisk connects to us. */
  | { readonly mode: 'listen'; readonly host: string; readonly port: number; readonly user: string; readonly password: string }
  /** We connect to Asterisk: `websocket` has REST on the same socket, `classic` is for servers that have not. */
  | { readonly mode: 'websocket' | 'classic'; readonly url: string; readonly user: string; readonly password: string };

export interface SettingProblem {
  readonly name: string;
  readonly text: Text;
}

export type ReadSettings = { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly problems: readonly SettingProblem[] };

const port = z.coerce.number().int().min(0).max(65_535);
const url = (...schemes: string[]) => z.url().refine((text) => schemes.some((scheme) => text.startsWith(`${scheme}://`)));
/** A program and the arguments that come before ours, as a JSON list; or only the program. */
const command = z.string().transform((text, context) => {
  const read = z.array(z.string()).min(1).safeParse(text.startsWith('[') ? json(text) : [text]);
  if (read.success) return read.data;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

const schema = z.object({
  REXIAN_LANG: z.enum(['zh', 'en']).default('en'),
  REXIAN_CONFIG: z.string().default('config'),
  REXIAN_STATE: z.string().default('.state'),
  DATABASE_URL: url('postgres', 'postgresql'),
  REDIS_URL: url('redis', 'rediss'),
  ASTERISK_ARI_URL: url('http', 'https', 'ws', 'wss'),
  ASTERISK_ARI_USER: z.string().optional(),
  ASTERISK_ARI_PASSWORD: z.string().optional(),
  REXIAN_ARI_MODE: z.enum(['listen', 'websocket', 'classic']).default('listen'),
  ASTERISK_AMI_URL: url('tcp', 'ami', 'http'),
  ASTERISK_AMI_USER: z.string().optional(),
  ASTERISK_AMI_PASSWORD: z.string().optional(),
  REXIAN_HTTP_HOST: z.string().default('127.0.0.1'),
  REXIAN_HTTP_PORT: port.default(8080),
  REXIAN_HTTP_ORIGINS: z.string().default(''),
  REXIAN_VOLATILE_REDIS: z.enum(['yes', 'no']).default('no'),
  REXIAN_SESSION_SECRET: z.string().min(32),
  REXIAN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  REXIAN_SOUNDS: z.string(),
  REXIAN_RECORDINGS: z.string(),
  REXIAN_ESPEAK: command.default(['espeak-ng']),
  REXIAN_SOX: command.default(['sox']),
  REXIAN_SOUND_CACHE: z.string().optional(),
});
type Name = keyof typeof schema.shape;
/** Read by the launcher and not by the service. */
const others: readonly string[] = ['REXIAN_CACHE', 'REXIAN_DEBIAN_MIRROR', 'REXIAN_TEST_SERVICES'];

export function readSettings(env: NodeJS.ProcessEnv = process.env): ReadSettings {
  // An empty variable is one that is not set: compose files write `REDIS_URL=` for it.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = schema.safeParse(given);
  const faults = parsed.success ? [] : [...new Set(parsed.error.issues.map(({ path }) => path[0] as Name))];
  const problems = [...faults.map((name) => problemOf(name, given[name])), ...unknownNames(Object.keys(given))];
  if (!parsed.success) return { ok: false, problems };
  const ari = signIn('ASTERISK_ARI', parsed.data.ASTERISK_ARI_URL, parsed.data.ASTERISK_ARI_USER, parsed.data.ASTERISK_ARI_PASSWORD, problems);
  const ami = signIn('ASTERISK_AMI', parsed.data.ASTERISK_AMI_URL, parsed.data.ASTERISK_AMI_USER, parsed.data.ASTERISK_AMI_PASSWORD, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: Object.freeze(settingsOf(parsed.data, ari, ami)) };
}

interface SignIn {
  readonly url: URL;
  readonly user: string;
  readonly password: string;
}

function settingsOf(read: z.output<typeof schema>, ari: SignIn, ami: SignIn): Settings {
  const stateDir = resolve(read.REXIAN_STATE);
  const { user, password } = ari;
  const ariPort = Number(ari.url.port || (/^(https|wss):$/.test(ari.url.protocol) ? 443 : 80));
  return {
    language: read.REXIAN_LANG,
    configDir: resolve(read.REXIAN_CONFIG),
    stateDir,
    databaseUrl: read.DATABASE_URL,
    redisUrl: read.REDIS_URL,
    ari: read.REXIAN_ARI_MODE === 'listen' ? { mode: 'listen', host: ari.url.hostname, port: ariPort, user, password } : { mode: read.REXIAN_ARI_MODE, url: `${ari.url.protocol}//${ari.url.host}`, user, password },
    ami: { host: ami.url.hostname, port: Number(ami.url.port || 5038), user: ami.user, password: ami.password },
    http: { host: read.REXIAN_HTTP_HOST, port: read.REXIAN_HTTP_PORT, origins: read.REXIAN_HTTP_ORIGINS.split(',').map((origin) => origin.trim()).filter((origin) => origin !== '') },
    volatileRedis: read.REXIAN_VOLATILE_REDIS === 'yes',
    sessionSecret: read.REXIAN_SESSION_SECRET,
    logLevel: read.REXIAN_LOG_LEVEL,
    soundsDir: resolve(read.REXIAN_SOUNDS),
    recordingsDir: resolve(read.REXIAN_RECORDINGS),
    espeak: read.REXIAN_ESPEAK,
    sox: read.REXIAN_SOX,
    soundCacheDir: resolve(read.REXIAN_SOUND_CACHE ?? `${stateDir}/sounds`),
  };
}

/** From the address (http://user:password@host) or from variables of their own, which win. */
function signIn(prefix: string, address: string, user: string | undefined, password: string | undefined, problems: SettingProblem[]): SignIn {
  const url = new URL(address);
  const both = { url, user: user ?? decodeURIComponent(url.username), password: password ?? decodeURIComponent(url.password) };
  if (both.user === '' || both.password === '') {
    problems.push({
      name: `${prefix}_URL`,
      text: { zh: `缺少用户名或密码：请写在地址里（http://用户名:密码@主机），或设置 ${prefix}_USER 和 ${prefix}_PASSWORD`, en: `the user or the password is missing: put them into the address (http://user:password@host) or set ${prefix}_USER and ${prefix}_PASSWORD` },
    });
  }
  return both;
}

/** Never with its value: half of them hold a password. */
function problemOf(name: Name, value: string | undefined): SettingProblem {
  const want = wanted[name] ?? { zh: '文字', en: 'a text' };
  return value === undefined ? { name, text: { zh: `没有设置；应为${want.zh}`, en: `is not set; it should be ${want.en}` } } : { name, text: { zh: `写法有误；应为${want.zh}`, en: `is not right; it should be ${want.en}` } };
}

function unknownNames(names: readonly string[]): SettingProblem[] {
  const known = Object.keys(schema.shape);
  return names
    .filter((name) => name.startsWith('REXIAN_') && !known.includes(name) && !others.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      return { name, text: { zh: `没有这个设置${meant ? `；是否想写 ${meant}？` : ''}`, en: `there is no such setting${meant ? `; did you mean ${meant}?` : ''}` } };
    });
}

const portWanted: Text = { zh: '端口号（0 到 65535）', en: 'a port from 0 to 65535' };
const folder = (zh: string, en: string): Text => ({ zh: `目录（${zh}）`, en: `a folder: ${en}` });
const program: Text = { zh: '程序名，或 JSON 列表 ["程序","参数"]', en: 'a program, or a JSON list ["program","argument"]' };
const wanted: Readonly<Partial<Record<Name, Text>>> = {
  REXIAN_LANG: { zh: ' zh 或 en', en: 'zh or en' },
  DATABASE_URL: { zh: ' PostgreSQL 地址，例如 postgres://用户:密码@主机:5432/库名', en: 'a PostgreSQL address, such as postgres://user:password@host:5432/name' },
  REDIS_URL: { zh: ' Redis 地址，例如 redis://主机:6379', en: 'a Redis address, such as redis://host:6379' },
  ASTERISK_ARI_URL: { zh: ' ARI 地址，例如 http://用户:密码@主机:8088', en: 'an ARI address, such as http://user:password@host:8088' },
  ASTERISK_AMI_URL: { zh: ' AMI 地址，例如 tcp://用户:密码@主机:5038', en: 'an AMI address, such as tcp://user:password@host:5038' },
  REXIAN_ARI_MODE: { zh: ' listen、websocket 或 classic', en: 'listen, websocket or classic' },
  REXIAN_HTTP_PORT: portWanted,
  REXIAN_VOLATILE_REDIS: { zh: ' yes 或 no', en: 'yes or no' },
  REXIAN_SESSION_SECRET: { zh: '至少 32 个字符的随机文字', en: 'a random text of at least 32 characters' },
  REXIAN_LOG_LEVEL: { zh: ' debug、info、warn 或 error', en: 'debug, info, warn or error' },
  REXIAN_SOUNDS: folder('Asterisk 的 sounds', "Asterisk's sounds"),
  REXIAN_RECORDINGS: folder('Asterisk 的录音', "Asterisk's recordings"),
  REXIAN_ESPEAK: program,
  REXIAN_SOX: program,
};

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses it and says what it should be.
    return undefined;
  }
}
