import { describe, expect, test } from 'vitest';
import { queueId } from '../../src/base/ids.ts';
import { callbackRule, callbackShape } from '../../src/config/callback-file.ts';
import type { Setting } from '../../src/ivr/visit.ts';
import { Caller, setting } from './flows.ts';

const line = 'start: { play: hello, next: line }\nline: { queue: billing, priority: 4 }';
const settingOf = (otherNumber: boolean): Setting => ({ ...setting, queues: new Map([[queueId('billing'), { callback: callbackRule(callbackShape.parse({ allow: ['1'], otherNumber })) }]]) });
const number = 'callback-number+13800138000';

/** Waited, and has pressed the key of the queue. */
function asking(otherNumber = false): Caller {
  const caller = new Caller(line, undefined, settingOf(otherNumber)).listens();
  expect(caller.step.exit).toMatchObject({ to: 'queue' });
  return caller.input('turned-away', { why: 'callback', key: '9' });
}

describe('who asks to be called back', () => {
  test('hears the number of the phone and confirms it; the promise is proposed with its last words, before they are said', () => {
    const caller = asking();
    expect([caller.path, caller.orders]).toEqual([['line:9'], [`play 2 ${number}+callback-confirm`]]);
    caller.presses('1');
    expect([caller.step.callback, caller.orders]).toEqual([{ number: '13800138000' }, ['stop 2', 'play 3 callback-promised']]);
    expect(caller.listens().step.exit).toEqual({ to: 'end' });
    expect(caller.step.callback).toBeUndefined();
  });

  test('goes back into the line with the star, or by saying nothing twice', () => {
    expect(asking().presses('*').step.exit).toMatchObject({ to: 'queue', queue: 'billing', priority: 4 });
    const silent = asking().listens().waits();
    expect(silent.orders).toEqual([`play 3 ${number}+callback-confirm`]);
    expect(silent.listens().waits().step.exit).toMatchObject({ to: 'queue', queue: 'billing' });
  });

  test('enters another number where the queue allows it, hears it and confirms that', () => {
    const caller = asking(true);
    expect(caller.orders).toEqual([`play 2 ${number}+callback-confirm-or-other`]);
    expect(caller.presses('2').orders).toEqual(['stop 2', 'play 3 callback-enter']);
    caller.presses('10086#');
    expect(caller.orders).toEqual(['play 4 callback-number+10086+callback-confirm-or-other']);
    expect(caller.presses('1').step.callback).toEqual({ number: '10086' });
  });

  test('a number that ends without the hash is taken after a pause; one that is none is the phone’s again', () => {
    const caller = asking(true).presses('2').listens().presses('10086').waits();
    expect(caller.orders[0]).toContain('+10086+');
    expect(asking(true).presses('21#').orders).toEqual([`play 4 ${number}+callback-confirm-or-other`]);
  });

  test('cannot enter another where the queue does not allow it', () => {
    expect(asking().presses('2').orders).toEqual([]);
  });

  test('hears that it cannot be, and waits on', () => {
    const caller = asking().presses('1');
    // The step was refused: the flow stands where it stood.
    const before = asking();
    before.input('callback-refused', {});
    expect(before.orders).toEqual(['stop 2', 'play 3 callback-refused']);
    expect(before.presses('1').step.callback).toBeUndefined();
    expect(before.listens().step.exit).toMatchObject({ to: 'queue', queue: 'billing' });
    expect(caller.step.callback).toBeDefined();
  });

  test('is asked again after a restart', () => {
    expect(asking().hears('resumed').orders).toEqual(['answer', 'stop 2', `play 3 ${number}+callback-confirm`]);
  });
});
