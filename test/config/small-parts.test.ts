import { expect, test } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';
import { readSettings } from '../../src/config/env.ts';
import { editDistance, nearest } from '../../src/config/nearest.ts';

test.each([['500ms', 500], ['15s', 15_000], ['3m', 180_000], ['1h', 3_600_000], ['7d', 604_800_000], ['1.5s', 1_500], ['0s', 0]])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['15', 's', '-5s', '5 sec', '1w', '', '٣s'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test('a swap of two letters is one slip', () => {
  expect(editDistance('genreal', 'general')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
});

test('nothing is offered for a word that is like none', () => {
  expect(nearest('blling', ['general', 'billing'])).toBe('billing');
  expect(nearest('Billing', ['billing'])).toBe('billing');
  expect(nearest('sales', ['general', 'billing'])).toBeUndefined();
});

const good = {
  DATABASE_URL: 'postgres://rexian:pw@db:5432/rexian',
  REDIS_URL: 'redis://redis:6379',
  ASTERISK_ARI_URL: 'http://rexian:se%40cret@asterisk:8088',
  ASTERISK_AMI_URL: 'tcp://rexian@asterisk',
  ASTERISK_AMI_PASSWORD: 'amipw',
  REXIAN_SESSION_SECRET: 'x'.repeat(32),
  REXIAN_STORE_KEY: 'y'.repeat(32),
  REXIAN_SOUNDS: '/var/lib/asterisk/sounds',
  REXIAN_RECORDINGS: '/var/spool/asterisk/recording',
};

test('settings come whole and frozen, with users and passwords out of the addresses', () => {
  const read = readSettings({ ...good, REXIAN_ARI_MODE: 'websocket', REXIAN_ESPEAK: '["ld.so","espeak-ng"]' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  expect(read.settings).toMatchObject({
    ari: { mode: 'websocket', url: 'http://asterisk:8088', user: 'rexian', password: 'se@cret' },
    ami: { host: 'asterisk', port: 5038, user: 'rexian', password: 'amipw' },
    http: { host: '127.0.0.1', port: 8080, origins: [] },
    espeak: ['ld.so', 'espeak-ng'],
    sox: ['sox'],
  });
  expect(Object.isFrozen(read.settings)).toBe(true);
});

test('everything wrong with the settings is told at once, and no value is shown', () => {
  const read = readSettings({ ...good, DATABASE_URL: 'mysql://me:hunter2@db', REDIS_URL: '', REXIAN_HTTP_PORT: '80000', REXIAN_STAET: 'x' });
  if (read.ok) throw new Error('should be refused');
  expect(read.problems.map(({ name }) => name).sort()).toEqual(['DATABASE_URL', 'REDIS_URL', 'REXIAN_HTTP_PORT', 'REXIAN_STAET']);
  expect(read.problems.find(({ name }) => name === 'REXIAN_STAET')?.text.en).toContain('REXIAN_STATE');
  expect(JSON.stringify(read.problems)).not.toContain('hunter2');
});

test('an address without a password says both ways to give one', () => {
  const read = readSettings({ ...good, ASTERISK_ARI_URL: 'http://asterisk:8088' });
  expect(read).toMatchObject({ ok: false, problems: [{ name: 'ASTERISK_ARI_URL', text: { en: expect.stringContaining('ASTERISK_ARI_PASSWORD') } }] });
});
