import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderAsteriskConf, UnsafeValue, type AsteriskValues } from '../../src/telephony/asterisk-conf.ts';

const folder = new URL('../../asterisk-conf/', import.meta.url);
const templates = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));

const values: AsteriskValues = {
  systemName: 'centre-1',
  folders: { etc: '/c/etc', modules: '/m', data: '/d', state: '/c/lib', spool: '/c/spool', run: '/c/run', log: '/c/log', sounds: '/s', music: '/s/music' },
  sip: { host: '127.0.0.1', port: 5060 },
  rtp: { start: 10_000, end: 13_999 },
  http: { host: '127.0.0.1', port: 8088 },
  ari: { user: 'rexian', password: 'ariSecret' },
  service: { url: 'ws://127.0.0.1:9000/ari', user: 'rexian', password: 'serviceSecret' },
  ami: { host: '127.0.0.1', port: 5038, user: 'rexian', password: 'amiSecret', permit: '127.0.0.0/8' },
  callersFrom: ['127.0.0.0/8', '10.1.0.0/16'],
  agents: [{ id: '1001', password: 'a1' }, { id: '1002', password: 'a2' }],
  away: { tries: 60, musicSeconds: 2, claimSeconds: 120, reclaimSeconds: 20 },
};

const rendered = renderAsteriskConf(templates, values);

describe('the files', () => {
  test('have every placeholder filled in', () => {
    expect(Object.keys(rendered).sort()).toEqual(Object.keys(templates).sort());
    for (const text of Object.values(rendered)) expect(text).not.toMatch(/\{\{|\}\}/);
  });

  test('give each agent an endpoint, a password and one contact', () => {
    const agents = rendered['pjsip_agents.conf'] ?? '';
    expect(agents.match(/^\[1001\]\(agent\)$/gm)).toHaveLength(1);
    expect(agents).toContain('username = 1002\npassword = a2\n');
    expect(rendered['pjsip.conf']).toContain('max_contacts = 1');
  });

  test('let outside callers in from the named networks only', () => {
    expect(rendered['pjsip.conf']).toContain('match = 127.0.0.0/8,10.1.0.0/16');
    expect(rendered['modules.conf']).not.toContain('endpoint_identifier_anonymous');
  });

  test('never paste what a caller controls into the dialplan unfiltered', () => {
    const pasted = (rendered['extensions.conf'] ?? '').split('\n').filter((line) => line.includes('${EXTEN}') && !line.startsWith(';'));
    // [arrive] is reached only with what FILTER let through.
    for (const line of pasted) expect(line).toMatch(/FILTER\(0-9,\$\{EXTEN\}\)|Set\(REXIAN_DIALLED=\$\{EXTEN\}\)/);
  });

  test('tell phones another address only where one is given', () => {
    expect(rendered['pjsip.conf']).not.toContain('external_');
    const announced = renderAsteriskConf(templates, { ...values, sip: { ...values.sip, announce: '192.0.2.7' } })['pjsip.conf'] ?? '';
    expect(announced.match(/^external_(signaling|media)_address = 192\.0\.2\.7$/gm)).toHaveLength(4);
  });

  test('grant AMI neither originate nor command', () => {
    const granted = /^write = (.*)$/m.exec(rendered['manager.conf'] ?? '')?.[1]?.split(',');
    expect(granted).toEqual(['system', 'call', 'reporting']);
  });
});

describe('a value that could change the meaning of a file is refused', () => {
  const cases: [string, AsteriskValues][] = [
    ['a new line in an agent id', { ...values, agents: [{ id: '1001]\ntype=x', password: 'p' }] }],
    ['a comment in a password', { ...values, agents: [{ id: '1001', password: 'p;q' }] }],
    ['an agent called like a section of ours', { ...values, agents: [{ id: 'callers', password: 'p' }] }],
    ['an agent twice', { ...values, agents: [{ id: '1001', password: 'p' }, { id: '1001', password: 'q' }] }],
    ['an empty password', { ...values, agents: [{ id: '1001', password: '' }] }],
    ['a dialplan variable in a folder', { ...values, folders: { ...values.folders, sounds: '/s/${SHELL(id)}' } }],
    ['a folder that is not absolute', { ...values, folders: { ...values.folders, sounds: 'sounds' } }],
    ['a port out of range', { ...values, sip: { host: '127.0.0.1', port: 70_000 } }],
    ['a port that is no number', { ...values, sip: { host: '127.0.0.1', port: Number.NaN } }],
    ['a host that is a name', { ...values, http: { host: 'example.com\nenabled=no', port: 1 } }],
    ['an announced address that is a name', { ...values, sip: { ...values.sip, announce: 'example.com' } }],
    ['an RTP range that ends before it starts', { ...values, rtp: { start: 12_000, end: 11_000 } }],
    ['no network for callers', { ...values, callersFrom: [] }],
    ['a service address with a new line', { ...values, service: { ...values.service, url: 'ws://127.0.0.1:1/ari\nx=y' } }],
  ];
  test.each(cases)('%s', (_, bad) => {
    expect(() => renderAsteriskConf(templates, bad)).toThrow(UnsafeValue);
  });
});

test('a template with an unknown placeholder is our mistake and says where', () => {
  expect(() => renderAsteriskConf({ 'x.conf': 'a = {{nothing}}' }, values)).toThrow('x.conf: no value is called nothing');
});
