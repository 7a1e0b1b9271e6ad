import { describe, expect, test } from 'vitest';
import { Caller, at0, flowOf, call, setting, shortOrder } from './flows.ts';
import { begin, movesPerStepMax, playMsMax, react } from '../../src/ivr/interpret.ts';
import { keysAheadMax } from '../../src/ivr/visit.ts';
import { newLive, readMemory } from '../../src/ivr/memory.ts';
import { playId } from '../../src/base/ids.ts';

const menu = `
start:
  menu: question
  keys: { 1: bill, 2: { queue: general, priority: 10 }, 9: start }
  timeout: { after: 5s, tries: 3, say: again, then: bye }
  invalid: { tries: 2, then: bye }
bill: { queue: billing }
bye: { hangup: true, say: bye }
`;

describe('beginning', () => {
  test('the caller is answered and hears the first words in one step', () => {
    expect(new Caller('start: { play: [hello, other], next: end }\nend: { hangup: true }').orders).toEqual(['answer', 'play 1 hello+other']);
  });

  test('a flow that says nothing first leaves the answer to the queue', () => {
    const caller = new Caller('start: { queue: billing }');
    expect(caller.orders).toEqual([]);
    expect(caller.step.exit).toEqual({ to: 'queue', queue: 'billing', priority: 0 });
    expect(caller.path).toEqual(['start:queue billing']);
  });
});

describe('play', () => {
  const nodes = 'start: { play: hello, next: then }\nthen: { play: other, next: end }\nend: { hangup: true }';

  test('goes on when it is over', () => {
    const caller = new Caller(nodes).listens();
    expect([caller.orders, caller.path]).toEqual([['play 2 other'], ['start:said']]);
  });

  test('late news of another play changes nothing', () => {
    const caller = new Caller(nodes).input('play-ended', { play: playId('rx-p-c-1-f9') });
    expect([caller.orders, caller.path, caller.step.memory.node]).toEqual([[], [], 'start']);
  });

  test('an end that is never heard of is taken for granted after a while', () => {
    const caller = new Caller(nodes);
    expect(caller.step.live.deadline).toBe(at0 + playMsMax);
    expect(caller.waits().orders).toEqual(['stop 1', 'play 2 other']);
  });

  test('a key during a prompt without barge-in is kept for the menu, which then does not speak', () => {
    const caller = new Caller(menu.replace('start:', 'start: { play: hello, next: menu }\nmenu:').replaceAll('9: start', '9: menu'));
    expect(caller.presses('1').orders).toEqual([]);
    caller.listens();
    expect([caller.path, caller.step.exit]).toEqual([['start:said', 'menu:1', 'bill:queue billing'], { to: 'queue', queue: 'billing', priority: 0 }]);
  });

  test('with barge-in a key ends it and counts for what comes next', () => {
    const caller = new Caller(menu.replace('start:', 'start: { play: hello, bargeIn: true, next: menu }\nmenu:').replaceAll('9: start', '9: menu')).presses('2');
    expect([caller.orders, caller.path]).toEqual([['stop 1'], ['start:key', 'menu:2', 'menu/keys/2:queue general']]);
  });

  test('keys pressed ahead are kept up to a limit', () => {
    expect(new Caller(nodes).presses('1'.repeat(100)).step.live.keys).toHaveLength(keysAheadMax);
  });
});

