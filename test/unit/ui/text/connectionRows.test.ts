import assert from 'node:assert/strict';
import type { ConnectionState } from '../../../../src/hypervisor/connection';
import {
  CertificateError,
  type CertificateProblem,
  type ErrorKind,
  HypervisorError,
  type NextStep,
} from '../../../../src/hypervisor/errors';
import { describeNotice, describeServer, noticeText } from '../../../../src/ui/text/connectionRows';
import type { RowDescription } from '../../../../src/ui/text/rowContext';
import type { NoticeNode } from '../../../../src/ui/text/treeNode';
import { testNowMs, vm } from '../../../support/domainBuilders';
import { connectionWith, rowContext, serverFacts } from '../../../support/rowFixtures';
import type { ScriptedConnection } from '../../../support/scriptedHypervisor';

const sinceMs = testNowMs - 3_780_000;

function error(kind: ErrorKind, nextStep?: NextStep): HypervisorError {
  return new HypervisorError(
    kind,
    'for the log',
    ({ serverLabel, userName }) => `Sentence for ${userName} on ${serverLabel}.`,
    nextStep === undefined ? {} : { nextStep },
  );
}

function certificateError(problem: CertificateProblem): CertificateError {
  const certificate = { subject: 's', issuer: 'i', validFromMs: 0, validToMs: 1, sha256: 'AA' };
  return new CertificateError(problem, certificate, undefined, 'for the log', () => 'Not trusted.');
}

function server(state: ConnectionState, prepare?: (connection: ScriptedConnection) => void): RowDescription {
  const connection = connectionWith(vm('vm-1'), vm('vm-2'));
  connection.setState(state);
  prepare?.(connection);
  return describeServer({ kind: 'server', connection }, rowContext());
}

describe('rows: servers', () => {
  it('counts the VMs of a live server and names the account', () => {
    assert.deepEqual(server({ kind: 'live' }), {
      label: 'vc-paris',
      description: '2 VMs · jdoe',
      iconId: 'server',
      contextValue: ';server;live;saved;writable;password;',
      accessibilityLabel: 'vc-paris, server, 2 VMs · jdoe',
      collapsible: 'expanded',
    });
  });

  it('groups the digits of a large inventory, and says one VM in the singular', () => {
    const many = connectionWith(...Array.from({ length: 1_412 }, (_, index) => vm(`vm-${index}`)));
    assert.equal(describeServer({ kind: 'server', connection: many }, rowContext()).description, '1,412 VMs · jdoe');
    const one = connectionWith(vm('vm-1'));
    assert.equal(describeServer({ kind: 'server', connection: one }, rowContext()).description, '1 VM · jdoe');
  });

  it('says in words how the connection stands', () => {
    const rows = (
      [
        { kind: 'disconnected' },
        { kind: 'connecting' },
        { kind: 'loading' },
        { kind: 'reconnecting', sinceMs, attempt: 1, error: error('connectionLost') },
        { kind: 'failed', sinceMs, error: error('loginRefused') },
        { kind: 'failed', sinceMs, error: error('passwordNeeded') },
        { kind: 'failed', sinceMs, error: error('noAnswer') },
        { kind: 'failed', sinceMs, error: error('notAServer') },
        { kind: 'failed', sinceMs, error: error('unsupportedVersion') },
        { kind: 'failed', sinceMs, error: certificateError('untrusted') },
        { kind: 'failed', sinceMs, error: certificateError('changed') },
      ] satisfies ConnectionState[]
    ).map((state) => server(state));
    assert.deepEqual(
      rows.map(({ description, iconId }) => `${iconId}: ${description}`),
      [
        'debug-disconnect: not connected',
        'loading~spin: connecting...',
        'loading~spin: reading: 2 VMs',
        'debug-disconnect: offline since 14:02',
        'error: sign-in needed',
        'error: sign-in needed',
        'error: offline since 14:02',
        'error: not a vSphere server',
        'error: version not supported',
        'error: certificate not trusted',
        'error: certificate has changed',
      ],
    );
    assert.deepEqual(
      rows.map(({ contextValue }) => contextValue.split(';')[2]),
      ['disconnected', 'connecting', 'connecting', 'offline', ...Array<string>(7).fill('failed')],
    );
  });

  it('says of protected and read-only servers that they are', () => {
    const row = server({ kind: 'live' }, (connection) => {
      connection.isProtected = true;
      connection.isReadOnly = true;
    });
    assert.equal(row.description, 'read-only · 2 VMs · jdoe');
    assert.equal(row.contextValue, ';server;live;saved;readonly;protected;password;');
    assert.equal(row.accessibilityLabel, 'vc-paris, server, 2 VMs · jdoe, read-only, protected');
  });

  it('marks the demo, which has nothing to save', () => {
    const connection = connectionWith(vm('vm-1'));
    const facts = (): typeof serverFacts => ({ ...serverFacts, isDemo: true, passwordStore: undefined });
    const row = describeServer({ kind: 'server', connection }, rowContext({ facts }));
    assert.equal(row.description, 'demo · 1 VM · jdoe');
    assert.equal(row.contextValue, ';server;live;demo;writable;');
    assert.match(row.accessibilityLabel, /^vc-paris, demo server,/);
  });

  it('shortens accounts by their domain', () => {
    const shown = (userName: string): string => {
      const connection = Object.assign(connectionWith(), { userName });
      return describeServer({ kind: 'server', connection }, rowContext()).description.replace('0 VMs · ', '');
    };
    assert.deepEqual(['CORP\\jdoe', 'administrator@vsphere.local', 'root', '@odd', 'CORP\\'].map(shown), [
      'jdoe',
      'administrator',
      'root',
      '@odd',
      'CORP\\',
    ]);
  });
});

