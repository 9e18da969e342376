import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from 'commander';
import { declareFromFile } from '../../../../../libs/ingestion/import/declare-from-file.js';
import { conflict } from '../../../../../libs/platform/problem.js';
import { declareFromCustomers } from '../../../../../libs/scoring/declare/declare-from-customers.js';
import { writeDeclaration } from '../../../../../libs/scoring/declare/write-declaration.js';
import { withProduct } from '../../running.js';
import { dataOf } from './named.js';

interface Options {
  readonly from?: string;
  readonly out?: string;
}

export const declare = (): Command =>
  new Command('declare')
    .description('draft the declaration of a score, for you to read and correct')
    .option('--from <file>', 'a file of customers (default: those who were imported)')
    .option('--out <file>', 'where the draft goes; it is shown where this is left out')
    .action(async ({ from, out }: Options, command: Command) => {
      const draft =
        from === undefined
          ? await withProduct(dataOf(command), ({ orm }) => declareFromCustomers(orm.em.fork()))
          : await declareFromFile({ path: from });
      const yaml = writeDeclaration(draft, from === undefined ? 'the customers who were imported' : basename(from));
      if (out === undefined) {
        process.stdout.write(yaml);
        return;
      }
      await writeNew(out, yaml);
      console.log(`Wrote ${out}. Read and correct it; then \`perennial scores train SCORE --declaration ${out}\` trains it.`);
    });

/** @throws Problem('conflict') where there is such a file: somebody may have corrected it */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw conflict(`${path} exists already`, 'Name another file, or remove this one.');
    throw error;
  }
}