describe('menu', () => {
  test('a key during the prompt stops it and takes its way', () => {
    const caller = new Caller(menu).presses('1');
    expect([caller.orders, caller.path]).toEqual([['stop 1'], ['start:1', 'bill:queue billing']]);
  });

  test('a target written in place is a node of its own', () => {
    expect(new Caller(menu).listens().presses('2').step.exit).toEqual({ to: 'queue', queue: 'general', priority: 10 });
  });

  test('the time to choose counts from the end of the prompt', () => {
    const caller = new Caller(menu).listens(7_000);
    expect(caller.step.live.deadline).toBe(at0 + 7_000 + 5_000);
  });

  test('a silent caller is asked again, and after the last try goes the way of the timeout', () => {
    const caller = new Caller(menu).listens().waits();
    expect(caller.orders).toEqual(['play 2 again+question']);
    expect(caller.listens().waits().orders).toEqual(['play 3 again+question']);
    expect([caller.listens().waits().orders, caller.path]).toEqual([['play 4 bye'], ['start:timeout']]);
  });

  test('a key without a way is said to be none, and after the last try goes the way of the invalid', () => {
    const caller = new Caller(menu).presses('7');
    expect(caller.orders).toEqual(['stop 1', 'play 2 not-understood+question']);
    expect([caller.presses('*').orders, caller.path]).toEqual([['stop 2', 'play 3 bye'], ['start:invalid']]);
  });

  test('silence and wrong keys are counted apart', () => {
    expect(new Caller(menu).presses('7').listens().waits().step.memory.tries).toEqual({ timeout: 1, invalid: 1 });
  });

  test('coming back by a key begins the count anew', () => {
    const caller = new Caller(menu).presses('7').presses('9');
    expect([caller.step.memory.tries, caller.orders]).toEqual([{ timeout: 0, invalid: 0 }, ['stop 2', 'play 3 question']]);
  });

  test('a wrong key throws away the keys pressed after it', () => {
    const caller = new Caller(menu.replace('start:', 'start: { play: hello, next: menu }\nmenu:').replaceAll('9: start', '9: menu')).presses('71').listens();
    expect([caller.orders, caller.step.live.keys]).toEqual([['play 2 not-understood+question'], []]);
  });

  test('without barge-in the prompt is heard to its end, then the key counts', () => {
    const caller = new Caller(menu.replace('menu: question', 'menu: question\n  bargeIn: false')).presses('1');
    expect([caller.orders, caller.path]).toEqual([[], []]);
    expect(caller.listens().path).toEqual(['start:1', 'bill:queue billing']);
  });

  test('a deadline that comes too early means nothing', () => {
    const caller = new Caller(menu).listens();
    expect(caller.input('deadline', {}).orders).toEqual([]);
  });
});

