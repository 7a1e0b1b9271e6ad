import { describe, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import type { ContactId, RecordingId } from '../../src/base/ids.ts';
import { recordingOf } from '../../src/telephony/ids.ts';
import { callerLeg, Table } from '../support/decider.ts';
import { sampleCentre, sampleRouting } from '../support/sample-routing.ts';

const tableOf = (recording: 'go-on' | 'no-call', record: 'always' | 'never' = 'always'): Table => {
  const table = new Table(sampleCentre(sampleRouting({ recording, queues: { record } })));
  table.signIn('1001');
  return table;
};
const full = { type: 'recorder-seen', fault: 'recordings-full', low: true } as const;
const well = { type: 'recorder-seen', low: false } as const;

function talking(table: Table): { contact: ContactId; recording: RecordingId } {
  const contact = table.queued();
  table.answer(contact);
  return { contact, recording: recordingOf(contact, 1) };
}

describe('a recorder at fault', () => {
  test('supervisors are warned once, of what it is now, until it is well again', () => {
    const table = tableOf('go-on');
    const alarms = () => [...table.centre.alarms.values()].map(({ code }) => code);
    table.do(full);
    expect(alarms()).toEqual(['recordings-full', 'recordings-low']);
    expect(table.do(full).ok).toBe(false);
    table.wait(600_000);
    table.do({ type: 'recorder-seen', fault: 'recordings-missing', low: false });
    expect(alarms()).toEqual(['recordings-missing']);
    table.do(well);
    expect(alarms()).toEqual([]);
  });

  test('calls go on, and each is tried to be recorded', () => {
    const table = tableOf('go-on');
    table.do(full);
    talking(table);
    expect(table.orders()).toContain('start-recording');
  });

  test('a recording that is lost is stopped, so that the file has no hole; the talk goes on', () => {
    const table = tableOf('go-on');
    const { contact, recording } = talking(table);
    table.do({ type: 'recording-lost', recording, why: 'disk-full' });
    expect([table.types(), table.orders()]).toEqual([['recording-failed'], ['stop-recording']]);
    expect(table.centre.contacts.get(contact)?.state).toMatchObject({ status: 'connected', unrecorded: 'lost' });
    expect(table.do({ type: 'recording-lost', recording, why: 'disk-full' }).ok).toBe(false);
  });

  test('as soon as the recorder is well, the talk is recorded again, as a recording of its own', () => {
    const table = tableOf('go-on');
    const { contact, recording } = talking(table);
    table.do(full);
    table.do({ type: 'recording-lost', recording, why: 'disk-full' });
    table.do(well);
    expect(table.orders()).toEqual(['start-recording', 'write-ticket']);
    const state = table.centre.contacts.get(contact)?.state;
    expect(state?.status === 'connected' && state.recording?.id).toMatch(new RegExp(`^${recording}-\\d+$`));
    table.hangUp(contact);
    expect(table.types()).toContain('recording-stopped');
  });

  test('what the agent had paused is not recorded again: a card number may be being said', () => {
    const table = tableOf('go-on');
    const { contact, recording } = talking(table);
    table.do({ type: 'pause-recording', agent: agentId('1001') });
    table.do(full);
    table.do({ type: 'recording-lost', recording, why: 'disk-full' });
    table.do(well);
    expect(table.orders()).toEqual([]);
    expect(table.centre.contacts.get(contact)?.state).not.toHaveProperty('recording');
  });
});

describe('no recording, no call', () => {
  test('nobody is rung for a recorded queue while nothing can be recorded, and everybody waits in place', () => {
    const table = tableOf('no-call');
    table.do(full);
    const [first, second] = [table.queued(), table.queued()];
    expect([table.rungFor(first), table.rungFor(second)]).toEqual([undefined, undefined]);
    table.do(well);
    expect(table.rungFor(first)).toBe('1001');
  });

  test('a queue that is not recorded is not held back', () => {
    const table = tableOf('no-call', 'never');
    table.do(full);
    expect(table.rungFor(table.queued())).toBe('1001');
  });

  test('a talk that loses its recording ends for the agent, and the caller waits again in the old place', () => {
    const table = tableOf('no-call');
    const { contact, recording } = talking(table);
    const behind = table.queued();
    table.do(full);
    table.do({ type: 'recording-lost', recording, why: 'disk-full' });
    expect(table.types()).toEqual(['recording-failed', 'contact-requeued', 'presence-changed']);
    expect(table.orders()).toEqual(['stop-recording', 'hang-up', 'dissolve', 'start-music', 'write-ticket']);
    expect(table.presence('1001')).toBe('wrap-up');
    table.wait(20_000);
    expect(table.presence('1001')).toBe('ready');
    table.do(well);
    expect(table.rungFor(contact)).toBe('1001');
    expect(table.rungFor(behind)).toBeUndefined();
  });

  test('so does one whose recording could not be started', () => {
    const table = tableOf('no-call');
    const { contact, recording } = talking(table);
    table.do({ type: 'order-failed', order: { type: 'start-recording', recording, leg: callerLeg(contact) }, reason: 'refused', detail: 'no' });
    expect(table.types()).toEqual(['recording-failed', 'contact-requeued', 'presence-changed']);
  });
});
