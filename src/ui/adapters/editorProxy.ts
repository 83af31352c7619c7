import * as vscode from 'vscode';

/**
 * Whether the editor is set to reach a host through a proxy.
 *
 * @remarks Knows the editor's own settings. A proxy that only the operating system is set to use is not told to
 * extensions: whoever needs it sets the transport to `editor`.
 * @param environment - variables of the process, in which a proxy may be named, too
 */
export function editorUsesProxy(host: string, environment: Readonly<Record<string, string | undefined>>): boolean {
  const http = vscode.workspace.getConfiguration('http');
  if (http.get<string>('proxySupport') === 'off') {
    return false;
  }
  const proxy =
    textOf(http.get<unknown>('proxy')) ??
    textOf(environment['https_proxy']) ??
    textOf(environment['HTTPS_PROXY']) ??
    textOf(environment['http_proxy']) ??
    textOf(environment['HTTP_PROXY']);
  return (
    proxy !== undefined && !exceptions(http.get<unknown>('noProxy'), environment).some((each) => covers(each, host))
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function exceptions(setting: unknown, environment: Readonly<Record<string, string | undefined>>): string[] {
  const set = Array.isArray(setting) ? setting.flatMap((each) => textOf(each) ?? []) : [];
  if (set.length > 0) {
    return set;
  }
  const variable = textOf(environment['no_proxy']) ?? textOf(environment['NO_PROXY']) ?? '';
  return variable.split(/[\s,]+/).filter((each) => each !== '');
}

/** `corp.example`, `.corp.example` and `*.corp.example` all stand for the domain and everything in it. */
function covers(exception: string, host: string): boolean {
  if (exception === '*') {
    return true;
  }
  const domain = exception
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}
