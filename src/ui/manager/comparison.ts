import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { isCancelled, LinkedAbort } from '../../common/cancellation';
import type { Logger } from '../../common/logger';
import type { HypervisorConnection } from '../../hypervisor/connection';
import { HypervisorError } from '../../hypervisor/errors';
import type { ObjectId, ServerId, SnapshotId } from '../../hypervisor/model/ids';
import { findSnapshot } from '../../hypervisor/model/snapshotTree';
import type { Formats } from '../text/formats';
import { configurationText } from '../text/manager/configurationText';
import { nameInSentence } from '../text/names';
import type { ServerDirectory } from '../tree/serverDirectory';
import { comparisonScheme } from './comparisonScheme';

/** What a document is about. Looked up among what is known before anything is read. */
const documentOf = z.strictObject({
  server: z.string(),
  vm: z.string(),
  /** Left out for the present state. */
  snapshot: z.optional(z.string()),
});

export interface ComparisonServices {
  readonly directory: ServerDirectory;
  readonly formats: Formats;
  readonly logger: Logger;
  /** To be fired for a document that has to be read again. */
  readonly changed: Pick<vscode.EventEmitter<vscode.Uri>, 'fire'>;
}

/**
 * Shows how the configuration of a VM differs between two snapshots, or between a snapshot and now, in the editor's own
 * diff. The documents are read from the server when they are shown, and are nowhere else.
 */
export class Comparison {
  constructor(private readonly services: ComparisonServices) {}

  /** Opens the diff, the present state (undefined) or the younger snapshot on the right. */
  async show(
    connection: HypervisorConnection,
    vmId: ObjectId,
    left: SnapshotId | undefined,
    right: SnapshotId | undefined,
  ): Promise<void> {
    const [leftUri, rightUri] = [left, right].map((id) => this.uriOf(connection, vmId, id)) as [vscode.Uri, vscode.Uri];
    // A diff that is open already shows what was read then.
    this.services.changed.fire(leftUri);
    this.services.changed.fire(rightUri);
    const title = vscode.l10n.t(
      '{0}: {1} ↔ {2}',
      nameInSentence(connection.inventory.vm(vmId)?.name ?? ''),
      this.stateName(connection, vmId, left),
      this.stateName(connection, vmId, right),
    );
    await vscode.commands.executeCommand('vscode.diff', leftUri, rightUri, title, { preview: true });
  }

  /** The text of one side. */
  async read(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const about = readQuery(uri);
    const connection = this.services.directory.all().find(({ id }) => id === about?.server);
    const vm = connection?.inventory.vm((about?.vm ?? '') as ObjectId);
    if (about === undefined || connection === undefined || vm === undefined) {
      return vscode.l10n.t('This configuration can be shown while its server is connected and the VM exists.');
    }
    const snapshotId = about.snapshot as SnapshotId | undefined;
    const snapshot = findSnapshot(vm.snapshots, snapshotId);
    if (snapshotId !== undefined && snapshot === undefined) {
      return vscode.l10n.t('The snapshot no longer exists.');
    }
    const abort = new LinkedAbort();
    const cancellation = token.onCancellationRequested(() => {
      abort.dispose();
    });
    try {
      return configurationText(await connection.client().readConfiguration(vm.id, snapshotId, abort.signal));
    } catch (error) {
      if (isCancelled(error)) {
        return '';
      }
      if (!(error instanceof HypervisorError)) {
        throw error;
      }
      this.services.logger.warn(`a configuration of ${vm.id} could not be read: ${error.message}`);
      return error.say({ vmName: nameInSentence(vm.name), serverLabel: nameInSentence(connection.label) });
    } finally {
      cancellation.dispose();
    }
  }

  private uriOf(connection: HypervisorConnection, vmId: ObjectId, snapshotId: SnapshotId | undefined): vscode.Uri {
    const name = `${this.stateName(connection, vmId, snapshotId)}`.replace(/[/\\?#]/g, '-');
    return vscode.Uri.from({
      scheme: comparisonScheme,
      // Only for the eye: what it is about stands in the query.
      path: `/${name}`,
      query: JSON.stringify({
        server: connection.id,
        vm: vmId,
        ...(snapshotId !== undefined && { snapshot: snapshotId }),
      }),
    });
  }

  private stateName({ inventory }: HypervisorConnection, vmId: ObjectId, snapshotId: SnapshotId | undefined): string {
    if (snapshotId === undefined) {
      return vscode.l10n.t('Present state');
    }
    const vm = inventory.vm(vmId);
    const snapshot = vm && findSnapshot(vm.snapshots, snapshotId);
    if (vm === undefined || snapshot === undefined) {
      return vscode.l10n.t('Snapshot');
    }
    return `${nameInSentence(snapshot.name)} (${this.services.formats.dateTime(snapshot.createdAtMs)})`;
  }
}

function readQuery(uri: vscode.Uri): { server: ServerId; vm: string; snapshot?: string | undefined } | undefined {
  try {
    const read = z.safeParse(documentOf, JSON.parse(uri.query));
    return read.success ? { ...read.data, server: read.data.server as ServerId } : undefined;
  } catch {
    // Somebody has made up an address.
    return undefined;
  }
}
