import { asProblem, type Problem } from '../core/problem';
import { focusProblem } from './form';

/** What a form of few fields does: send once, show the problem where it is, remember that it went well. */
export class Sending {
  busy = $state(false);
  done = $state(false);
  problem = $state.raw<Problem | null>(null);
  form = $state<HTMLFormElement>();

  errors(field: string): string[] | undefined {
    return this.problem?.errors[field];
  }

  /** For `onsubmit`. */
  by = (work: () => Promise<unknown>) => async (event: SubmitEvent) => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await work();
      this.done = true;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      focusProblem(this.form, this.problem);
    } finally {
      this.busy = false;
    }
  };
}
