import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { signOut } from '../api/session.js';
import { useSignedIn } from '../api/signed-in.js';
import { rooms } from '../rooms.js';
import css from './Shell.module.css';

export function Nav() {
  const client = useQueryClient();
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
        <RoomLink key={room.to} room={room} />
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

function RoomLink({ room }: { readonly room: (typeof rooms)[number] }) {
  const path = useLocation({ select: (location) => location.pathname });
  const signedIn = useSignedIn();
  return (
    <Link to={room.to} className={css.room} data-here={room.within.some((start) => path.startsWith(start)) || undefined}>
      {room.title} {signedIn && 'useCount' in room && <RoomCount useCount={room.useCount} />}
    </Link>
  );
}

function RoomCount({ useCount }: { readonly useCount: () => number | undefined }) {
  return <i>{useCount()}</i>;
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
