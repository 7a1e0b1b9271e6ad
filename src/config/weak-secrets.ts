/** Whether a secret is one: not what a product ships with, not what the first list of passwords tries. Pure. */
import type { Text } from '../base/text.ts';

export type Weakness = 'known' | 'like-the-user' | 'short' | 'simple';

/** Undefined for one that will do. `least` is the length that the secret's use asks for. */
export function weaknessOf(secret: string, { user = '', least }: { readonly user?: string; readonly least: number }): Weakness | undefined {
  const bare = secret.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const word = bare.replace(/^\d+|\d+$/g, '');
  if (shipped.has(bare) || (shipped.has(word) && secret.length < least + word.length)) return 'known';
  if (user !== '' && secret.toLowerCase().replaceAll(user.toLowerCase(), '').length < 6) return 'like-the-user';
  if (secret.length < least) return 'short';
  return new Set(secret).size < distinctLeast || repeats(secret) || climbs(secret) ? 'simple' : undefined;
}

export const weaknessTexts: { readonly [Each in Weakness]: Text } = {
  known: { zh: '是众所周知的默认密码', en: 'is a default that everybody knows' },
  'like-the-user': { zh: '与用户名几乎相同', en: 'is nearly the name of its user' },
  short: { zh: '太短', en: 'is too short' },
  simple: { zh: '过于简单（字符重复或连续）', en: 'is too simple: the same characters again and again, or one after another' },
};

const distinctLeast = 6;

/** "abcabcabc" is found in itself before its end. */
const repeats = (secret: string): boolean => (secret + secret).indexOf(secret, 1) < secret.length;

/** 0123456789, abcdefgh, 9876543210. */
function climbs(secret: string): boolean {
  const steps = [...secret].slice(1).map((char, at) => char.charCodeAt(0) - secret.charCodeAt(at));
  const small = steps.filter((step) => Math.abs(step) <= 1).length;
  return small > steps.length * 0.8;
}

/** As shipped by Asterisk's samples, its distributions and our own documentation, and the first that anyone tries. */
const shipped: ReadonlySet<string> = new Set([
  'admin', 'administrator', 'agent', 'ami', 'amiuser', 'amipw', 'amp', 'amp109', 'amp111', 'ari', 'ariuser', 'asterisk', 'asterisksecret', 'astmanproxy', 'callcenter', 'callcentre', 'cdr', 'change',
  'changeit', 'changeme', 'changethis', 'changethispassword', 'cron', 'default', 'demo', 'dialer', 'elastix', 'elastixasteriskuser2oo7', 'elastix456', 'example', 'freepbx', 'guest', 'hello',
  'hotline', 'issabel', 'jabramamba', 'letmein', 'manager', 'monitor', 'mypass', 'mypassword', 'mysecret', 'mysecretpassword', 'none', 'pass', 'passphrase', 'passw0rd', 'password', 'pbx',
  'peekaboo', 'phone', 'postgres', 'public', 'qwerty', 'qwertyuiop', 'redis', 'rexian', 'root', 'secret', 'secretkey', 'secretpassword', 'sessionsecret', 'sip', 'supersecret', 'test', 'testing', 'trixbox',
  'user', 'verysecret', 'verysecretpassword', 'vicidial', 'welcome', 'yoursecret', 'yourpassword', 'your', 'yoursecrethere', 'putyoursecrethere', '',
]);
