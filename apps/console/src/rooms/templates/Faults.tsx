import type { TemplateFault } from '../../api/types.js';
import { plural } from '../../format/words.js';
import css from './templates.module.css';

/** What the lint says of the files as they are now. */
export function Faults({ faults }: { readonly faults: readonly TemplateFault[] }) {
  if (faults.length === 0) return <p className={css.sound}>Checked: every file is complete, in every language.</p>;
  return (
    <div className={css.faults} role="status">
      <p>
        <b>{plural(faults.length, 'fault')} in the files.</b> No process starts with these; what runs goes on with what it loaded.
      </p>
      <ul>
        {faults.map(({ file, field, line, what }) => (
          <li key={`${file} ${String(line)} ${String(field)} ${what}`}>
            <code>
              {file}
              {line === null ? '' : `:${String(line)}`}
            </code>{' '}
            {field === null ? '' : `${field}: `}
            {what}
          </li>
        ))}
      </ul>
    </div>
  );
}
