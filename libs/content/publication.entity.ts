import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** An immutable set of documents that every process uses until the next publication. */
export const Publication = defineEntity({
  name: 'Publication',
  tableName: 'publication',
  properties: {
    /** 1, 2, 3 and so on. */
    version: p.integer().primary().autoincrement(false),
    /** Who published: the name of an API key or of a person, or `system`. */
    author: p.text(),
    note: p.text().nullable(),
    /** The version whose documents it restores; null if it is not a rollback. */
    restores: p.integer().nullable(),
    publishedAt: p.datetime(),
  },
});
export type Publication = InferEntity<typeof Publication>;

/** The text of a document, stored once for all publications that have it. */
export const ContentDocument = defineEntity({
  name: 'ContentDocument',
  tableName: 'content_document',
  properties: {
    /** SHA-256 of the text, in hexadecimal. */
    digest: p.text().primary(),
    text: p.text(),
  },
});

/** The text that a publication has at a path. */
export const PublicationDocument = defineEntity({
  name: 'PublicationDocument',
  tableName: 'publication_document',
  properties: {
    publication: p.manyToOne(Publication).mapToPk().fieldName('publication').primary(),
    path: p.text().primary(),
    digest: p.manyToOne(ContentDocument).mapToPk().fieldName('digest').index(),
  },
});
