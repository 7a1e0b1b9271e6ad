/** One fault in the sample centre each: where it is said to be, what it is, and what is offered instead. */
import { describe, expect, test } from 'vitest';
import { brief, problemsOf, sampleFile } from './sample.ts';

type Row = readonly [file: string, from: string, to: string, ...found: string[]];

const rows: Readonly<Record<string, readonly Row[]>> = {
  'centre.yaml': [
    ['centre.yaml', '4000: hotline', '4000: hotlin', 'centre.yaml:8:9 unknown-flow "hotline"'],
    ['centre.yaml', '4000: hotline', '40oo: hotline', 'centre.yaml:8:3 bad-number'],
    ['centre.yaml', '4001: office ', '4000: office ', 'centre.yaml:9:3 duplicate-key'],
    ['centre.yaml', 'Asia/Shanghai', 'Asia/Shanghia', 'centre.yaml:4:11 unknown-time-zone'],
    ['centre.yaml', 'language: zh', 'language: cn', 'centre.yaml:5:11 unknown-word'],
    ['centre.yaml', 'timeZone:', 'timezone:', 'centre.yaml:2:1 missing', 'centre.yaml:4:1 unknown-field "timeZone"'],
    ['centre.yaml', 'busy: 5s', 'busy: 5', 'centre.yaml:24:18 bad-duration'],
    ['centre.yaml', 'busy: 5s', 'busy: 5h', 'centre.yaml:24:18 out-of-range'],
    ['centre.yaml', 'callsPerSecond: 100', 'callsPerSecond: 0', 'centre.yaml:27:19 out-of-range'],
    ['centre.yaml', 'calls: 30', 'calls: 30, except: ["400 600"]', 'centre.yaml:28:36 bad-number'],
    ['centre.yaml', 'treatment: congestion ', 'treatment: congested ', 'centre.yaml:29:14 unknown-word "congestion"'],
    ['centre.yaml', 'onFailure: go-on', 'onFailure: no-calls', 'centre.yaml:31:25 unknown-word "no-call"'],
    ['centre.yaml', 'id: demo', 'id: demo\norder: { ageing: -30s }', 'centre.yaml:3:18 bad-duration'],
    ['centre.yaml', 'id: demo', 'id: demo\norder: { acrossQueues: longest }', 'centre.yaml:3:24 unknown-word'],
    ['centre.yaml', 'Lunch', '', 'centre.yaml:14:20 missing'],
    ['centre.yaml', 'en: Lunch }', '}', 'centre.yaml:14:3 missing'],
  ],
  'queues.yaml': [
    ['queues.yaml', 'needs: billing >= 3', 'needs: biling >= 3', 'queues.yaml:4:10 unknown-skill "billing"'],
    ['queues.yaml', '|| lang_en >= 1)', '|| lang_en >= 1', 'queues.yaml:4:54 bad-condition'],
    ['queues.yaml', 'billing >= 3 &&', 'billing >= 3 and', 'queues.yaml:4:23 bad-condition'],
    ['queues.yaml', 'billing >= 3', 'billing >= 30', 'queues.yaml:4:21 bad-level'],
    ['queues.yaml', 'faults >= 1', 'faults + 1', 'queues.yaml:12:10 bad-needs'],
    ['queues.yaml', 'after: 2m, to: general', 'after: 2m, to: genral', 'queues.yaml:16:30 unknown-queue "general"'],
    ['queues.yaml', 'maxWaiting: 200', 'overflow: { after: 1m, to: billing }', 'queues.yaml:8:30 overflow-circle'],
    ['queues.yaml', 'maxWaiting: 200', 'replaces: [old, billing]', 'queues.yaml:24:19 replaces-existing'],
    ['queues.yaml', 'maxWaiting: 200', 'replaces: [old, old]', 'queues.yaml:24:19 replaced-twice'],
    ['queues.yaml', 'maxWaiting: 200', 'escalation: expert', 'queues.yaml:24:15 unknown-queue'],
    ['queues.yaml', 'maxWaiting: 200', 'escalation: general', 'queues.yaml:24:15 escalation-circle'],
    ['queues.yaml', 'maxWaiting: 200', 'sticky: { within: 7d, wait: 30 }', 'queues.yaml:24:31 bad-duration'],
    ['queues.yaml', 'maxWaiting: 200', 'maxWaiting: many', 'queues.yaml:24:15 wrong-type'],
    ['queues.yaml', 'maxWaiting: 200', 'maxWaiting: 0', 'queues.yaml:24:15 out-of-range'],
    ['queues.yaml', 'maxWaiting: 200', 'maxwaiting: 200', 'queues.yaml:24:3 unknown-field "maxWaiting"'],
    ['queues.yaml', 'maxWaiting: 200', 'whileWaiting: { comfort: { prompts: [welcom] } }', 'queues.yaml:24:40 unknown-prompt "welcome"'],
    ['queues.yaml', 'maxWaiting: 200', 'whileWaiting: { apology: { prompt: all-bussy } }', 'queues.yaml:24:38 unknown-prompt "all-busy"'],
    ['queues.yaml', 'maxWaiting: 200', 'whileWaiting: { place: { every: 1s } }', 'queues.yaml:24:35 out-of-range'],
    ['queues.yaml', 'maxWaiting: 200', 'whileWaiting: { place: { position: maybe } }', 'queues.yaml:24:38 unknown-word'],
    ['queues.yaml', 'maxWaiting: 200', 'divert: { estimatedWait: 5 }', 'queues.yaml:24:28 bad-duration'],
    ['queues.yaml', 'maxWaiting: 200', 'divert: { callersPerAgent: 0 }', 'queues.yaml:24:30 out-of-range'],
    ['queues.yaml', 'maxWaiting: 200', 'divert: { callerPerAgent: 2 }', 'queues.yaml:24:13 unknown-field "callersPerAgent"'],
    ['queues.yaml', 'maxWaiting: 200', 'callback: { trunk: carier, allow: [1] }', 'queues.yaml:24:22 unknown-trunk'],
    ['queues.yaml', 'maxWaiting: 200', 'callback: { key: 9 }', 'queues.yaml:24:3 missing'],
    ['queues.yaml', 'maxWaiting: 200', 'callback: { allow: ["1x"] }', 'queues.yaml:24:23 bad-number'],
    ['queues.yaml', 'maxWaiting: 200', 'callback: { allow: [1], key: "#" }', 'queues.yaml:24:32 unknown-word'],
    ['queues.yaml', 'maxWaiting: 200', 'callback: { allow: [1], tries: 0 }', 'queues.yaml:24:34 out-of-range'],
    ['queues.yaml', 'maxWaiting: 200', 'callback: { allow: [1], again: { busy: 1s } }', 'queues.yaml:24:42 out-of-range'],
    ['queues.yaml', 'maxWaiting: 200', 'redial: 2h', 'queues.yaml:24:11 out-of-range'],
    ['queues.yaml', 'maxWaiting: 200', 'maxWait: 0s', 'queues.yaml:24:12 out-of-range'],
    ['queues.yaml', 'maxWaiting: 200', 'empty: { joining: [ofline] }', 'queues.yaml:24:22 unknown-word "offline"'],
    ['queues.yaml', 'maxWaiting: 200', 'empty: { leaving: [offline] }', 'queues.yaml:24:12 unknown-field'],
    ['queues.yaml', 'maxWaiting: 200', 'hours: ofice', 'queues.yaml:24:10 unknown-calendar "office"'],
    ['queues.yaml', 'maxWaiting: 200', 'hours: office\n  atClosing: leaves', 'queues.yaml:25:14 unknown-word "leave"'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, needs: trainee }', 'flows/hotline.yaml:16:35 nobody-can'],
    ['queues.yaml', 'maxWaiting: 200', 'maxWaiting: 200\nnight:\n  name: { zh: 夜间组, en: Night }', 'queues.yaml:25:1 nobody-serves'],
    ['queues.yaml', 'ring: 20s', 'ring: 20sec', 'queues.yaml:21:9 bad-duration'],
    ['queues.yaml', 'time: 40s, mode: time-boxed', 'time: 40s, mode: time-box', 'queues.yaml:14:30 unknown-word "time-boxed"'],
    ['queues.yaml', 'maxWaiting: 200', 'record: allways', 'queues.yaml:24:11 unknown-word "always"'],
    ['queues.yaml', 'needs: faults >= 1', 'needs: faults >= 9', 'queues.yaml:12:10 nobody-can'],
    ['queues.yaml', 'needs: billing >= 3', 'relax: [{ after: 30s, needs: biling >= 1 }]\n  needs: billing >= 3', 'queues.yaml:4:32 unknown-skill "billing"'],
    ['queues.yaml', 'needs: billing >= 3', 'relax: [{ after: 30s, needs: billing >= 11 }]\n  needs: billing >= 3', 'queues.yaml:4:43 bad-level'],
    ['queues.yaml', 'needs: billing >= 3', 'relax: [{ after: -30s, needs: billing >= 1 }]\n  needs: billing >= 3', 'queues.yaml:4:20 bad-duration'],
    ['queues.yaml', 'needs: billing >= 3', 'relax: [{ after: 3m, needs: billing >= 1 }]\n  needs: billing >= 3', 'queues.yaml:4:20 never-reached'],
    ['queues.yaml', 'needs: faults >= 1 && !trainee', 'needs: faults >= 1 && !trainee\n  relax: [{ after: 20s, needs: faults >= 1 }, { after: 20s, needs: "true" }]', 'queues.yaml:13:56 not-later'],
    ['queues.yaml', 'needs: faults >= 1 && !trainee', 'needs: faults >= 1 && !trainee\n  relax: [{ after: 20s, needs: "faults >= 1 || faults >= 5" }, { after: 30s, needs: faults }]', 'queues.yaml:13:85 not-wider'],
    ['queues.yaml', 'needs: faults >= 1 && !trainee', 'needs: faults >= 1 && !trainee\n  relax: [{ after: 20s, needs: faults >= 5 }]', 'queues.yaml:13:32 not-wider'],
    ['queues.yaml', 'needs: faults >= 1', 'needs: faults >= caller.acount', 'queues.yaml:12:10 unknown-variable "account"'],
    ['queues.yaml', 'needs: faults >= 1', 'needs: faults >= callers.account', 'queues.yaml:12:10 bad-needs'],
    ['queues.yaml', 'maxWaiting: 200', 'levelWait: 20s', 'queues.yaml:24:14 not-wider'],
    ['queues.yaml', 'maxWaiting: 200', 'strategy: longest-idel', 'queues.yaml:24:13 unknown-word "longest-idle"'],
    ['queues.yaml', 'maxWaiting: 200', 'strategy: leastrecent', 'queues.yaml:24:13 unknown-word'],
    ['queues.yaml', 'maxWaiting: 200', 'ringAtOnce: 3', 'queues.yaml:24:15 ring-at-once-unused'],
    ['queues.yaml', 'needs: faults', 'needs: { all: faults', 'queues.yaml:13:3 yaml-syntax'],
  ],
  'agents.yaml': [
    ['agents.yaml', '1002:', '1001:', 'agents.yaml:8:1 duplicate-key'],
    ['agents.yaml', '1002:', '10:', 'agents.yaml:8:1 bad-agent'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: [billing, fault, general]', 'agents.yaml:11:21 unknown-queue "faults"'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: [billing, billing]', 'agents.yaml:11:21 duplicate'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: { billing: 1, fault: 2 }', 'agents.yaml:11:25 unknown-queue "faults"'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: { billing: 0 }', 'agents.yaml:11:22 out-of-range'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: { billing: high }', 'agents.yaml:11:22 wrong-type'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: { billing: { level: 2, positon: 3 } }', 'agents.yaml:11:34 unknown-field "position"'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: billing', 'agents.yaml:11:11 wrong-type'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: [billing, [faults]]', 'agents.yaml:11:21 wrong-type'],
    ['agents.yaml', 'queues: [billing, faults, general]', 'queues: { billing: { weight: 0 }, general: 2 }', 'agents.yaml:11:32 out-of-range'],
    ['agents.yaml', 'skills: { billing: 5, lang_zh: 5 }', 'mobile: { number: 13800001234, trunk: nobody }', 'agents.yaml:6:41 unknown-trunk'],
    ['agents.yaml', 'skills: { billing: 5, lang_zh: 5 }', 'mobile: { number: 138-0000 }', 'agents.yaml:6:21 bad-number'],
    ['agents.yaml', 'skills: { billing: 5, lang_zh: 5 }', 'mobile: { number: 13800001234 }\n  autoAnswer: true', 'agents.yaml:7:15 auto-answer-mobile'],
    ['agents.yaml', 'lang_en: 2', 'lang_en: 12', 'agents.yaml:12:57 out-of-range'],
    ['agents.yaml', 'lang_en: 2', 'lang-en: 2', 'agents.yaml:12:48 bad-name'],
    ['agents.yaml', 'skills: { billing: 5, lang_zh: 5 }', 'wrapUp: { mode: time-boxed-no-exit }', 'agents.yaml:6:19 unknown-word "time-boxed-no-early-exit"'],
    ['centre.yaml', 'en: Lunch }', 'en: Lunch, longest: 45 }', 'centre.yaml:14:40 bad-duration'],
    ['centre.yaml', 'en: Lunch }', 'en: Lunch, atonce: 2 }', 'centre.yaml:14:31 unknown-field "atOnce"'],
    ['centre.yaml', 'unreachable: 30s', 'noAnswer: 0s', 'centre.yaml:24:32 out-of-range'],
    ['agents.yaml', 'role: supervisor', 'role: superviser', 'agents.yaml:34:9 unknown-word "supervisor"'],
    ['agents.yaml', 'name: { zh: 赵丽, en: Zhao Li }', 'name: 赵丽', 'agents.yaml:33:9 wrong-type'],
  ],
  'hours.yaml': [
    ['hours.yaml', 'mon-fri: 09:00-18:00', 'mon-fir: 09:00-18:00', 'hours.yaml:7:5 unknown-word "fri"'],
    ['hours.yaml', 'mon-fri: 09:00-18:00', 'mon-fri: 18:00-09:00', 'hours.yaml:7:14 bad-hours'],
    ['hours.yaml', 'mon-fri: 09:00-18:00', 'mon-fri: 9 to 6', 'hours.yaml:7:14 bad-hours'],
    ['hours.yaml', 'mon-fri: 09:00-18:00', 'mon-sat: 09:00-18:00', 'hours.yaml:8:5 duplicate'],
    ['hours.yaml', '2026-12-31: 09:00', '2026-13-31: 09:00', 'hours.yaml:11:5 bad-date'],
    ['hours.yaml', 'chineseHolidays: true', 'chineseHolidays: yes', 'hours.yaml:9:20 wrong-type'],
  ],
  'prompts.yaml': [
    ['prompts.yaml', 'zh: 没有收到您的选择。', 'zh: { file: prompts/none.wav }', 'prompts.yaml:9:15 no-file'],
    ['prompts.yaml', 'zh: 没有收到您的选择。', 'zh: { file: ../../etc/passwd }', 'prompts.yaml:9:15 outside'],
    ['prompts.yaml', 'zh: 没有收到您的选择。', 'zh: { file: centre.yaml }', 'prompts.yaml:9:15 not-wav'],
    ['prompts.yaml', '  en: We did not receive your choice.\n', '', 'prompts.yaml:8:1 missing'],
    ['prompts.yaml', 'no-key:', 'No key:', 'prompts.yaml:8:1 bad-name', 'flows/hotline.yaml:13:42 unknown-prompt "No key"'],
  ],
  'flows: names': [
    ['flows/hotline.yaml', 'start: welcome', 'start: welcom', 'flows/hotline.yaml:2:8 unknown-node "welcome"'],
    ['flows/hotline.yaml', 'next: hours', 'next: hour', 'flows/hotline.yaml:4:35 unknown-node "hours"'],
    ['flows/hotline.yaml', 'play: welcome', 'play: wellcome', 'flows/hotline.yaml:4:20 unknown-prompt "welcome"'],
    ['flows/hotline.yaml', 'queue: general', 'queue: genral', 'flows/hotline.yaml:17:46 unknown-queue "general"'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, needs: fautls >= 2 }', 'flows/hotline.yaml:16:35 unknown-skill "faults"'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, needs: faults >= caller.x }', 'flows/hotline.yaml:16:35 unknown-variable'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, needs: faults >= 6 }', 'flows/hotline.yaml:16:35 nobody-can'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, needs: faults >= 4, relax: [{ after: 5s, needs: faults >= 4 }] }', 'flows/hotline.yaml:16:76 not-wider'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, relax: [{ after: 5s, needs: faults >= 4 }] }', 'flows/hotline.yaml:16:35 nothing-to-relax', 'flows/hotline.yaml:16:56 not-wider'],
    ['flows/hotline.yaml', 'calendar: always', 'calendar: alway', 'flows/hotline.yaml:5:30 unknown-calendar "always"'],
    ['flows/hotline.yaml', '9: menu', '9: meun', 'flows/hotline.yaml:11:10 unknown-node "menu"'],
    ['flows/hotline.yaml', '9: menu', 'x: menu', 'flows/hotline.yaml:11:7 unknown-key'],
    ['flows/hotline.yaml', '9: menu', '*: menu', 'flows/hotline.yaml:11:7 yaml-syntax'],
    ['flows/hotline.yaml', 'say: no-key, then: operator', 'say: no-key, then: operater', 'flows/hotline.yaml:13:56 unknown-node "operator"'],
    ['flows/self-service.yaml', 'transfer: 2001', 'transfer: 2002', 'flows/self-service.yaml:36:24 unknown-agent "1002"'],
    ['flows/self-service.yaml', 'transfer: 2001', 'transfer: "021 5555"', 'flows/self-service.yaml:36:24 bad-number'],
    ['flows/self-service.yaml', 'transfer: 2001', 'transfer: 01088886666, trunk: carrier', 'flows/self-service.yaml:36:44 unknown-trunk'],
    ['flows/self-service.yaml', 'data.account', 'data.acount', 'flows/self-service.yaml:26:21 unknown-variable "account"'],
    ['flows/self-service.yaml', 'language == "en"', 'lang == "en"', 'flows/self-service.yaml:40:16 unknown-variable'],
    ['flows/self-service.yaml', 'now.hour < 21', 'now.hours < 21', 'flows/self-service.yaml:40:57 unknown-variable "hour"'],
    ['flows/self-service.yaml', 'now.hour < 21', 'now.hour < "21"', 'flows/self-service.yaml:40:53 bad-condition'],
    ['flows/self-service.yaml', `'language == "en" && now.hour >= 9 && now.hour < 21'`, 'now.hour', 'flows/self-service.yaml:40:15 bad-condition'],
  ],
  'flows: shape': [
    ['flows/hotline.yaml', 'closed: { hangup: true, say: goodbye }', 'closed: { hungup: true, say: goodbye }', 'flows/hotline.yaml:18:13 unknown-node-kind "hangup"'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, play: welcome }', 'flows/hotline.yaml:16:13 two-kinds'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: faults', 'flows/hotline.yaml:16:11 wrong-type'],
    ['flows/hotline.yaml', 'after: 5s, tries: 3, say: no-key', 'after: 5, tries: 0, say: no-key', 'flows/hotline.yaml:13:23 bad-duration', 'flows/hotline.yaml:13:33 out-of-range'],
    ['flows/hotline.yaml', ', then: operator }\n    invalid: { say', ' }\n    invalid: { say', 'flows/hotline.yaml:13:5 missing'],
    ['flows/self-service.yaml', 'digits: { min: 6, max: 6 }', 'digits: { min: 6, max: 4 }', 'flows/self-service.yaml:21:28 out-of-range'],
    ['flows/self-service.yaml', 'into: pin', 'into: the pin', 'flows/self-service.yaml:19:11 bad-name'],
  ],
  'flows: ways': [
    ['flows/hotline.yaml', 'operator: { play: to-agent, next: { queue: general, priority: 10 } }', 'operator: { play: to-agent, next: operator }', 'flows/hotline.yaml:17:37 endless-loop'],
    ['flows/hotline.yaml', 'open: menu', 'open: welcome', 'flows/hotline.yaml:5:44 endless-loop', 'flows/hotline.yaml:6:3 unreachable', 'flows/hotline.yaml:15:3 unreachable', 'flows/hotline.yaml:16:3 unreachable', 'flows/hotline.yaml:17:3 unreachable'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, keys: { x: menu } }', 'flows/hotline.yaml:16:36 unknown-key'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, waited: menus }', 'flows/hotline.yaml:16:36 unknown-node "menu"'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, empty: faults }', 'flows/hotline.yaml:16:35 endless-loop'],
    ['flows/hotline.yaml', 'faults: { queue: faults }', 'faults: { queue: faults, full: faults }', 'flows/hotline.yaml:16:34 endless-loop'],
    ['flows/hotline.yaml', '2: faults', '2: billing', 'flows/hotline.yaml:16:3 unreachable'],
  ],
};

