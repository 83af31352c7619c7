/** Where the page finds what belongs to it, as addresses of the webview. */
export interface PageResources {
  /** Source expression of a policy for everything that the editor serves to the page. */
  readonly cspSource: string;
  readonly script: string;
  readonly styles: string;
  /** Of the editor, as BCP 47. */
  readonly language: string;
  /** Another one for each page, so that nothing else can run in it. */
  readonly nonce: string;
}

/**
 * The page of a panel: two files and no content. What it shows comes by messages, never as markup.
 *
 * @remarks No inline style, no inline script, no picture, no connection to anywhere.
 */
export function managerHtml({ cspSource, script, styles, language, nonce }: PageResources): string {
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="stylesheet" href="${attribute(styles)}">
<title>vSphere Snapshots</title>
</head>
<body>
<div id="app"></div>
<script nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
