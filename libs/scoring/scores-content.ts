import type { EntityManager } from '@mikro-orm/postgresql';
import type { ContentKind } from '../content/content-kind.js';
import { latestDocument } from '../content/publications.js';
import { readShaped } from '../content/source.js';
import { Problem } from '../platform/problem.js';
import { parseScoreDeclaration, scoreDeclaration, type ScoreDeclaration } from './declaration.js';
import type { ScoreName } from './kinds/table.js';

const path = /^scores\/[^/]+\.yaml$/;
const pathOf = (kind: ScoreName): string => `scores/${kind}.yaml`;

/** What each score is trained from: `scores/<kind>.yaml`. */
export const scoresContent: ContentKind<ReadonlyMap<ScoreName, ScoreDeclaration>> = {
  owns: (each) => path.test(each),
  compile: (documents, _using, report) => {
    const declared = new Map<ScoreName, ScoreDeclaration>();
    for (const [file, yaml] of documents) {
      const declaration = readShaped(file, yaml, scoreDeclaration, report);
      if (declaration === undefined) continue;
      if (file !== pathOf(declaration.score))
        report({ file, field: 'score', what: `is ${declaration.score}, which is declared in ${pathOf(declaration.score)}` });
      declared.set(declaration.score, declaration);
    }
    return declared;
  },
};

/** The declaration that is published for a kind. @throws Problem not-found if there is none */
export async function publishedDeclaration(em: EntityManager, kind: ScoreName): Promise<ScoreDeclaration> {
  const yaml = await latestDocument(em, pathOf(kind));
  if (yaml === undefined) {
    throw new Problem('not-found', `The score ${kind} is not declared`, [], `Declare it in config/${pathOf(kind)}, and publish that.`);
  }
  return parseScoreDeclaration(yaml);
}
