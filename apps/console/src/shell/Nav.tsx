import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { signOut } from '../api/session.js';
import { useSignedIn } from '../api/signed-in.js';
import { sections } from '../navigation.js';
import css from './Shell.module.css';

export function Nav() {
  const client = useQueryClient();
  const leave = (): void => {
    void signOut().then(() => {
      client.clear();
    });
  };
  return (
    <nav className={css.nav} aria-label="Sections">
      <Link to="/campaigns" className={css.brand}>
        Perennial
      </Link>
      {sections.map((section) => (
        <SectionLink key={section.to} section={section} />
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

function SectionLink({ section }: { readonly section: (typeof sections)[number] }) {
  const path = useLocation({ select: (location) => location.pathname });
  const signedIn = useSignedIn();
  return (
    <Link to={section.to} className={css.section} data-here={section.within.some((start) => path.startsWith(start)) || undefined}>
      {section.title} {signedIn && 'useCount' in section && <SectionCount useCount={section.useCount} />}
    </Link>
  );
}

function SectionCount({ useCount }: { readonly useCount: () => number | undefined }) {
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
