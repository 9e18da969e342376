import { readFile } from 'node:fs/promises';
import { projectFile } from '../../../../libs/platform/project-file.js';
import type { Api } from './api.js';

/** Launches the project's campaign through the control API. @returns its id */
export async function launchCampaign(api: Api): Promise<string> {
  const source = await readFile(projectFile('config', 'campaigns', 'save-at-risk.yaml'), 'utf8');
  const { id } = await api.post<{ id: string }>('/v1/campaigns', { source });
  await api.post(`/v1/campaigns/${id}/launch`);
  return id;
}
