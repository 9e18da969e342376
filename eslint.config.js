import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', '.perennial', '**/*.config.js', '**/*.config.ts', '**/*.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  // Over everything at once this takes half the time of the project service.
  {
    languageOptions: {
      parserOptions: { project: ['tsconfig.json', 'apps/console/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  // Nest reads constructor parameter types at run time, which type-only imports would erase.
  { files: ['apps/{api,worker,dispatcher}/**'], rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  // MikroORM's own statements carry values in their text (docs/decisions/0010). Specs may arrange with them.
  {
    files: ['{libs,apps,activities}/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          'CallExpression > MemberExpression.callee[property.name=/^(native(Insert|Update|Delete)|(persist|remove)AndFlush|upsert(Many)?|find(One)?OrFail|findAndCount)$/]',
          'CallExpression > MemberExpression.callee[object.name=/^(em|tx)$/][property.name=/^(find|persist|insert|create|flush|count|remove|assign|populate|refresh)/]',
          'CallExpression > MemberExpression.callee[object.callee.property.name=/^(em|fork)$/][property.name=/^(find|persist|insert|create|flush|count|remove|assign|populate|refresh)/]',
        ].map((selector) => ({ selector, message: 'Use tables or query of libs/persistence: this would write values into the SQL text.' })),
      ],
    },
  },
  // A command line speaks on standard output; benches print tables.
  { files: ['apps/cli/**', 'bench/**'], rules: { 'no-console': 'off' } },
);