describe('collect', () => {
  const collect = (more = ''): string => `
start:
  collect: question
  into: account
  digits: { min: 3, max: 6 }
  ${more}
  timeout: { after: 8s, tries: 2, then: bye }
  invalid: { say: other, tries: 2, then: bye }
  next: menu
menu: { menu: hello, keys: { 1: bye }, timeout: { then: bye } }
bye: { hangup: true, say: bye }
`;

  test('the first digit stops the prompt, the terminator finishes', () => {
    const caller = new Caller(collect()).presses('1');
    expect(caller.orders).toEqual(['stop 1']);
    caller.presses('234#');
    expect([caller.step.memory.data, caller.path, caller.orders]).toEqual([{ account: '1234' }, ['start:entered'], ['play 2 hello']]);
  });

  test('the last possible digit finishes, and the terminator pressed out of habit is not for the menu', () => {
    const caller = new Caller(collect()).presses('123456#');
    expect([caller.step.memory.data, caller.step.memory.node, caller.orders]).toEqual([{ account: '123456' }, 'menu', []]);
    expect(caller.presses('1').path).toEqual(['menu:1']);
  });

  test('any other key after a full number is for the menu', () => {
    expect(new Caller(collect()).presses('1234561').path).toEqual(['menu:1']);
  });

  test('enough digits and a pause finish too', () => {
    const caller = new Caller(collect('between: 4s')).presses('123');
    expect(caller.step.live.deadline).toBe(at0 + 4_000);
    expect(caller.waits().step.memory.data).toEqual({ account: '123' });
  });

  test('too few digits are invalid; what was entered is forgotten', () => {
    const caller = new Caller(collect()).presses('12#');
    expect([caller.orders, caller.step.live.entered]).toEqual([['play 2 other+question'], '']);
    expect(caller.presses('12').waits().path).toEqual(['start:invalid']);
  });

  test('nothing at all is a timeout', () => {
    const caller = new Caller(collect()).listens().waits();
    expect(caller.orders).toEqual(['play 2 question']);
    expect(caller.listens().waits().path).toEqual(['start:timeout']);
  });

  test('* clears, and the caller has the full time again', () => {
    const caller = new Caller(collect()).presses('99*');
    expect(caller.step.live.deadline).toBe(at0 + 8_000);
    expect(caller.presses('123#').step.memory.data).toEqual({ account: '123' });
  });

  test('a number entered ahead of its prompt is taken without saying it', () => {
    const caller = new Caller(collect().replace('start:', 'start: { play: hello, next: enter }\nenter:')).presses('1234#1').listens();
    expect([caller.path, caller.step.memory.data]).toEqual([['start:said', 'enter:entered', 'menu:1'], { account: '1234' }]);
  });

  test('a secret number is in no memory, data, path or order, but a condition can use it', () => {
    const nodes = `${collect('secret: true').replace('next: menu', 'next: check')}
check: { branch: [{ if: 'secret.account == "4711"', to: menu }], else: bye }`;
    const caller = new Caller(nodes).presses('4711#');
    expect(caller.path).toEqual(['start:entered', 'check:1']);
    const { live: _, ...journaled } = caller.step;
    expect(JSON.stringify(journaled)).not.toContain('4711');
    expect(new Caller(nodes).presses('0000#').path).toEqual(['start:entered', 'check:else']);
  });

  test('of a card only the mask leaves the process, but a condition sees the whole, until the flow sets something else', () => {
    const card = '6222020200112233446';
    const nodes = `start: { collect: question, into: account, digits: { min: 16, max: 19 }, timeout: { then: bye }, next: check }
check: { branch: [{ if: 'data.account == "${card}"', to: cover }], else: bye }
cover: { set: { data: { account: none } }, next: again }
again: { branch: [{ if: 'data.account == "none"', to: { queue: billing } }], else: bye }
bye: { hangup: true }`;
    const caller = new Caller(nodes).presses(card);
    expect(caller.path).toEqual(['start:entered', 'check:1', 'cover:set', 'again:1', 'again/branch/0/to:queue billing']);
    const shown = new Caller(nodes.replace('to: cover', 'to: bye')).presses(card);
    const { live: _, ...journaled } = shown.step;
    expect(journaled.memory.data).toEqual({ account: '622202*********3446' });
    expect(JSON.stringify(journaled)).not.toContain(card);
  });

  test('half-entered digits are in no memory either', () => {
    expect(JSON.stringify(new Caller(collect()).presses('987').step.memory)).not.toContain('987');
  });
});

describe('when, branch, set', () => {
  test('when goes by the calendar in the centre’s time zone', () => {
    const nodes = 'start: { when: { calendar: office, open: { queue: billing }, closed: { hangup: true } } }';
    expect(new Caller(nodes, Date.parse('2026-03-02T01:00:00Z')).path[0]).toBe('start:open');
    expect(new Caller(nodes, Date.parse('2026-03-02T10:00:00Z')).path[0]).toBe('start:closed');
  });

  test.each([
    ['ani.startsWith("138") && dnis == "4000"', '1'],
    ['now.hour == 10 && now.weekday == 1 && now.date == "2026-03-02" && now.time < "10:30"', '1'],
    ['language == "zh" && priority == 7', '1'],
    ['data.level == "vip"', '1'],
    ['data.unset == ""', '1'],
    ['int(data.unset) > 3', 'else'],
    ['language == "en"', 'else'],
  ])('%s → %s', (condition, took) => {
    const caller = new Caller(`
start: { set: { priority: 7, data: { level: vip } }, next: branch }
branch: { branch: [{ if: '${condition}', to: end }], else: later }
later: { hangup: true }
end: { play: hello, next: collect }
collect: { collect: question, into: unset, digits: { min: 1, max: 1 }, timeout: { then: later }, next: later }`);
    expect(caller.path[1]).toBe(`branch:${took}`);
  });

  test('the first condition that holds wins', () => {
    expect(new Caller(`start: { branch: [{ if: 'false', to: a }, { if: 'true', to: b }, { if: 'true', to: a }], else: a }\na: { hangup: true }\nb: { hangup: true }`).path).toEqual(['start:2', 'b:end']);
  });

  test('set changes what is said from then on, and what the queue gets', () => {
    const caller = new Caller('start: { set: { language: en, priority: 5, data: { topic: refund } }, next: say }\nsay: { play: hello, next: { queue: billing, priority: 10 } }');
    expect(caller.orders).toEqual(['answer', 'play 1 hello(en)']);
    caller.listens();
    expect([caller.step.exit, caller.step.memory.data, caller.step.memory.language]).toEqual([{ to: 'queue', queue: 'billing', priority: 15 }, { topic: 'refund' }, 'en']);
  });
});

