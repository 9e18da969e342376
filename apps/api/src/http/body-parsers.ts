import express, { type RequestHandler } from 'express';

/** The most that a request of the control api may carry. */
export const bodyLimit = 1_048_576;

/** JSON, and a campaign's YAML as text. Other doors read their bodies themselves. */
export function bodyParsers(): RequestHandler[] {
  return [
    express.json({ limit: bodyLimit }),
    express.text({ limit: bodyLimit, type: ['text/yaml', 'text/x-yaml', 'application/yaml', 'application/x-yaml', 'text/plain'] }),
  ];
}
