import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { campaignsQuery } from '../api/queries.js';
import { signOut } from '../api/session.js';
import { rooms } from '../rooms.js';
import css from './Shell.module.css';

export function Nav() {
  const client = useQueryClient();
  const campaigns = useQuery({ ...campaignsQuery, refetchInterval: 10_000 }).data?.items.length;
  const path = useLocation({ select: (location) => location.pathname });
  const leave = (): void => {
    void signOut().then(() => {
      client.clear();
    });
  };
  return (
    <nav className={css.nav} aria-label="Rooms">
      <Link to="/campaigns" className={css.brand}>
        Perennial
      </Link>
      {rooms.map((room) => (
        <Link key={room.to} to={room.to} className={css.room} data-here={room.within.some((start) => path.startsWith(start)) || undefined}>
          {room.title} <i>{campaigns}</i>
        </Link>
      ))}
      <div className={css.end}>
        <SchemeButton />
        <button type="button" className={css.quiet} onClick={leave}>
          Sign out
        </button>
      </div>
    </nav>
  );
}

const nextScheme: Record<MantineColorScheme, MantineColorScheme> = { auto: 'light', light: 'dark', dark: 'auto' };
const schemeName: Record<MantineColorScheme, string> = { auto: 'as the system', light: 'light', dark: 'dark' };

function SchemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <button type="button" className={css.quiet} onClick={() => setColorScheme(nextScheme[colorScheme])}>
      Colours: {schemeName[colorScheme]}
    </button>
  );
}