describe('rows: notices', () => {
  function notice(kind: NoticeNode['notice'], state: ConnectionState): NoticeNode {
    const connection = connectionWith();
    connection.setState(state);
    return { kind: 'notice', connection, notice: kind };
  }

  it('says what goes on while there is nothing to show', () => {
    assert.equal(noticeText(notice('loading', { kind: 'connecting' })).sentence, 'Connecting...');
    assert.equal(noticeText(notice('loading', { kind: 'loading' })).sentence, 'Reading the inventory...');
    assert.equal(noticeText(notice('noVms', { kind: 'live' })).sentence, "No virtual machines are visible to 'jdoe'.");
    assert.equal(noticeText(notice('notConnected', { kind: 'disconnected' })).sentence, "Not connected to 'vc-paris'.");
  });

  it('tells an error in its own sentence, with the names that it may use', () => {
    const node = notice('error', { kind: 'failed', sinceMs, error: error('noAnswer', 'retry') });
    assert.deepEqual(describeNotice(node), {
      label: 'Sentence for jdoe on vc-paris.',
      description: '',
      iconId: 'error',
      iconColor: 'list.errorForeground',
      contextValue: ';notice;retryConnection;editServer;showLog;',
      accessibilityLabel: 'Sentence for jdoe on vc-paris.',
      collapsible: 'none',
    });
  });

  it('offers what helps, the most likely first', () => {
    const commands = (failure: HypervisorError): readonly string[] =>
      noticeText(notice('error', { kind: 'failed', sinceMs, error: failure })).commands;
    assert.deepEqual(commands(error('nameNotFound', 'editServer')), ['editServer', 'retryConnection', 'showLog']);
    assert.deepEqual(commands(error('noAnswer', 'retry')), ['retryConnection', 'editServer', 'showLog']);
    assert.deepEqual(commands(error('passwordNeeded', 'enterPassword')), ['enterPassword', 'editServer', 'showLog']);
    assert.deepEqual(commands(error('passwordUnavailable', 'enterPassword')), [
      'retryConnection',
      'enterPassword',
      'showLog',
    ]);
    assert.deepEqual(commands(certificateError('changed')), ['reviewCertificate', 'editServer', 'showLog']);
    assert.deepEqual(commands(error('server')), ['retryConnection', 'editServer', 'showLog']);
  });

  it('never offers to try a refused password again', () => {
    const node = notice('error', { kind: 'failed', sinceMs, error: error('loginRefused', 'retry') });
    assert.deepEqual(noticeText(node).commands, ['enterPassword', 'editServer', 'showLog']);
  });

  it('says that it connects when the error has gone between two looks', () => {
    assert.equal(noticeText(notice('error', { kind: 'live' })).sentence, 'Connecting...');
  });
});