for (const [group, cases] of Object.entries(rows)) {
  describe(group, () => {
    for (const [file, from, to, ...found] of cases) {
      test(`${from.trim()} → ${to.trim() || 'nothing'}`, () => {
        const problems = problemsOf({ [file]: sampleFile(file, from, to) });
        expect(problems.map(brief).sort()).toEqual([...found].sort());
        for (const { text, hint } of problems) {
          expect(text.zh).toMatch(/\p{Script=Han}/u);
          expect(text.en).not.toMatch(/\p{Script=Han}/u);
          if (hint) expect([hint.zh, hint.en].every((said) => said.length > 0)).toBe(true);
        }
      });
    }
  });
}

test('a queue that keeps hours in which it is never open is refused', () => {
  const changes = { 'hours.yaml': sampleFile('hours.yaml', 'office:\n', 'never:\n  week: { mon: closed }\n  days: { 2026-12-31: closed }\noffice:\n'), 'queues.yaml': sampleFile('queues.yaml', 'maxWaiting: 200', 'hours: never') };
  expect(problemsOf(changes).map(brief)).toEqual(['queues.yaml:24:10 never-open']);
});

test('a queue that nobody serves is good where its callers are led on', () => {
  for (const out of ['overflow: { after: 1m, to: general }', 'maxWait: 1m', 'empty: { joining: [offline] }']) {
    expect(problemsOf({ 'queues.yaml': sampleFile('queues.yaml', 'maxWaiting: 200', `maxWaiting: 200\nnight:\n  name: { zh: 夜间组, en: Night }\n  ${out}`) })).toEqual([]);
  }
});
