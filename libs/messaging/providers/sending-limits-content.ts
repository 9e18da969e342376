import type { ContentKind } from '../../content/content-kind.js';
import { readShaped } from '../../content/source.js';
import { sendingLimitsFile, type SendingLimits } from './sending-limits.js';

const path = 'sending-limits.yaml';

/** When sending slows down or stops automatically. */
export const sendingLimitsContent: ContentKind<SendingLimits | undefined> = {
  owns: (each) => each === path,
  compile: (documents, _using, report) => {
    const yaml = documents.get(path);
    if (yaml === undefined) report({ file: path, what: 'is missing; nothing is sent without it' });
    return yaml === undefined ? undefined : readShaped(path, yaml, sendingLimitsFile, report);
  },
};
