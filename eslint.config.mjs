import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// Which folder may import what: docs/architecture.md has the picture. The TypeScript projects refuse the same things;
// here each refusal says why.
const node = { group: ['node:*'], message: 'Pure code: it must run without Node.' };
const vscode = { group: ['vscode'], message: 'Only src/ui, src/app.ts and src/extension.ts know the editor.' };
const keytar = { group: ['keytar', 'keytar/*'], message: 'Only src/servers/keytarLoader.ts loads keytar.' };
const from = (folders, message) => ({
  group: folders.flatMap((folder) => [`**/${folder}`, `**/${folder}/**`]),
  message,
});

const layers = [
  {
    files: ['src/common/**'],
    patterns: [
      node,
      vscode,
      from(
        ['hypervisor', 'vsphere', 'servers', 'operations', 'simulator', 'ui'],
        'common is under everything and knows nothing above it.',
      ),
    ],
  },
  {
    files: ['src/hypervisor/**'],
    patterns: [
      node,
      vscode,
      from(
        ['vsphere', 'servers', 'operations', 'simulator', 'ui'],
        'The domain knows no protocol, storage or surface.',
      ),
    ],
  },
  {
    files: ['src/vsphere/vim/**'],
    patterns: [
      node,
      vscode,
      from(
        ['common', 'hypervisor', 'soap', 'servers', 'operations', 'simulator', 'ui'],
        'The schema of vim25 stands alone.',
      ),
    ],
  },
  {
    files: ['src/vsphere/soap/**'],
    patterns: [
      vscode,
      from(
        ['hypervisor', 'property', 'servers', 'operations', 'simulator', 'ui'],
        'The wire knows nothing of its users.',
      ),
    ],
  },
  {
    files: ['src/vsphere/**'],
    ignores: ['src/vsphere/vim/**', 'src/vsphere/soap/**'],
    patterns: [
      vscode,
      from(['servers', 'operations', 'simulator', 'ui'], 'The client implements the domain and knows no user of it.'),
    ],
  },
  {
    files: ['src/servers/**'],
    patterns: [
      vscode,
      from(['operations', 'simulator', 'ui'], 'Servers are below operations and views.'),
      from(['vsphere/vim', 'vsphere/soap', 'vsphere/property'], 'Use what src/vsphere/index.ts offers.'),
    ],
  },
  {
    files: ['src/operations/**'],
    patterns: [
      node,
      vscode,
      from(
        ['vsphere', 'servers', 'simulator', 'ui'],
        'Operations speak to the domain only, whoever asks and whatever runs them.',
      ),
    ],
  },
  {
    files: ['src/journal/**'],
    patterns: [
      vscode,
      from(
        ['vsphere', 'servers', 'simulator', 'ui'],
        'Keeps what operations hand over in files, and knows nothing of who asks or of servers.',
      ),
    ],
  },
  {
    files: ['src/simulator/**'],
    patterns: [
      vscode,
      from(
        ['hypervisor', 'vsphere/property', 'servers', 'operations', 'ui', 'transport'],
        'The simulator shares with the client the schema and the codec only, so that it can prove the client wrong.',
      ),
    ],
  },
  {
    files: ['src/webview/protocol/**'],
    patterns: [
      node,
      vscode,
      from(
        ['common', 'hypervisor', 'vsphere', 'servers', 'operations', 'simulator', 'ui', 'grid', 'views'],
        'The protocol is all that the page and the extension share, and knows neither.',
      ),
    ],
  },
  {
    files: ['src/webview/**'],
    ignores: ['src/webview/protocol/**'],
    patterns: [
      node,
      vscode,
      from(
        ['common', 'hypervisor', 'vsphere', 'servers', 'operations', 'simulator', 'ui'],
        'The page draws what it is told and knows nothing of where that comes from.',
      ),
    ],
  },
  {
    files: ['src/ui/text/**'],
    patterns: [
      node,
      vscode,
      from(['vsphere', 'simulator', 'servers'], 'What a person reads is made from the domain alone.'),
    ],
  },
  {
    files: ['src/ui/**'],
    ignores: ['src/ui/text/**'],
    patterns: [
      node,
      from(['vsphere', 'simulator'], 'Views see a hypervisor, not vSphere; only src/app.ts starts the simulator.'),
    ],
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'out/', '**/node_modules/', 'test/fixtures/', '.vscode-test/'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 500 }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
        {
          selector: 'ImportDeclaration[source.value="zod/mini"] > ImportSpecifier[imported.name="z"]',
          message: 'Write import * as z: by its name all of zod gets into the bundle, in every language, 400 kB.',
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: false } },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unnecessary-condition': 'error',
      '@typescript-eslint/no-unnecessary-type-arguments': 'error',
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/return-await': ['error', 'always'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/unbound-method': 'error',
    },
  },
  ...layers.map(({ files, ignores, patterns }) => ({
    files,
    ...(ignores !== undefined && { ignores }),
    rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, keytar] }] },
  })),
  { files: ['src/servers/keytarLoader.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [vscode] }] } },
  {
    files: ['scripts/**', 'test/**', 'bench/**', 'src/simulator/cli.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: {
        exports: 'readonly',
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'no-console': 'off',
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      'no-restricted-syntax': 'off',
    },
  },
);
