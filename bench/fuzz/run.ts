// Holds the XML reader against saxes on damaged documents, and gives the other parsers what is nearly right.
//   npm run fuzz -- [--runs 200000] [--seed N]
import { parseArgs } from 'node:util';
import { fuzzParsers } from '../../test/support/parserFuzz';
import { fuzzXmlReader } from '../../test/support/xmlFuzz';

const progressEvery = 20_000;

function main(): void {
  const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
  const runs = Number(values.runs ?? '200000');
  const seed = Number(values.seed ?? String(Date.now() % 2 ** 31));
  if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) {
    throw new Error('--runs and --seed take whole numbers.');
  }
  console.log(`${runs} documents, seed ${seed}`);
  const { compared, accepted } = fuzzXmlReader(runs, seed, (done) => {
    if (done % progressEvery === 0) {
      console.log(`  ${done}`);
    }
  });
  console.log(`${compared} compared, ${accepted} of them well-formed: no disagreement`);
  // There is less to go wrong in them.
  for (const outcome of fuzzParsers(Math.ceil(runs / 10), seed)) {
    console.log(`${outcome.parser}: ${outcome.accepted} accepted, ${outcome.refused} refused`);
  }
}

main();
