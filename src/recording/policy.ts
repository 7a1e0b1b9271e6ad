import type { QueueConfig } from '../config/centre-config.ts';

/** Whether the talks of a queue are recorded. */
export function isRecorded({ record }: Pick<QueueConfig, 'record'>): boolean {
  return answers[record];
}

const answers: Record<QueueConfig['record'], boolean> = { always: true, never: false };
