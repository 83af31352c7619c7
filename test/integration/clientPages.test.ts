import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { HypervisorClient } from '../../src/hypervisor/client';
import { encodeResponse } from '../../src/vsphere/soap/envelope';
import {
  CancelRetrievePropertiesEx,
  ContinueRetrievePropertiesEx,
  CreateFilter,
  CreatePropertyCollector,
  DestroyPropertyCollector,
  RetrievePropertiesEx,
} from '../../src/vsphere/vim/property';
import { ManagedObjectReference, type MethodType } from '../../src/vsphere/vim/schema';
import { CreateContainerView, DestroyView } from '../../src/vsphere/vim/service';
import { connectAs, RecordingSink } from '../support/clientRig';
import { eventually } from '../support/eventually';
import { ScriptedVcenter } from '../support/scriptedVcenter';

/** A page with one folder. */
function page(method: MethodType, number: number, isLast: boolean): string {
  return encodeResponse(method, {
    ...(!isLast && { token: `token-${number}` }),
    objects: [
      {
        obj: new ManagedObjectReference('Datacenter', `datacenter-${number}`),
        propSet: [{ name: 'name', val: `DC${number}` }],
        missingSet: [],
      },
    ],
  });
}

describe('pages of a first picture', () => {
  let vcenter: ScriptedVcenter;
  let client: HypervisorClient;
  let abort: AbortController;
  let sink: RecordingSink;
  let watching: Promise<void>;

  beforeEach(async () => {
    vcenter = await ScriptedVcenter.start();
    const view = new ManagedObjectReference('ContainerView', 'view-1');
    vcenter.on(CreateContainerView, () => ({ result: view }));
    vcenter.on(CreatePropertyCollector, () => ({ result: new ManagedObjectReference('PropertyCollector', 'own') }));
    for (const method of [DestroyView, DestroyPropertyCollector, CancelRetrievePropertiesEx]) {
      vcenter.on(method, () => ({ result: undefined }));
    }
    vcenter.on(CreateFilter, () => ({ raw: () => undefined }));
    client = await connectAs(vcenter);
    abort = new AbortController();
    sink = new RecordingSink();
  });
  afterEach(async () => {
    abort.abort();
    await watching;
    await client.close();
    await vcenter.close();
  });

  function watch(): void {
    watching = client.watchInventory(sink, abort.signal).catch((error: unknown) => {
      assert.ok(abort.signal.aborted, String(error));
    });
  }

  it('are asked for, one ahead, while the page before still comes in', async () => {
    const open: ServerResponse[] = [];
    const begin =
      (text: string) =>
      (response: ServerResponse): void => {
        open.push(response);
        // The token stands at the beginning; the rest keeps the client waiting.
        response.writeHead(200, { 'Content-Type': 'text/xml' }).write(text.slice(0, -40));
      };
    vcenter.on(RetrievePropertiesEx, () => ({ raw: begin(page(RetrievePropertiesEx, 1, false)) }));
    let pages = 1;
    vcenter.on(ContinueRetrievePropertiesEx, ({ args }) => {
      assert.equal(args['token'], `token-${pages}`);
      return { raw: begin(page(ContinueRetrievePropertiesEx, ++pages, pages === 3)) };
    });
    const finish = (index: number, method: MethodType, isLast = false): void => {
      open[index]?.end(page(method, index + 1, isLast).slice(-40));
    };
    watch();
    await eventually('the second page to be asked for', () => open.length === 2);
    assert.deepEqual(sink.calls, ['begin']);
    finish(0, RetrievePropertiesEx);
    await eventually('the third page to be asked for', () => open.length === 3);
    assert.deepEqual(sink.calls, ['begin', 'put']);
    assert.equal(vcenter.count(ContinueRetrievePropertiesEx), 2);
    finish(1, ContinueRetrievePropertiesEx);
    finish(2, ContinueRetrievePropertiesEx, true);
    await eventually('the whole picture', () => sink.count('complete') === 1);
    assert.deepEqual([...sink.objects.values()].map(({ name }) => name).sort(), ['DC1', 'DC2', 'DC3']);
    assert.equal(vcenter.count(CancelRetrievePropertiesEx), 0);
  });

  it('that are not wanted any more are cancelled by the last token', async () => {
    vcenter.on(RetrievePropertiesEx, () => ({
      raw: (response) =>
        response.writeHead(200, { 'Content-Type': 'text/xml' }).end(page(RetrievePropertiesEx, 1, false)),
    }));
    vcenter.on(ContinueRetrievePropertiesEx, () => ({ raw: () => undefined }));
    watch();
    await eventually('the second page to be asked for', () => vcenter.count(ContinueRetrievePropertiesEx) === 1);
    abort.abort();
    await eventually('the rest to be cancelled', () => vcenter.count(CancelRetrievePropertiesEx) === 1);
    assert.equal(vcenter.calls.find(({ method }) => method === CancelRetrievePropertiesEx)?.args['token'], 'token-1');
    assert.equal(sink.count('complete'), 0);
  });
});
