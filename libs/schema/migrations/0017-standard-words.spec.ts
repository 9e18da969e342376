import { createTestDatabase, migrateOnlyTo } from '../../../test/harness/database.js';
import { digestOf } from '../../content/documents.js';
import { query, queryOne } from '../../persistence/sql.js';
import { renamedDefinition, renamedDocument, renamedRule } from './0017-renamed-status.js';

describe('a rule after the migration to standard words', () => {
  it.each([
    ['customer.status == "left"', 'customer.status == "churned"'],
    [`customer.status != 'left'`, `customer.status != 'churned'`],
    ['customer.status=="left"', 'customer.status=="churned"'],
    ['customer . status   ==\n  "left"', 'customer . status   ==\n  "churned"'],
    ['"left" == customer.status', '"churned" == customer.status'],
    ['customer["status"] == "left"', 'customer["status"] == "churned"'],
    ['(customer.status) == ("left")', '(customer.status) == ("churned")'],
    ['customer.status in ["left"]', 'customer.status in ["churned"]'],
    [`customer.status in ["renewed", 'left', "left"]`, `customer.status in ["renewed", 'churned', "churned"]`],
    ['!(customer.tenure > 3 && (customer.status == "left" || true))', '!(customer.tenure > 3 && (customer.status == "churned" || true))'],
    ['customer.status == "left" // who left', 'customer.status == "churned" // who left'],
    ['customer.status == r"left" || customer.status == """left"""', 'customer.status == r"churned" || customer.status == """churned"""'],
    ['customer.status.startsWith("left")', 'customer.status.startsWith("churned")'],
    ['customer.status == "left" && customer.side == "left"', 'customer.status == "churned" && customer.side == "left"'],
  ])('%s becomes %s', (before, after) => {
    expect(renamedRule(before)).toBe(after);
  });

  it.each([
    'customer.side == "left"',
    'customer.side in ["left", "right"]',
    'score.status == "left"',
    'other.customer.status == "left"',
    'customer.status == "left-behind" || customer.status == "has left"',
    'customer.plan == "customer.status == left"',
    'customer.status == "active" // not "left"',
    'customer.status == left',
    'customer.status == "left" &&',
    '',
  ])('%s stays as it is', (rule) => {
    expect(renamedRule(rule)).toBe(rule);
  });
});

describe('a document after the migration to standard words', () => {
  it.each([
    ['exit: left', 'exit: churned'],
    ['exit: "left"', 'exit: "churned"'],
    [`exit:   'left'   # left alone`, `exit:   'churned'   # left alone`],
    ['journey: [ { exit: left }, { exit: saved } ]', 'journey: [ { exit: churned }, { exit: saved } ]'],
    ['{"journey":[{"exit":"left"}]}', '{"journey":[{"exit":"churned"}]}'],
    [`goal: customer.status == 'left'`, `goal: customer.status == 'churned'`],
    [`goal: 'customer.status == "left"'`, `goal: 'customer.status == "churned"'`],
    [`goal: 'customer.status == ''left'''`, `goal: 'customer.status == ''churned'''`],
    ['goal: "customer.status == \\"left\\""', 'goal: "customer.status == \\"churned\\""'],
    ['audience: customer.status in ["left", "renewed"]', 'audience: customer.status in ["churned", "renewed"]'],
    [`eligible: '"left" != customer.status'`, `eligible: '"churned" != customer.status'`],
    [
      'goal: > # who left\n  customer.side == "left" &&\n  customer.status == "left"\ntitle: Left\n',
      'goal: > # who left\n  customer.side == "left" &&\n  customer.status == "churned"\ntitle: Left\n',
    ],
    ['goal: |\n  customer.status\n    == "left"\n', 'goal: |\n  customer.status\n    == "churned"\n'],
    ['goal: customer.tenure > 1 ||\n  customer.status == "left"\n', 'goal: customer.tenure > 1 ||\n  customer.status == "churned"\n'],
    ['audience: &gone customer.status == "left"\ngoal: *gone\n', 'audience: &gone customer.status == "churned"\ngoal: *gone\n'],
    [
      `journey:
  # left and right
  - branch: { left: customer.side == "left", 'gone': 'customer.status == "left"' }
    left: { assess: customer.status != "left" }
    gone:
      - await: { answer_within: 4 days }
        otherwise: [ { exit: left } ]
`,
      `journey:
  # left and right
  - branch: { left: customer.side == "left", 'gone': 'customer.status == "churned"' }
    left: { assess: customer.status != "churned" }
    gone:
      - await: { answer_within: 4 days }
        otherwise: [ { exit: churned } ]
`,
    ],
  ])('%j becomes %j', (before, after) => {
    expect(renamedDocument(before)).toBe(after);
  });

  it.each([
    'exit: left-behind',
    'exit: was left',
    'title: left',
    'title: customer.status == "left"',
    'send: { template: left, channel: email }',
    '# goal: customer.status == "left"\ngoal: customer.tenure > 3',
    'goal: [ customer.status == "left"',
    'exit: [ left ]',
    'eligible: "left" != customer.status',
    'id: left\nleft: { goto: left }',
  ])('%j stays as it is', (yaml) => {
    expect(renamedDocument(yaml)).toBe(yaml);
  });
});

