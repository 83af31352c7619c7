import { targetOf, type Target } from '../clients/target';
import { call } from './call';
import { follow } from './follow';
import { load } from './load';
import { several } from './several';

// What can only be seen from inside of the process that holds the store. Prints one JSON object.
//   INSIDE=load|follow|call [CONTROL='{"url","token"}'] node --expose-gc inside.js URL USER PASSWORD SHA256
//   INSIDE=several SERVERS='[…]' node inside.js

const ofOneServer: Readonly<Record<string, (target: Target) => Promise<object>>> = { load, follow, call };

async function main(): Promise<void> {
  const job = process.env['INSIDE'] ?? '';
  const result = job === 'several' ? await several() : await ofOneServer[job]?.(targetOf(process.argv));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  // A server that never answers must not keep it.
  process.exit();
}

void main();
