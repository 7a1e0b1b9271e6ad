import { describe, expect, test } from 'vitest';
import { agentId, contactId } from '../../src/base/ids.ts';
import type { ContactId } from '../../src/base/ids.ts';
import type { EventOf, EventType } from '../../src/acd/messages.ts';
import type { Admission } from '../../src/config/centre-config.ts';
import { callerLeg, Table } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

/** A centre's door on a virtual clock. */
class Door extends Table {
  #knocks = 0;

  constructor(admission: Partial<Admission> = {}) {
    super(sampleCentre(sampleRouting({ admission })));
    this.at = 1_000_000;
  }

  /** One call each so many milliseconds; how many were let in. */
  knock(times: number, everyMs: number, from: { ani?: string; trunk?: string } = {}): number {
    let letIn = 0;
    for (let n = 0; n < times; n += 1) {
      if (this.one(from).turnedAway === undefined) letIn += 1;
      this.at += everyMs;
    }
    return letIn;
  }

  one({ ani, trunk }: { ani?: string; trunk?: string } = {}): EventOf<'contact-arrived'> {
    this.#knocks += 1;
    const contact = this.contact();
    this.do({ type: 'call-arrived', contact, leg: callerLeg(contact), ani: ani ?? `138${String(this.#knocks).padStart(8, '0')}`, dnis: '4000', ...(trunk === undefined ? {} : { trunk }) });
    const [arrived] = this.of('contact-arrived').slice(-1);
    if (arrived === undefined) throw new Error('no contact');
    return arrived;
  }

  contact(): ContactId {
    return contactId(`c-1700000000-${this.#knocks}`);
  }

  of<Type extends EventType>(type: Type): EventOf<Type>[] {
    return this.history.filter((event): event is EventOf<Type> => event.type === type);
  }
}

describe('one who is turned away', () => {
  test('is a contact that ends at once with the reason, and is hung up with the treatment', () => {
    const door = new Door({ callsPerSecond: 1 });
    door.one();
    const { contact } = door.one();
    expect(door.types()).toEqual(['alarm-raised', 'contact-arrived', 'contact-ended']);
    expect(door.of('contact-ended')).toMatchObject([{ contact, n: 2, reason: 'overload', during: 'arrival' }]);
    expect(door.last).toMatchObject({ orders: [{ type: 'hang-up', leg: callerLeg(contact), because: 'congestion' }] });
    door.hangUp(contact);
    expect(door.types()).toEqual(['contact-closed']);
    // Its end is on the wire by now or will be: another hang-up would give it another cause, and the caller a 603.
    expect(door.orders()).toEqual([]);
  });

  test('and does not go is hung up again, with the same treatment', () => {
    const door = new Door({ callsPerSecond: 1, treatment: 'busy' });
    door.one();
    door.one();
    door.at += 60_000;
    door.do({ type: 'tick' });
    expect(door.types()).toContain('contact-closed');
    expect(door.last).toMatchObject({ orders: [{ type: 'hang-up', because: 'busy' }] });
  });

  test('hears busy where that is the treatment', () => {
    const door = new Door({ callsPerSecond: 1, treatment: 'busy' });
    door.one();
    door.one();
    expect(door.last).toMatchObject({ orders: [{ type: 'hang-up', because: 'busy' }] });
  });

  test('is kept while it is told why, and ends with the reason', () => {
    const door = new Door({ callsPerSecond: 1, treatment: 'prompt' });
    door.one();
    const { contact } = door.one();
    expect(door.orders()).toEqual(['claim', 'write-ticket']);
    door.do({ type: 'flow-moved', contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'end' } });
    expect(door.of('contact-ended')).toMatchObject([{ reason: 'overload', during: 'arrival' }]);
    expect(door.last).toMatchObject({ orders: [{ type: 'hang-up', because: 'normal' }] });
  });
});

describe('all calls', () => {
  test('a flood of a hundred a second gets the rate, and a second of it at once', () => {
    const door = new Door({ callsPerSecond: 20 });
    expect(door.knock(1_000, 10)).toBe(219);
  });

  test('after it the door is open as before', () => {
    const door = new Door({ callsPerSecond: 20 });
    door.knock(1_000, 10);
    door.at += 1_000;
    expect(door.knock(20, 0)).toBe(20);
  });

  test('what waited in the switch while we stood still is let in, for it came in its own time', () => {
    const door = new Door({ callsPerSecond: 10 });
    const stoodStillMs = 30_000;
    const from = door.at;
    door.at += stoodStillMs;
    door.do({ type: 'tick' });
    for (let n = 0; n < 150; n += 1) {
      const contact = contactId(`c-1800000000-${n}`);
      // The newest input's time never goes back; the call's own may lie before it.
      door.at = from + n * 200;
      door.do({ type: 'call-arrived', contact, leg: callerLeg(contact), ani: '', dnis: '4000' });
    }
    expect(door.of('contact-arrived').filter(({ turnedAway }) => turnedAway !== undefined)).toEqual([]);
  });

  test('callers whom the switch held for us are not counted against anyone', () => {
    const door = new Door({ callsPerSecond: 1 });
    const legs = Array.from({ length: 50 }, (_, n) => ({ leg: callerLeg(contactId(`c-1900000000-${n}`)), role: 'caller', state: 'up', ani: '13800000000', dnis: '4000', since: door.at } as const));
    door.do({ type: 'switch-seen', startedAt: 0, legs, bridges: [], devices: [] });
    expect(door.of('contact-arrived').filter(({ turnedAway }) => turnedAway !== undefined)).toEqual([]);
    expect(door.of('contact-arrived')).toHaveLength(50);
  });

  test('a switch whose clock was set back an hour is not shut out for an hour', () => {
    const door = new Door({ callsPerSecond: 10 });
    door.knock(50, 20);
    door.at -= 600_000;
    expect(door.knock(10, 100)).toBe(10);
  });
});

