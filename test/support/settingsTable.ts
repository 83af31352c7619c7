import type { Manifest, ManifestSetting } from './manifest';

const prefix = 'vsphereSnapshots.';

/** The settings of the product as a table in Markdown, in the order in which the Settings editor shows them. */
export function settingsTable({ contributes }: Manifest, texts: Readonly<Record<string, string>>): string {
  const text = (key: string): string => {
    const found = texts[key.replace(/^%|%$/g, '')];
    if (found === undefined) {
      throw new Error(`package.nls.json has no ${key}.`);
    }
    return found;
  };
  const rows = contributes.configuration
    .flatMap(({ properties }) => Object.entries(properties))
    .map(
      ([id, setting]) =>
        `| \`${id.slice(prefix.length)}\` | ${defaultOf(setting)} | ${cell([text(setting.markdownDescription), ...choices(setting, text)].join('<br>'))} |`,
    );
  return ['| `vsphereSnapshots.` + | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf({ default: value, minimum, maximum }: ManifestSetting): string {
  const texts = Array.isArray(value) ? value.map(String) : [String(value)];
  const shown = texts.map((each) => (each === '' ? 'empty' : `\`${each}\``)).join(', ');
  const range = minimum === undefined || maximum === undefined ? '' : ` (${minimum} to ${maximum})`;
  return cell(`${shown === '' ? 'none' : shown}${range}`);
}

function choices(setting: ManifestSetting, text: (key: string) => string): string[] {
  const descriptions = setting.markdownEnumDescriptions ?? [];
  return (setting.enum ?? []).map((value, index) => `\`${value}\`: ${text(descriptions[index] ?? '')}`);
}

function cell(markdown: string): string {
  return markdown.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
