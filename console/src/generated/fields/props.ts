import type { FieldMeta } from '../../core/meta';

/** What each input of a field gets; `value` is as the API has it, or as far as it was typed. */
export interface FieldProps {
  field: FieldMeta;
  value: unknown;
  id: string;
  described?: string | undefined;
  invalid?: true | undefined;
  /** What rows are called that the value names. */
  names?: Record<string, string>;
  /** The value before it was changed: some choices follow only from others. */
  before?: unknown;
}
