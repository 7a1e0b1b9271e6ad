import { expect, test } from 'vitest';
import type { AmiEvent } from '../../src/telephony/ami.ts';
import { Intruders } from '../../src/telephony/intruders.ts';
import { keptHeapBytes } from '../support/kept-heap.ts';

/** As Asterisk 22.10.1 tells of it. */
const refused = (address: string, event = 'InvalidAccountID'): AmiEvent => ({ event, service: 'PJSIP', accountid: '9001', remoteaddress: `IPV4/UDP/${address}/43989` });

function watch(): { intruders: Intruders; lines: object[]; clock: { at: number } } {
  const lines: object[] = [];
  const clock = { at: 1_000_000 };
  return { intruders: new Intruders({ clock: { now: () => clock.at }, log: { warn: (line: object) => void lines.push(line) } }), lines, clock };
}

test('a scan of a thousand unknown users is one line with the address', () => {
  const { intruders, lines } = watch();
  for (let n = 0; n < 1_000; n += 1) intruders.take(refused('192.0.2.66'));
  expect(lines).toEqual([{ code: 'sip-scan', address: '192.0.2.66', failures: 10 }]);
});

test('one that goes on is named again each minute, and one that mistypes is not', () => {
  const { intruders, lines, clock } = watch();
  for (let minute = 0; minute < 3; minute += 1) {
    for (let n = 0; n < 50; n += 1) intruders.take(refused('2001:db8::66'));
    for (let n = 0; n < 5; n += 1) intruders.take(refused('192.0.2.7', 'InvalidPassword'));
    clock.at += 60_000;
  }
  expect(lines).toHaveLength(3);
});

test('what is no refusal, or names no address, is passed over', () => {
  const { intruders, lines } = watch();
  for (let n = 0; n < 20; n += 1) {
    intruders.take({ event: 'SuccessfulAuth', remoteaddress: 'IPV4/UDP/192.0.2.1/5060' });
    intruders.take({ event: 'InvalidAccountID', remoteaddress: 'IPV4/UDP/"; rm/5060' });
    intruders.take({ event: 'InvalidAccountID' });
  }
  expect(lines).toEqual([]);
});

test('a hundred thousand addresses are not all remembered', () => {
  const { intruders, clock } = watch();
  const before = keptHeapBytes();
  for (let n = 0; n < 100_000; n += 1) {
    intruders.take(refused(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`));
    clock.at += n % 2;
  }
  // Ten thousand are 1.6 MB, a hundred thousand would be 11.
  expect(keptHeapBytes() - before).toBeLessThan(5_000_000);
  // Held until it was measured.
  intruders.take(refused('192.0.2.1'));
});
