import { Button, PasswordInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../api/problem.js';
import { signIn } from '../api/session.js';
import css from './Shell.module.css';

/** Signing in: an API key becomes a session cookie. The requested page is shown afterwards. */
export function SignIn() {
  useDocumentTitle('Sign in · Perennial');
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const entry = useMutation({ mutationFn: signIn, onSuccess: () => client.resetQueries() });
  const refusal = entry.error ? asProblem(entry.error) : null;
  return (
    <main className={css.signIn}>
      <div className={css.signInCard}>
        <div>
          <p className={css.signInBrand}>
            <img src="/favicon.svg" width={28} height={28} alt="" />
            Perennial
          </p>
        </div>
        <div>
          <h1>Sign in</h1>
          <p className={css.lede}>Keep the customers you are about to lose, and see the result.</p>
        </div>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            entry.mutate(key.trim());
          }}
        >
          <PasswordInput
            label="API key"
            description="It is exchanged for a session in this browser and is not stored."
            autoComplete="current-password"
            autoFocus
            required
            withAsterisk={false}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={
              refusal ? [refusal.status === 401 ? 'This key is not known.' : refusal.title, refusal.remedy].filter(Boolean).join(' ') : null
            }
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the key', tabIndex: 0 }}
          />
          <Button type="submit" loading={entry.isPending}>
            Sign in
          </Button>
        </form>
        <p className={css.lede}>The demo prints an address that signs you in automatically.</p>
      </div>
    </main>
  );
}
