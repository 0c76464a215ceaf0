/** What is done to a row from wherever it is shown: the verbs that /meta names, and the way to the trash and back. */
import { messages } from '../core/i18n.svelte';
import type { ActionMeta, ModelEntry, Row } from '../core/meta';
import { submit, submitAndSay, type Submitted } from '../core/outbox';
import { meets } from './query';

const t = messages('verbs', { done: '{label}: {name}', trashed: '{name} is in the trash', deleted: '{name} is deleted' });

/** Whether a verb makes sense for a row and this person may do it; rights call it as the studio's code does. */
export function isOffered(action: ActionMeta, row: Row): boolean {
  return (!row.can || row.can.includes(action.name.replaceAll('-', '_'))) && meets(row, action.when);
}

/** Whether something is asked before: a question, or fields of its body. */
export function asksFirst(action: ActionMeta): boolean {
  return !!action.confirm || !!action.input?.length;
}

/** Does what needs no question; a refusal is said. */
export function act(entry: ModelEntry, action: ActionMeta, id: string, name: string): Promise<unknown> {
  return submitAndSay({ method: action.method, path: action.path.replace('{id}', id), body: {}, refresh: [entry.path], done: t.done({ label: action.label, name }) });
}

export function restoreRow(entry: ModelEntry, id: string): Promise<unknown> {
  return submit({ method: 'POST', path: `${entry.path}/${id}/restore`, body: {} });
}

/** Takes a row away; where the model has a trash it comes back by Undo. Throws the problem of a refusal. */
export function removeRow(entry: ModelEntry, id: string, name: string): Promise<Submitted<unknown>> {
  return submit({
    method: 'DELETE', path: `${entry.path}/${id}`, refresh: [entry.path], done: (entry.trash ? t.trashed : t.deleted)({ name }),
    ...(entry.trash ? { undo: () => restoreRow(entry, id) } : {}),
  });
}
