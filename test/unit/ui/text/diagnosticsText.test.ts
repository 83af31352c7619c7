import assert from 'node:assert/strict';
import { type DiagnosticsFacts, diagnosticsText } from '../../../../src/ui/text/diagnosticsText';

const facts: DiagnosticsFacts = {
  collectedAtMs: Date.UTC(2026, 10, 22, 14, 5),
  versions: { 'vSphere Snapshots': '0.1.0', 'VS Code': '1.139.1' },
  servers: [
    {
      label: 'vc-paris',
      product: 'vCenter 8.0.3',
      state: 'live',
      vmCount: 71,
      isDemo: true,
      trust: 'pinned',
      isReadOnly: true,
    },
    {
      label: 'vc-rome',
      product: undefined,
      state: 'failed',
      vmCount: 0,
      isDemo: false,
      trust: undefined,
      isReadOnly: false,
    },
  ],
  changedSettings: new Map<'bulk.maxVms' | 'connection.caFile', unknown>([
    ['bulk.maxVms', 7],
    ['connection.caFile', '/home/jdoe/ca.pem'],
  ]),
  log: 'first\n\nlast\n',
  journal: '',
};

describe('diagnostics as a text', () => {
  it('say by sections what matters, and what is in them', () => {
    const [advice, content, , title, ...rest] = diagnosticsText(facts).split('\n');
    assert.match(advice ?? '', /^Read this before /);
    assert.match(content ?? '', /^Passwords and sessions are not in it\./);
    assert.equal(title, 'vSphere Snapshots, diagnostics of 2026-11-22T14:05:00.000Z');
    const from = rest.indexOf('Versions');
    assert.deepEqual(rest.slice(from), [
      'Versions',
      '========',
      'vSphere Snapshots: 0.1.0',
      'VS Code: 1.139.1',
      '',
      'Servers',
      '=======',
      'vc-paris: vCenter 8.0.3, live, 71 VMs, certificate pinned, demo, read-only',
      'vc-rome: failed, 0 VMs',
      '',
      'Settings that were changed',
      '==========================',
      'bulk.maxVms: 7',
      'connection.caFile: (a file)',
      '',
      'Log of this window',
      '==================',
      'first',
      'last',
      '',
      'Journal of operations',
      '=====================',
      'none',
      '',
    ]);
  });

  it('leave out what the person has left out', () => {
    const text = diagnosticsText({ ...facts, log: undefined, journal: undefined });
    assert.doesNotMatch(text, /^(Log of|Journal of)/m);
  });
});
