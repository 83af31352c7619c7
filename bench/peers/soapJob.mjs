/* global fetch, Buffer, performance */
// What the jobs on `fetch` have in common: the calls, unpaged, as a careful user of these libraries would write them.
import { paths } from './facts.mjs';

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');
process.on('warning', () => undefined);

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Signs in, gives the reply that holds every VM, as bytes, to `read`, and signs out. */
export async function runJob(read) {
  const [url, user, password] = process.argv.slice(2);
  let cookie;
  const call = async (body) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'text/xml; charset="utf-8"',
        SOAPAction: 'urn:vim25/7.0',
        ...(cookie !== undefined && { Cookie: cookie }),
      },
      body:
        '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soapenv:Body>' +
        `${body}</soapenv:Body></soapenv:Envelope>`,
    });
    if (response.status !== 200) {
      throw new Error(`HTTP ${response.status}: ${(await response.text()).slice(0, 500)}`);
    }
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return Buffer.from(await response.arrayBuffer());
  };
  const method = (name, type, id, body) =>
    call(`<${name} xmlns="urn:vim25"><_this type="${type}">${id}</_this>${body}</${name}>`);

  const content = (await method('RetrieveServiceContent', 'ServiceInstance', 'ServiceInstance', '')).toString();
  const id = (name) => new RegExp(`<${name}[^>]*>([^<]*)<`).exec(content)[1];
  const session = id('sessionManager');
  await method(
    'Login',
    'SessionManager',
    session,
    `<userName>${escape(user)}</userName><password>${escape(password)}</password>`,
  );
  const made = await method(
    'CreateContainerView',
    'ViewManager',
    id('viewManager'),
    `<container type="Folder">${id('rootFolder')}</container><type>VirtualMachine</type><recursive>true</recursive>`,
  );
  const view = /<returnval[^>]*>([^<]*)</.exec(made.toString())[1];
  const reply = await method(
    'RetrievePropertiesEx',
    'PropertyCollector',
    id('propertyCollector'),
    `<specSet><propSet><type>VirtualMachine</type>${paths.map((path) => `<pathSet>${path}</pathSet>`).join('')}</propSet>` +
      `<objectSet><obj type="ContainerView">${view}</obj><skip>true</skip><selectSet xsi:type="TraversalSpec"><name>v</name>` +
      '<type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet></specSet><options></options>',
  );
  const started = performance.now();
  const line = read(reply);
  // The thread does nothing else meanwhile.
  console.error(`block ${(performance.now() - started).toFixed(1)}`);
  const signOut = () => method('Logout', 'SessionManager', session, '');
  // While the thread reads, a server may close a connection that looks idle, and `fetch` finds out too late.
  await signOut().catch(signOut);
  console.log(line);
}