describe('one number', () => {
  test('may call so often, and then at that rate', () => {
    const door = new Door({ perCaller: { calls: 10, withinMs: 60_000, except: [] } });
    // Fifty in a minute: ten at once, and one for each six seconds.
    expect(door.knock(50, 1_200, { ani: '13900001111' })).toBe(19);
    expect(door.of('alarm-raised')).toMatchObject([{ alarm: 'caller-limit', ani: '13900001111' }]);
  });

  test('takes nothing from others', () => {
    const door = new Door({ perCaller: { calls: 10, withinMs: 60_000, except: [] } });
    door.knock(50, 10, { ani: '13900001111' });
    expect(door.knock(20, 100)).toBe(20);
  });

  test('that is excepted, or no number at all, has no limit', () => {
    const door = new Door({ perCaller: { calls: 1, withinMs: 60_000, except: ['02088886666'] } });
    expect(door.knock(20, 100, { ani: '02088886666' })).toBe(20);
    expect(door.knock(20, 100, { ani: '' })).toBe(20);
    expect(door.knock(20, 100, { ani: 'anonymous' })).toBe(20);
  });

  test('ten thousand numbers a second are not remembered for ever', () => {
    const door = new Door({ callsPerSecond: 10_000, perCaller: { calls: 10_000, withinMs: 1_000, except: [] } });
    for (let n = 0; n < 3_000; n += 1) {
      const { contact } = door.one();
      door.do({ type: 'leg-down', leg: callerLeg(contact), end: 'hung-up' });
      door.at += 1;
    }
    expect(door.centre.doors.callers.size).toBeLessThan(20);
  });
});

describe('one trunk', () => {
  test('that is alone has the whole rate', () => {
    const door = new Door({ callsPerSecond: 20 });
    expect(door.knock(1_000, 10, { trunk: 'carrier@192.0.2.1' })).toBeGreaterThan(210);
    expect(door.of('alarm-raised')).toMatchObject([{ alarm: 'overload' }]);
  });

  test('that floods leaves another one all of its calls, and has what that one leaves', () => {
    const door = new Door({ callsPerSecond: 20 });
    door.one({ trunk: 'branch@192.0.2.2' });
    let other = 0;
    for (let n = 0; n < 1_000; n += 1) {
      door.one({ trunk: 'carrier@192.0.2.1' });
      // Nine a second, of twenty for both.
      if (n % 11 === 0 && door.one({ trunk: 'branch@192.0.2.2' }).turnedAway === undefined) other += 1;
      door.at += 10;
    }
    expect(other).toBe(91);
    const flooded = door.of('contact-arrived').filter(({ trunk, turnedAway }) => trunk === 'carrier@192.0.2.1' && turnedAway === undefined).length;
    expect(flooded).toBeGreaterThan(110);
    expect(new Set(door.of('alarm-raised').map(({ alarm, trunk }) => `${alarm} ${trunk}`))).toEqual(new Set(['trunk-limit carrier@192.0.2.1']));
  });
});

describe('alarms', () => {
  test('are raised once, and cleared a minute after the last call that was turned away, with their count', () => {
    const door = new Door({ perCaller: { calls: 1, withinMs: 60_000, except: [] } });
    const ani = '13900001111';
    door.knock(4, 1_000, { ani });
    const raisedAt = 1_001_000;
    expect(door.of('alarm-raised')).toMatchObject([{ at: raisedAt, alarm: 'caller-limit', ani }]);
    door.wait(58_000);
    expect(door.of('alarm-cleared')).toEqual([]);
    door.wait(2_000);
    expect(door.of('alarm-cleared')).toMatchObject([{ alarm: 'caller-limit', ani, since: raisedAt, turnedAway: 3 }]);
    expect(door.centre.alarms.size).toBe(0);
  });

  test('a flood from a thousand numbers is at most a hundred', () => {
    const door = new Door({ callsPerSecond: 10_000, perCaller: { calls: 1, withinMs: 3_600_000, except: [] } });
    for (let round = 0; round < 2; round += 1) for (let n = 0; n < 1_000; n += 1) door.one({ ani: `1390000${String(n).padStart(4, '0')}` });
    expect(door.of('alarm-raised')).toHaveLength(100);
  });
});

describe('a service that is late', () => {
  test('lets in part of the rate, and warns until it is on time again', () => {
    const door = new Door({ callsPerSecond: 20 });
    door.do({ type: 'load-seen', pace: 0.25 });
    expect(door.types()).toEqual(['pace-changed', 'alarm-raised']);
    expect(door.knock(1_000, 10)).toBe(54);
    door.do({ type: 'load-seen', pace: 1 });
    expect(door.types()).toEqual(['pace-changed', 'alarm-cleared']);
  });

  test('the warning does not go by the clock', () => {
    const door = new Door();
    door.do({ type: 'load-seen', pace: 0.5 });
    door.wait(120_000);
    expect(door.of('alarm-cleared')).toEqual([]);
    expect(door.do({ type: 'load-seen', pace: 0.5 })).toMatchObject({ ok: false });
  });

  test('agents go on as if nothing were', () => {
    const door = new Door({ callsPerSecond: 1 });
    const { contact } = door.one();
    door.one();
    door.signIn('1003');
    door.enqueue(contact);
    expect(door.rungFor(contact)).toBe(agentId('1003'));
  });
});
