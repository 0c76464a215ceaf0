/** What states of jobs and mails mean to who looks after the studio. */
import type { Schemas } from '../../core/requests';

export type Now = Schemas['OperationsNow'];
export type Job = Schemas['JobLine'];
export type Mail = Schemas['MailLine'];

export const jobStates = ['waiting', 'blocked', 'running', 'done', 'cancelled', 'dead'] as const;
export const mailStates = ['waiting', 'sent', 'caught', 'failed'] as const;

export const tones: Record<string, string> = {
  waiting: 'info', blocked: 'warn', running: 'accent', done: 'good', cancelled: 'quiet', dead: 'bad', sent: 'good', caught: 'good', failed: 'bad',
};

/** How many jobs are in a state, of all queues. */
export function counted(now: Now, state: string): number {
  return now.jobs.filter((each) => each.state === state).reduce((sum, each) => sum + each.count, 0);
}

/** The queues with what is in each, by state. */
export function queuesOf(now: Now): { queue: string; counts: Record<string, number> }[] {
  const queues = new Map<string, Record<string, number>>();
  for (const { queue, state, count } of now.jobs) queues.set(queue, { ...queues.get(queue), [state]: count });
  return [...queues].map(([queue, counts]) => ({ queue, counts }));
}

/** Tried again by hand: what waits, was given up or cancelled. Taken back: what isn't over. */
export const mayRetry = (state: string): boolean => state === 'dead' || state === 'cancelled' || state === 'waiting';
export const mayCancel = (state: string): boolean => state === 'waiting' || state === 'blocked' || state === 'running';

/** A text in pieces: addresses of the web by themselves, so that they can be followed. */
export function linked(text: string): { text: string; href: string }[] {
  return text.split(/(https?:\/\/[^\s<>"]+)/).filter(Boolean).map((part) => ({ text: part, href: /^https?:\/\//.test(part) ? part : '' }));
}