describe('leaving and coming back', () => {
  test('a queue may be asked for one agent first: by number, or by what was collected; no number is nobody', () => {
    const exitOf = (nodes: string) => new Caller(nodes).step.exit;
    expect(exitOf('start: { queue: billing, agent: 1001 }')).toMatchObject({ to: 'queue', agent: { id: '1001', waitMs: 30_000 } });
    expect(exitOf('start: { set: { data: { wanted: 1001 } }, next: line }\nline: { queue: billing, agent: wanted, agentWait: 1m }')).toMatchObject({ agent: { id: '1001', waitMs: 60_000 } });
    expect(exitOf('start: { set: { data: { wanted: none } }, next: line }\nline: { queue: billing, agent: wanted }')).not.toHaveProperty('agent');
  });

  test('who was led to a queue unheard is answered when it leads him back to words, and not on the way to another', () => {
    const caller = new Caller('start: { queue: billing, full: other }\nother: { queue: general, full: bye }\nbye: { hangup: true, say: bye }').comesBack('full');
    expect([caller.orders, caller.step.exit]).toEqual([[], { to: 'queue', queue: 'general', priority: 0 }]);
    expect(caller.comesBack('full').orders).toEqual(['answer', 'play 1 bye']);
    expect(new Caller('start: { transfer: "1001" }').orders).toEqual(['answer']);
  });

  test('a full queue goes its own way, or apologises and hangs up', () => {
    const own = new Caller('start: { queue: billing, full: busy }\nbusy: { play: other, next: { queue: general } }').comesBack('full');
    expect([own.path, own.orders]).toEqual([['start:full'], ['answer', 'play 1 other']]);
    const none = new Caller('start: { queue: billing }').comesBack('full');
    expect(none.orders).toEqual(['answer', 'play 1 queue-full']);
    expect(none.listens().step.exit).toEqual({ to: 'end' });
  });

  test.each([
    ['full', 'hello', 'queue-full'], ['empty', 'question', 'no-agents'],
    ['closed', 'question', 'queue-closed'], ['diverted', 'other', 'queue-full'], ['waited', 'bye', 'queue-full'], ['withdrawn', 'hello', 'sorry'],
  ] as const)('a queue that says %s leads where the flow says, and to last words where it says nothing', (why, said, or) => {
    const ways = 'closed: b, full: a, empty: b, diverted: d, waited: e, withdrawn: a';
    const ends = ['hello', 'question', 'other', 'bye'].map((say, index) => `${'abde'[index]}: { hangup: true, say: ${say} }`);
    const caller = new Caller([`start: { queue: billing, ${ways} }`, ...ends].join('\n')).comesBack(why);
    expect([caller.path, caller.orders]).toEqual([[`start:${why}`], ['answer', `play 1 ${said}`]]);
    expect(new Caller('start: { queue: billing }').comesBack(why).orders).toEqual(['answer', `play 1 ${or}`]);
  });

  test('what the flow gives for a full queue is for too long a wait, too', () => {
    const caller = () => new Caller('start: { queue: billing, full: busy }\nbusy: { hangup: true, say: bye }');
    for (const why of ['diverted', 'waited'] as const) expect(caller().comesBack(why).orders).toEqual(['answer', 'play 1 bye']);
  });

  test('a key pressed in line leads on, and the way back leads to the line again', () => {
    const flow = 'start: { queue: billing, keys: { 1: news, "#": { transfer: "1001" } } }\nnews: { play: other, next: start }';
    const caller = new Caller(flow);
    expect(caller.step.exit).toEqual({ to: 'queue', queue: 'billing', priority: 0, keys: ['1', '#'] });
    expect([caller.comesBack('full', '1').path, caller.orders]).toEqual([['start:1'], ['answer', 'play 1 other']]);
    expect(caller.listens().step.exit).toEqual({ to: 'queue', queue: 'billing', priority: 0, keys: ['1', '#'] });
    expect(new Caller(flow).comesBack('full', '#').step.exit).toMatchObject({ to: 'number', target: { number: '1001' } });
  });

  test('a transfer leaves with number, trunk and time, and comes back when it fails', () => {
    const caller = new Caller('start: { transfer: 01088886666, trunk: carrier, timeout: 20s, failed: sorry }\nsorry: { play: other, next: { queue: general } }'.replace('01088886666', '"01088886666"'));
    expect(caller.step.exit).toEqual({ to: 'number', target: { number: '01088886666', trunk: 'carrier' }, timeoutMs: 20_000 });
    expect(caller.hears('transfer-failed').path).toEqual(['start:failed']);
    expect(new Caller('start: { transfer: "1001" }').hears('transfer-failed').orders).toEqual(['play 1 transfer-failed']);
  });

  test('a last word is said before the end', () => {
    const caller = new Caller('start: { hangup: true, say: bye }');
    expect(caller.step.exit).toBeUndefined();
    expect(caller.presses('1').orders).toEqual([]);
    expect(caller.listens().step.exit).toEqual({ to: 'end' });
  });
});

