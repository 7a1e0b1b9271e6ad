import { expect, test, vi } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import type { AmiEvent } from '../../src/telephony/ami.ts';
import { Phones } from '../../src/telephony/phones.ts';
import type { SeenDevice } from '../../src/telephony/port.ts';

/** As Asterisk 22.10.1 wrote them, without what nobody reads. */
const contact = (endpoint: string, useragent: string): AmiEvent => ({ event: 'ContactList', endpoint, uri: `sip:${endpoint}@127.0.0.1:6622`, useragent, status: 'Reachable' });
const registered = (aor: string): AmiEvent => ({ event: 'ContactStatus', uri: `sip:${aor}@127.0.0.1:6622`, contactstatus: 'Reachable', aor, endpointname: aor });
const state = (agent: string, now: string): AmiEvent => ({ event: 'DeviceStateChange', device: `PJSIP/${agent}`, state: now });

function phonesWith(lists: { states: AmiEvent[] | undefined; contacts: AmiEvent[] | undefined }): { phones: Phones; told: SeenDevice[]; asked: string[] } {
  const told: SeenDevice[] = [];
  const asked: string[] = [];
  const ami = {
    list: async ({ Action = '' }: Readonly<Record<string, string>>) => {
      asked.push(Action);
      return Action === 'PJSIPShowContacts' ? lists.contacts : lists.states;
    },
  };
  const phones = new Phones({ ami, agents: ['1001', '1002', '1003'].map(agentId), remoteAnswer: ['Yealink', 'snom'], tell: (device) => told.push(device) });
  return { phones, told, asked };
}

test('a phone answers when asked only if it called itself one that does', async () => {
  const { phones } = phonesWith({
    states: [state('1001', 'NOT_INUSE'), state('1002', 'NOT_INUSE'), state('1003', 'UNAVAILABLE'), state('callers', 'INUSE')],
    contacts: [contact('1001', 'Yealink SIP-T46U 108.86.0.20'), contact('1002', 'baresip v3.16.0 (x86_64/linux)'), contact('9999', 'Yealink')],
  });
  expect(await phones.look()).toEqual([
    { agent: '1001', device: 'idle', remoteAnswer: true },
    { agent: '1002', device: 'idle', remoteAnswer: false },
    { agent: '1003', device: 'unreachable', remoteAnswer: false },
  ]);
});

test('nothing is known of any phone while AMI is away', async () => {
  const { phones } = phonesWith({ states: undefined, contacts: undefined });
  expect(await phones.look()).toEqual(['1001', '1002', '1003'].map((agent) => ({ agent, device: 'unknown', remoteAnswer: false })));
});

test('a crowd that registers is listed at once and once more, and only what changed is told', async () => {
  vi.useFakeTimers();
  const lists = { states: ['1001', '1002', '1003'].map((agent) => state(agent, 'NOT_INUSE')), contacts: [contact('1001', 'snomD785/10.1')] };
  const { phones, told, asked } = phonesWith(lists);
  await phones.look();
  asked.length = 0;
  lists.contacts = [contact('1001', 'MicroSIP/3.21'), contact('1002', 'Snom300/8.7'), contact('1003', 'Linphone')];
  for (const agent of ['1001', '1002', '1003', '1002', 'someone-else']) phones.take(registered(agent));
  await vi.advanceTimersByTimeAsync(2_000);
  vi.useRealTimers();
  expect(asked).toEqual(['PJSIPShowContacts', 'PJSIPShowContacts']);
  expect(told).toEqual([{ agent: '1001', device: 'idle', remoteAnswer: false }, { agent: '1002', device: 'idle', remoteAnswer: true }]);
});
