import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { tasksQuery, type TaskFilter } from '../../api/queries.js';
import { answerWord, taskCodes } from '../../format/words.js';
import { Filters } from '../../parts/Filters.js';
import { ListBody } from '../../parts/ListBody.js';
import { PageHead } from '../../parts/PageHead.js';
import { useSaid } from '../../parts/use-said.js';
import css from './desk.module.css';
import { TaskCard } from './TaskCard.js';

const route = getRouteApi('/desk');

/** The answers that no rule may decide, which a person reads. */
export function DeskPage() {
  const filter = route.useSearch();
  const navigate = useNavigate();
  const list = useInfiniteQuery(tasksQuery(filter));
  const { said, say } = useSaid();
  return (
    <>
      <PageHead
        title="Desk"
        sub="Tasks: answers that no rule may decide, the earliest due date first. You choose what the customer meant, and Perennial does the rest."
      />
      <Filters
        by={[
          { name: 'state', label: 'Tasks', any: 'Open', value: filter.state, choices: [{ value: 'closed', label: 'Closed' }] },
          {
            name: 'kind',
            label: 'Classified as',
            value: filter.kind,
            choices: taskCodes.map((value) => ({ value, label: answerWord(value).text })),
          },
        ]}
        set={(name, value) => void navigate({ to: '/desk', search: { ...filter, [name]: value }, replace: true })}
      />
      {said}
      <ListBody list={list} what="tasks" nobody={nobody(filter)} bare>
        {(rows) => (
          <ul className={css.tasks}>
            {rows.map((task) => (
              <li key={task.id}>
                <TaskCard task={task} closed={say} />
              </li>
            ))}
          </ul>
        )}
      </ListBody>
    </>
  );
}

function nobody({ state, kind }: TaskFilter): string {
  if (kind !== undefined) return 'There is no such task.';
  return state === 'closed' ? 'No task has been closed yet.' : 'No tasks: every answer was understood.';
}
