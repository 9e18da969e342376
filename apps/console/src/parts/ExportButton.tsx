import { Button } from '@mantine/core';

/** Takes the rows of a list away as a file, narrowed as the list is. */
export function ExportButton({ href }: { readonly href: string }) {
  return (
    <Button component="a" href={href} download variant="default">
      Export CSV
    </Button>
  );
}
