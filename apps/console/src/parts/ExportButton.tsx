import { Button } from '@mantine/core';

/** Downloads the rows of a list as a file, with the same filter. */
export function ExportButton({ href }: { readonly href: string }) {
  return (
    <Button component="a" href={href} download variant="default">
      Export CSV
    </Button>
  );
}
