/** The process's own settings: the only reader of process.env in src. Read once, whole, and frozen. */
import { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Language, Text } from '../base/text.ts';
import { nearest } from './nearest.ts';
import { readNetworks } from './private-networks.ts';
import { wanted } from './wanted.ts';

export interface Settings {
  readonly language: Language;
  readonly configDir: string;
  /** All that this centre keeps: recordings, sounds, secrets. */
  readonly stateDir: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly ari: AriSettings;
  readonly ami: { readonly host: string; readonly port: number; readonly tls: boolean; readonly user: string; readonly password: string };
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** With one it listens there at once, and at `port` only while it owns the centre. */
    readonly standbyPort?: number;
    readonly origins: readonly string[];
    /** Whose word about the client's address and scheme is taken. */
    readonly trustProxy: readonly string[];
  };
  /** What becomes of a start that would be dangerous; see dangers.ts. */
  readonly insecure: 'refuse' | 'warn';
  /** Networks that nobody else can reach: what listens there may do so in the clear. */
  readonly privateNetworks: BlockList;
  /** A Redis that may forget or throw away is taken all the same; callers' places may be lost with it. */
  readonly volatileRedis: boolean;
  /** Signs the sign-ins; the launcher makes one for each state folder. */
  readonly sessionSecret: string;
  /** Seals what Redis and Postgres keep of callers; without it their numbers cannot be read again. */
  readonly storeKey: string;
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
  | { readonly mode: 'listen'; readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly tls?: { readonly certFile: string; readonly keyFile: string } }
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

/** Addresses and networks; each is what Node takes for one. */
const networks = z.string().refine((text) => readNetworks(text) !== undefined).transform(listed);

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
  REXIAN_ARI_CERT: z.string().optional(),
  REXIAN_ARI_KEY: z.string().optional(),
  ASTERISK_AMI_URL: url('tcp', 'ami', 'http', 'tls'),
  ASTERISK_AMI_USER: z.string().optional(),
  ASTERISK_AMI_PASSWORD: z.string().optional(),
  REXIAN_HTTP_HOST: z.string().default('127.0.0.1'),
  REXIAN_HTTP_PORT: port.default(8080),
  REXIAN_STANDBY_HTTP_PORT: port.optional(),
  REXIAN_HTTP_ORIGINS: z.string().default(''),
  REXIAN_TRUST_PROXY: networks.default([]),
  REXIAN_INSECURE: z.enum(['refuse', 'warn']).default('refuse'),
  REXIAN_PRIVATE_NETWORKS: networks.default([]),
  REXIAN_VOLATILE_REDIS: z.enum(['yes', 'no']).default('no'),
  REXIAN_SESSION_SECRET: z.string().min(32),
  REXIAN_STORE_KEY: z.string().min(32),
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
  if (parsed.data.REXIAN_ARI_MODE === 'listen' && encrypted(ari.url)) problems.push(...withoutCertificate(parsed.data));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: Object.freeze(settingsOf(parsed.data, ari, ami)) };
}

interface SignIn {
  readonly url: URL;
  readonly user: string;
  readonly password: string;
}

function settingsOf(read: z.output<typeof schema>, ari: SignIn, ami: SignIn): Settings {
  const stateDir = resolve(read.REXIAN_STATE);
  return {
    language: read.REXIAN_LANG,
    configDir: resolve(read.REXIAN_CONFIG),
    stateDir,
    databaseUrl: read.DATABASE_URL,
    redisUrl: read.REDIS_URL,
    ari: ariOf(read, ari),
    ami: { host: ami.url.hostname, port: Number(ami.url.port || (encrypted(ami.url) ? 5039 : 5038)), tls: encrypted(ami.url), user: ami.user, password: ami.password },
    http: {
      host: read.REXIAN_HTTP_HOST, port: read.REXIAN_HTTP_PORT,
      ...(read.REXIAN_STANDBY_HTTP_PORT === undefined ? {} : { standbyPort: read.REXIAN_STANDBY_HTTP_PORT }),
      origins: listed(read.REXIAN_HTTP_ORIGINS), trustProxy: read.REXIAN_TRUST_PROXY,
    },
    insecure: read.REXIAN_INSECURE,
    privateNetworks: readNetworks(read.REXIAN_PRIVATE_NETWORKS.join(',')) ?? new BlockList(),
    volatileRedis: read.REXIAN_VOLATILE_REDIS === 'yes',
    sessionSecret: read.REXIAN_SESSION_SECRET,
    storeKey: read.REXIAN_STORE_KEY,
    logLevel: read.REXIAN_LOG_LEVEL,
    soundsDir: resolve(read.REXIAN_SOUNDS),
    recordingsDir: resolve(read.REXIAN_RECORDINGS),
    espeak: read.REXIAN_ESPEAK,
    sox: read.REXIAN_SOX,
    soundCacheDir: resolve(read.REXIAN_SOUND_CACHE ?? `${stateDir}/sounds`),
  };
}

function ariOf({ REXIAN_ARI_MODE: mode, REXIAN_ARI_CERT: cert, REXIAN_ARI_KEY: key }: z.output<typeof schema>, { url, user, password }: SignIn): AriSettings {
  if (mode !== 'listen') return { mode, url: `${url.protocol}//${url.host}`, user, password };
  const tls = encrypted(url) && cert !== undefined && key !== undefined ? { tls: { certFile: resolve(cert), keyFile: resolve(key) } } : {};
  return { mode, host: url.hostname, port: Number(url.port || (encrypted(url) ? 443 : 80)), user, password, ...tls };
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

function listed(text: string): string[] {
  return text.split(',').map((one) => one.trim()).filter((one) => one !== '');
}

const encrypted = ({ protocol }: URL): boolean => /^(https|wss|tls):$/.test(protocol);

/** Who listens with TLS shows a certificate. */
function withoutCertificate(read: z.output<typeof schema>): SettingProblem[] {
  const names = ['REXIAN_ARI_CERT', 'REXIAN_ARI_KEY'] as const;
  return names.filter((name) => read[name] === undefined).map((name) => problemOf(name, undefined));
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

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses it and says what it should be.
    return undefined;
  }
}
