/**
 * Questions about the past, answered beside the calls: to make a busy hour again takes seconds of computing, so each is
 * a thread of its own, one at a time.
 */
import { Worker } from 'node:worker_threads';
import type { AgentWhy, ContactWhy } from './why.ts';
import type { WhyAnswer, WhyQuestion, WhyTask } from './why-question.ts';

export interface Whys {
  /** Undefined for a contact that never was. Rejects with a WhyFailure. */
  ask(question: WhyQuestion): Promise<ContactWhy | AgentWhy | undefined>;
  /** What is asked now is not answered. */
  stop(): Promise<void>;
}

export class WhyFailure extends Error {
  readonly code: 'busy' | 'away' | 'too-long' | 'failed';

  constructor(code: WhyFailure['code'], detail: string = code) {
    super(detail);
    this.code = code;
  }
}

/** Who would have to wait behind so many is told to come again. */
const waitingMax = 3;
const longestMs = 60_000;
const megabytesMax = 1_024;

export function whys(task: () => Omit<WhyTask, 'question'>): Whys {
  let before: Promise<unknown> = Promise.resolve();
  let asked = 0;
  let stopped = false;
  const running = new Set<Worker>();

  const answered = (question: WhyQuestion): Promise<ContactWhy | AgentWhy | undefined> =>
    new Promise((resolve, reject) => {
      if (stopped) return reject(new WhyFailure('away'));
      const worker = new Worker(new URL('./why-worker.ts', import.meta.url), { workerData: { ...task(), question } satisfies WhyTask, resourceLimits: { maxOldGenerationSizeMb: megabytesMax } });
      running.add(worker);
      const timer = setTimeout(() => {
        reject(new WhyFailure('too-long'));
        void worker.terminate();
      }, longestMs);
      worker.on('message', (answer: WhyAnswer) => (answer.ok ? resolve(answer.why) : reject(new WhyFailure(answer.passing ? 'away' : 'failed', answer.error))));
      // Out of its memory, or a bug: this thread goes on.
      worker.on('error', (error) => reject(new WhyFailure('failed', String(error))));
      worker.on('exit', () => {
        clearTimeout(timer);
        running.delete(worker);
        reject(new WhyFailure('away', 'the thread ended before its answer'));
      });
    });

  return {
    ask: (question) => {
      if (asked > waitingMax) return Promise.reject(new WhyFailure('busy'));
      asked += 1;
      const mine = before.then(() => answered(question)).finally(() => (asked -= 1));
      before = mine.catch(() => undefined);
      return mine;
    },
    stop: async () => {
      stopped = true;
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}
