import { Link } from '@tanstack/react-router';

/** The link to the parent page within a campaign. */
export function Trail({
  campaign,
  title,
  enrolments = false,
}: {
  readonly campaign: string;
  readonly title: string;
  readonly enrolments?: boolean;
}) {
  return (
    <>
      <Link to="/campaigns">Campaigns</Link> ›{' '}
      <Link to="/campaigns/$campaign" params={{ campaign }}>
        {title}
      </Link>
      {enrolments && (
        <>
          {' '}
          ›{' '}
          <Link to="/campaigns/$campaign/enrolments" params={{ campaign }}>
            Enrolments
          </Link>
        </>
      )}
    </>
  );
}