it('a stored definition after the migration has the new name in its rules and exits, and keeps the names of its branches', () => {
  const definition = (status: string) => ({
    title: 'left',
    goal: `customer.status in ["${status}"]`,
    audience: `"${status}" != customer.status`,
    journey: {
      first: 'left',
      steps: {
        left: { id: 'left', kind: 'assess', spec: { rule: `customer.status == '${status}'` }, ways: { next: 'branch' } },
        branch: {
          id: 'branch',
          kind: 'branch',
          spec: { rules: [{ label: 'left', rule: `customer.status == "${status}" && customer.side == "left"` }] },
          ways: { left: 'exit' },
        },
        send: { id: 'send', kind: 'offer', spec: { template: 'left', channel: 'email' }, ways: {} },
        exit: { id: 'exit', kind: 'exit', spec: { outcome: status }, ways: {} },
      },
    },
  });
  expect(renamedDefinition(definition('left'))).toEqual(definition('churned'));
  expect(renamedDefinition({ ...definition('active'), goal: null })).toEqual({ ...definition('active'), goal: null });
  expect(renamedDefinition({})).toEqual({});
});

describe('the migration to standard words', () => {
  it('renames states and outcomes, and the rules, campaigns and published texts that name them', async () => {
    const db = await createTestDatabase();
    try {
      const em = () => db.orm.em.fork();
      const bringUpToDate = await migrateOnlyTo(db, '0016-published-content');
      const treatment = (status: string) => ({ treatment: 'gift', eligible: `!(customer.status in ["${status}"])` });
      const treatmentText = (status: string) => `treatment: gift # left alone\neligible: '!(customer.status in ["${status}"])'\n`;
      const templateText = 'sms: "customer.status == left"\n';
      await query(
        em(),
        `with k as (
           insert into campaign (id, key, title, state, version, budget_cap, currency, created_at)
           values (gen_random_uuid(), 'old', 'Old', 'live', 1, 100, 'EUR', now()) returning id
         ), v as (
           insert into campaign_version (id, campaign_id, version, source, definition, treatments, created_at)
           select gen_random_uuid(), id, 1, $1, $2, jsonb_build_array($3::jsonb), now() from k returning id, campaign_id
         ), c as (
           insert into customer (id, external_id, locale, status, attributes, made, left_at, created_at, updated_at)
           select gen_random_uuid(), 'c' || n, 'en', case n when 1 then 'active' else 'left' end, '{}', '{}', case n when 2 then now() end, now(), now()
           from generate_series(1, 2) n returning id, status
         ), s as (
           insert into segment (id, name, rule, created_at) values (gen_random_uuid(), 'gone', '"left" != customer.status', now())
         ), t as (
           insert into treatment (key, definition, updated_at) values ('gift', $3::jsonb, now())
         ), e as (
           insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, outcome, created_at)
           select gen_random_uuid(), v.campaign_id, v.id, c.id, 'treated',
             case c.status when 'left' then 'closed' else 'held' end, case c.status when 'left' then 'left' end, now() from v, c
           returning id, campaign_id
         )
         insert into step_visit (enrolment_id, ordinal, campaign_id, step, entered_at, label)
         select e.id, n, e.campaign_id, 'branch', now(), 'left' from e, generate_series(1, 2) n`,
        [
          `goal: customer.status == 'left'\njourney: [ { exit: "left" } ] # left alone`,
          { goal: 'customer.status == "left"', journey: { steps: { end: { spec: { outcome: 'left' } } } } },
          JSON.stringify(treatment('left')),
        ],
      );
      await query(
        em(),
        `with d as (
           insert into content_document (digest, text) select * from unnest($1::text[], $2::text[])
         ), p as (
           insert into publication (version, author, published_at) select n, 'me', now() from generate_series(1, 2) n
         )
         insert into publication_document (publication, path, digest)
         select n, path, digest from generate_series(1, 2) n, unnest($3::text[], $1::text[]) as d (path, digest)`,
        [
          [digestOf(treatmentText('left')), digestOf(templateText)],
          [treatmentText('left'), templateText],
          ['treatments/gift.yaml', 'templates/old/en.yaml'],
        ],
      );
      await bringUpToDate();
      expect(
        await query(
          em(),
          `select c.status, c.churned_at is not null as "hasEnd", e.state, e.outcome,
                  (select array_agg(label order by ordinal) from step_visit where enrolment_id = e.id) as labels
           from enrolment e join customer c on c.id = e.customer_id order by c.external_id`,
        ),
      ).toEqual([
        { status: 'active', hasEnd: false, state: 'paused', outcome: null, labels: ['left', 'left'] },
        { status: 'churned', hasEnd: true, state: 'closed', outcome: 'churned', labels: ['left', 'churned'] },
      ]);
      expect(await queryOne(em(), 'select source, definition, treatments from campaign_version')).toEqual({
        source: `goal: customer.status == 'churned'\njourney: [ { exit: "churned" } ] # left alone`,
        definition: { goal: 'customer.status == "churned"', journey: { steps: { end: { spec: { outcome: 'churned' } } } } },
        treatments: [treatment('churned')],
      });
      expect(await queryOne(em(), 'select rule from segment')).toEqual({ rule: '"churned" != customer.status' });
      expect(await queryOne(em(), 'select definition from treatment')).toEqual({ definition: treatment('churned') });
      const published = await query<{ publication: number; path: string; digest: string; text: string }>(
        em(),
        'select * from publication_document natural join content_document order by publication, path desc',
      );
      expect(published).toEqual(
        [1, 2].flatMap((publication) => [
          { publication, path: 'treatments/gift.yaml', digest: digestOf(treatmentText('churned')), text: treatmentText('churned') },
          { publication, path: 'templates/old/en.yaml', digest: digestOf(templateText), text: templateText },
        ]),
      );
      expect(await query(em(), 'select digest from content_document')).toHaveLength(2);
    } finally {
      await db.close();
    }
  });
});