describe('after a restart', () => {
  const again = (caller: Caller) => {
    const memory = readMemory(JSON.parse(JSON.stringify(caller.step.memory)));
    if (!memory) throw new Error('memory unreadable');
    return react(caller.flow, setting, { memory, live: newLive }, { type: 'resumed', at: caller.now });
  };

  test('the caller is answered if need be, and the node is said again under a new play id, with its count of tries kept', () => {
    const step = again(new Caller(menu).listens().waits());
    expect(step.orders.map(shortOrder)).toEqual(['answer', 'stop 2', 'play 3 question']);
    expect(step.memory.tries).toEqual({ timeout: 1, invalid: 0 });
  });

  test('what is still being said is stopped first', () => {
    expect(new Caller(menu).hears('resumed').orders).toEqual(['answer', 'stop 1', 'play 2 question']);
  });

  test('a node that is gone from the flow begins the flow again', () => {
    const caller = new Caller(menu);
    const step = react(caller.flow, setting, { memory: { ...caller.step.memory, node: 'removed' }, live: newLive }, { type: 'resumed', at: at0 });
    expect(step.orders.map(shortOrder)).toEqual(['answer', 'stop 1', 'play 2 question']);
    expect(step.live.play).not.toBeNull();
  });

  test('sent back to a flow that has changed meanwhile: an apology, not silence', () => {
    const caller = new Caller(menu);
    expect(caller.comesBack('full').orders).toEqual(['stop 1', 'play 2 queue-full']);
    expect(new Caller(menu).hears('transfer-failed').orders).toEqual(['stop 1', 'play 2 transfer-failed']);
  });

  test('what is no memory is not taken for one', () => {
    expect([null, {}, 'x', { ...new Caller(menu).step.memory, plays: 'many' }].map(readMemory)).toEqual([null, null, null, null]);
  });
});

test('a flow that spins is a fault of the flow: the caller hears an apology and the call ends', () => {
  // The checks refuse such a flow, so this one is made past them.
  const flow = { ...flowOf('start: { set: { priority: 1 }, next: end }\nend: { hangup: true }') };
  const spinning = { ...flow, nodes: new Map([['start', { kind: 'set' as const, data: {}, next: 'start' }]]) };
  const step = begin(spinning, setting, call, at0);
  expect(step.orders).toEqual([{ type: 'answer', leg: call.leg }, expect.objectContaining({ type: 'play', media: [{ say: 'prompt', name: 'sorry', language: 'zh' }] })]);
  expect(step.path.length).toBeLessThanOrEqual(movesPerStepMax + 1);
});
